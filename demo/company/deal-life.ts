import type { Calendar } from './calendar.ts';
import type { Deal, StageName, Step } from './model.ts';
import type { Segment } from './names.ts';
import type { Random } from './random.ts';
import { moment } from './rhythm.ts';

/** Median days from creation to a win. */
const cycleDays: Record<Segment, number> = { SMB: 27, 'Mid-Market': 50, Enterprise: 84 };

export const openStages = ['Prospecting', 'Qualification', 'Proposal', 'Negotiation'] as const;

export const stageFacts: Record<
  StageName,
  { probability: number; category: string; historyCategory: string }
> = {
  Prospecting: { probability: 10, category: 'Pipeline', historyCategory: 'Pipeline' },
  Qualification: { probability: 25, category: 'Pipeline', historyCategory: 'Pipeline' },
  Proposal: { probability: 50, category: 'Best Case', historyCategory: 'BestCase' },
  Negotiation: { probability: 75, category: 'Commit', historyCategory: 'Forecast' },
  'Closed Won': { probability: 100, category: 'Closed', historyCategory: 'Closed' },
  'Closed Lost': { probability: 0, category: 'Omitted', historyCategory: 'Omitted' },
};

/** How long this deal will take, in days. Existing customers decide faster. */
export function drawCycle(random: Random, segment: Segment, existing: boolean): number {
  return Math.max(2, Math.round(random.lognormal(cycleDays[segment] * (existing ? 0.6 : 1), 0.42)));
}

/**
 * The stages of a deal from its creation to its close, or to the anchor day if it is still open then:
 * stages may be skipped, amounts move once on the way, close dates slip.
 */
export function liveDeal(
  random: Random,
  calendar: Calendar,
  deal: Pick<Deal, 'outcome' | 'createdAt'>,
  plan: { closeDay: number; amount: number; segment: Segment; lostEarly: boolean },
): Step[] {
  const created = calendar.dayOf(deal.createdAt);
  const length = plan.closeDay - created;
  const lastStage = plan.lostEarly ? 1 + random.int(3) : 3;
  const firstAmount = Math.round(plan.amount * random.between(0.75, 1.2));
  let expected = calendar.workday(created + Math.round(cycleDays[plan.segment] * random.between(0.7, 1.15)));
  const steps: Step[] = [
    {
      stage: 'Prospecting',
      at: deal.createdAt,
      amount: firstAmount,
      closeDay: Math.max(expected, created + 3),
    },
  ];
  let previous = deal.createdAt;

  for (let s = 1; s <= lastStage; s++) {
    if (s === 1 && random.chance(0.1)) continue;
    const share = (s / (lastStage + 1)) * random.between(0.8, 1.15);
    const day = calendar.workday(created + Math.floor(length * share));
    if (day > calendar.anchor || day >= plan.closeDay) break;
    const at = Math.max(previous + 60_000, moment(random, calendar, day));
    if (at > calendar.end) break;
    if (day > expected - 4) expected = calendar.dayOf(at) + 7 + random.int(21);
    const amount = s >= 2 ? plan.amount : firstAmount;
    steps.push({ stage: openStages[s]!, at, amount, closeDay: expected });
    previous = at;
    // A date that is pushed without a change of stage leaves a row of its own.
    if (random.chance(0.1)) {
      const slipAt = moment(random, calendar, calendar.workday(calendar.dayOf(at) + 2));
      if (slipAt > previous && slipAt <= calendar.end && calendar.dayOf(slipAt) < plan.closeDay) {
        expected += 10 + random.int(25);
        steps.push({ stage: openStages[s]!, at: slipAt, amount, closeDay: expected });
        previous = slipAt;
      }
    }
  }
  if (deal.outcome !== 'open') {
    const at = Math.min(calendar.end, Math.max(previous + 60_000, moment(random, calendar, plan.closeDay)));
    steps.push({
      stage: deal.outcome === 'won' ? 'Closed Won' : 'Closed Lost',
      at,
      amount: deal.outcome === 'won' ? plan.amount : steps[steps.length - 1]!.amount,
      closeDay: calendar.dayOf(at),
    });
  }
  return steps;
}
