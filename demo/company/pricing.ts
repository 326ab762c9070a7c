import type { Plan, Product } from './model.ts';
import type { Segment } from './names.ts';
import type { Random } from './random.ts';

const planOf: Record<Segment, readonly (readonly [Plan, number])[]> = {
  SMB: [
    ['Starter', 68],
    ['Growth', 32],
  ],
  'Mid-Market': [
    ['Growth', 55],
    ['Scale', 45],
  ],
  Enterprise: [
    ['Scale', 28],
    ['Enterprise', 72],
  ],
};

/** Dollars a month: lowest and highest list price with seats. */
const price: Record<Plan, readonly [number, number]> = {
  Starter: [190, 480],
  Growth: [650, 1600],
  Scale: [1900, 4200],
  Enterprise: [5200, 14_000],
};

/** A first plan and its price, cents a month. */
export function drawPlan(random: Random, segment: Segment): { plan: Plan; mrrCents: number } {
  const plan = random.weighted(planOf[segment]);
  const [low, high] = price[plan];
  return { plan, mrrCents: Math.round(random.between(low, high) / 5) * 500 };
}

export function drawProduct(random: Random): Product {
  return random.weighted([
    ['Core', 76],
    ['Analytics', 14],
    ['Connect', 10],
  ]);
}

/** The plan that a price belongs to: an upgrade past the top of one plan is the next plan. */
export function planAt(mrrCents: number, from: Plan): Plan {
  const order: readonly Plan[] = ['Starter', 'Growth', 'Scale', 'Enterprise'];
  const step = order.indexOf(from);
  const next = order[step + 1];
  return next && mrrCents > price[from][1] * 115 ? next : from;
}
