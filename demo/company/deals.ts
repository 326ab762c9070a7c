import { campaignsNear } from './campaigns.ts';
import { drawCycle, liveDeal } from './deal-life.ts';
import { bearFirm, drawSource } from './firms.ts';
import type { Campaign, Company, Deal, Firm, LeadSource, Product } from './model.ts';
import { scaled } from './model.ts';
import type { Region } from './names.ts';
import { drawPlan, drawProduct } from './pricing.ts';
import type { Random } from './random.ts';
import { drawDays, moment, rhythm } from './rhythm.ts';
import { planted } from './stories.ts';

/** Won value per dollar differs by where a deal came from; the mean over all sources is about one. */
const sourceLift: Record<LeadSource, number> = {
  'Paid Search': 0.85,
  'Organic Search': 1,
  Referral: 1.4,
  Event: 1,
  Webinar: 1,
  Outbound: 0.75,
  Partner: 1.2,
};

/** Win probability for a deal that is decided on that day. */
export function winChance(company: Company, region: Region, source: LeadSource, day: number): number {
  const { first, anchor } = company.calendar;
  const along = Math.min(1, Math.max(0, (day - first) / (anchor - first)));
  const { from, to } = planted.apacWin;
  const base = region === 'APAC' ? from + (to - from) * along : planted.otherWin;
  return base * sourceLift[source];
}

/**
 * Decides wins by carrying the fraction over: among n deals of a group exactly Σp are won. Independent draws
 * would bury the planted rates in noise at a fiftieth of the size.
 */
export function createJudge(): (group: string, probability: number, start?: number) => boolean {
  const carried = new Map<string, number>();
  return (group, probability, start = 0.5) => {
    const sum = (carried.get(group) ?? start) + probability;
    carried.set(group, sum >= 1 ? sum - 1 : sum);
    return sum >= 1;
  };
}

export type NewDeal = {
  firm: Firm;
  type: Deal['type'];
  product: Product;
  source: LeadSource;
  campaign: Campaign | null;
  createdAt: number;
  closeDay: number;
  won: boolean;
  mrrCents: number;
};

/** Writes a deal into the model: past its close day when that has come, else as far as it has got. */
export function addDeal(company: Company, random: Random, plan: NewDeal): Deal {
  const { calendar } = company;
  const { firm } = plan;
  const outcome = plan.closeDay > calendar.anchor ? 'open' : plan.won ? 'won' : 'lost';
  // A year's value; some contracts carry a one-off set-up fee, which is why amounts have cents.
  const year = (plan.mrrCents * 12) / 100;
  const amount = random.chance(0.3) ? Math.round(year * random.between(1, 1.08) * 100) / 100 : year;
  const steps = liveDeal(
    random,
    calendar,
    { outcome, createdAt: plan.createdAt },
    {
      closeDay: plan.closeDay,
      amount,
      segment: firm.segment,
      lostEarly: !plan.won,
    },
  );
  // Deals without an amount exist in every CRM: 2.5 % of the won, 6 % of the others.
  if (random.chance(outcome === 'won' ? 0.025 : 0.06)) for (const step of steps) step.amount = null;
  const last = steps[steps.length - 1]!;
  const deal: Deal = {
    id: company.ids.salesforce('Opportunity'),
    name: `${firm.stem} – ${plan.product}${plan.type === 'New Business' ? '' : ' expansion'}`,
    firm,
    owner: firm.owner,
    type: plan.type,
    product: plan.product,
    source: plan.source,
    campaign: plan.campaign,
    createdAt: plan.createdAt,
    steps,
    outcome,
    closedAt: outcome === 'open' ? null : last.at,
    mrrCents: plan.mrrCents,
    lastActivityAt: null,
  };
  firm.deals.push(deal);
  company.deals.push(deal);
  return deal;
}

/** All deals with firms that are not customers yet. Firms are born here: with their first deal. */
export function planNewBusiness(company: Company): void {
  const { calendar } = company;
  const random = company.random('new business');
  const judge = createJudge();
  const total = scaled(company, 5500);
  const firmsWanted = scaled(company, 1500);
  const prospects: Firm[] = [];
  // Not seasonal at both ends: growth from 0.6 to 1.4 of the mean.
  const days = drawDays(random, calendar, total, rhythm(calendar, { from: 0.6, to: 1.4 }));

  days.forEach((day, i) => {
    const createdAt = moment(random, calendar, day);
    const due = Math.floor(((i + 1) / total) * firmsWanted);
    let firm: Firm;
    if (company.firms.length < due || prospects.length === 0) {
      firm = bearFirm(company, random, createdAt, drawSource(random));
      prospects.push(firm);
    } else {
      firm = prospects[random.int(prospects.length)]!;
    }
    const source = random.chance(0.7) ? firm.source : drawSource(random);
    const { campaign, source: finalSource } = attribute(company, random, source, day);
    const closeDay = calendar.workday(day + drawCycle(random, firm.segment, false));
    const story = campaign?.paidOff === true;
    const chance = winChance(company, firm.region, finalSource, closeDay) * (story ? 1.9 : 1);
    // The story's own group starts nearly full, so that its first deal is a win at any scale.
    const won = judge(story ? 'story' : firm.region, chance, story ? 0.9 : 0.5);
    addDeal(company, random, {
      firm,
      type: 'New Business',
      product: drawProduct(random),
      source: finalSource,
      campaign,
      createdAt,
      closeDay: Math.max(closeDay, day + 1),
      won,
      mrrCents: drawPlan(random, firm.segment).mrrCents,
    });
    // A firm that will sign is nobody's prospect any more, even while its deal is still open.
    if (won) prospects.splice(prospects.indexOf(firm), 1);
  });
}

/** The campaign a deal is credited to, if any; while the paid-off series runs it brings deals of its own. */
function attribute(company: Company, random: Random, source: LeadSource, day: number) {
  const near = campaignsNear(company, day);
  const series = near.find((c) => c.paidOff);
  // In a small company chance alone may pass the series by: half-way through, the next deal is its own.
  const overdue =
    series && day > (series.start + series.end) / 2 && !company.deals.some((d) => d.campaign === series);
  if (series && (overdue || random.chance(source === 'Webinar' ? 0.75 : 0.05))) {
    return { campaign: series, source: 'Webinar' as const };
  }
  const fitting = near.filter((c) => c.source === source && !c.paidOff);
  const campaign = fitting.length > 0 && random.chance(0.7) ? random.pick(fitting) : null;
  return { campaign, source };
}
