import { openStages } from '../deal-life.ts';
import { createJudge, winChance } from '../deals.ts';
import type { Company, Deal, Step } from '../model.ts';
import { drawPlan, drawProduct } from '../pricing.ts';
import type { Random } from '../random.ts';
import { writeOpportunity, writeStep } from '../salesforce-deals.ts';
import type { Action } from './action.ts';
import { welcome } from './welcome.ts';

const salesforce = ['salesforce'];

/** An open deal that is still in Salesforce and did not change after `at`. */
function openDeal(company: Company, random: Random, at: number, late: boolean): Deal | null {
  const fits = company.deals.filter((d) => {
    const last = d.steps[d.steps.length - 1]!;
    const early = last.stage === 'Prospecting' || last.stage === 'Qualification';
    return d.outcome === 'open' && last.at < at && (late ? !early : last.stage !== 'Negotiation');
  });
  const deal = fits[random.int(fits.length)];
  const stored = deal && company.salesforce.get('Opportunity', deal.id);
  return deal && stored && !stored.gone && stored.modifiedAt <= at ? deal : null;
}

function step(company: Company, deal: Deal, next: Step): void {
  deal.steps.push(next);
  writeStep(company, deal, next);
  writeOpportunity(company, deal, next.at);
}

const open: Action = (company, random, at) => {
  const day = company.calendar.dayOf(at);
  const prospects = company.firms.filter((f) => !f.customer);
  const firm = random.pick(prospects.length > 0 ? prospects : company.firms);
  const { mrrCents } = drawPlan(random, firm.segment);
  const product = drawProduct(random);
  const deal: Deal = {
    id: company.ids.salesforce('Opportunity'),
    name: `${firm.stem} – ${product}`,
    firm,
    owner: firm.owner,
    type: firm.customer ? 'Existing Business' : 'New Business',
    product,
    source: firm.source,
    campaign: null,
    createdAt: at,
    steps: [],
    outcome: 'open',
    closedAt: null,
    mrrCents,
    lastActivityAt: null,
  };
  company.deals.push(deal);
  firm.deals.push(deal);
  step(company, deal, {
    stage: 'Prospecting',
    at,
    amount: (mrrCents * 12) / 100,
    closeDay: day + 30 + random.int(60),
  });
  return { systems: salesforce, what: `a deal with ${firm.stem} is opened` };
};

const advance: Action = (company, random, at) => {
  const deal = openDeal(company, random, at, false);
  if (!deal) return null;
  const last = deal.steps[deal.steps.length - 1]!;
  const stage = openStages[openStages.indexOf(last.stage as (typeof openStages)[number]) + 1]!;
  const closeDay = Math.max(last.closeDay, company.calendar.dayOf(at) + 5);
  step(company, deal, { stage, at, amount: last.amount, closeDay });
  return { systems: salesforce, what: `${deal.name} moves to ${stage}` };
};

/** Won or lost by the chances of its region; a won deal reaches billing at once. */
const close: Action = (company, random, at) => {
  const deal = openDeal(company, random, at, true);
  // The account changes with a win: not before its own last change.
  if (!deal || company.salesforce.get('Account', deal.firm.accountId)!.modifiedAt > at) return null;
  const day = company.calendar.dayOf(at);
  // Deals this far have survived the early losses: twice the chance of a fresh one.
  const chance = Math.min(0.9, winChance(company, deal.firm.region, deal.source, day) * 2);
  const won = createJudge()('tick', chance, random.next());
  const last = deal.steps[deal.steps.length - 1]!;
  deal.outcome = won ? 'won' : 'lost';
  deal.closedAt = at;
  step(company, deal, { stage: won ? 'Closed Won' : 'Closed Lost', at, amount: last.amount, closeDay: day });
  if (!won) return { systems: salesforce, what: `${deal.name} is lost` };
  welcome(company, random, deal, at);
  return { systems: ['salesforce', 'billing', 'hubspot'], what: `${deal.name} is won` };
};

export const dealActions = [
  [open, 5],
  [advance, 9],
  [close, 6],
] as const;
