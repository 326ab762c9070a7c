import type { Company, Customer } from './model.ts';
import type { Segment } from './names.ts';
import { planAt } from './pricing.ts';
import type { Random } from './random.ts';
import { churnQuarter, planted } from './stories.ts';

/** Chance to leave at each monthly renewal. */
const leaving: Record<Segment, number> = { SMB: 0.028, 'Mid-Market': 0.014, Enterprise: 0.009 };
const annualShare: Record<Segment, number> = { SMB: 0.18, 'Mid-Market': 0.45, Enterprise: 0.85 };

/** Everyone whose first deal was won becomes a customer; who stays and who leaves is settled here. */
export function planCustomers(company: Company): void {
  const { calendar } = company;
  const random = company.random('customers');
  const won = company.deals
    .filter((d) => d.outcome === 'won' && d.type === 'New Business')
    .sort((a, b) => a.closedAt! - b.closedAt!);
  for (const deal of won) {
    const { firm } = deal;
    const start = Math.min(calendar.anchor, calendar.dayOf(deal.closedAt!) + random.int(9));
    const customer: Customer = {
      id: company.ids.billing('cus'),
      firm,
      deal,
      annual: random.chance(annualShare[firm.segment]),
      start,
      churn: null,
      back: null,
      contracts: [],
    };
    customer.churn = drawChurn(company, random, customer);
    firm.customer = customer;
    company.customers.push(customer);
  }
  raiseStoryChurn(company);
  for (const customer of company.customers) signFirst(company, random, customer);
}

/** The first unpaid day, at a renewal; null when the customer is still there on the anchor day. */
function drawChurn(company: Company, random: Random, customer: Customer): number | null {
  const { calendar } = company;
  const quarter = churnQuarter(calendar);
  const { segment } = customer.firm;
  const step = customer.annual ? 12 : 1;
  for (let month = step; ; month += step) {
    const renewal = calendar.monthsAfter(customer.start, month);
    if (renewal > calendar.anchor) return null;
    const harder =
      segment === 'SMB' && renewal >= quarter.start && renewal < quarter.end ? planted.churnElsewhere : 1;
    // A yearly renewal carries the year's risk, a little less: who pays ahead is more committed.
    const risk = customer.annual ? 1 - (1 - leaving[segment] * 0.8) ** 12 : leaving[segment];
    if (random.chance(risk * harder)) return renewal;
  }
}

/** First story: brings the EMEA SMB customers who leave in the quarter up to the planted share. */
function raiseStoryChurn(company: Company): void {
  const { calendar } = company;
  const { start, end } = churnQuarter(calendar);
  const random = company.random('churn story');
  const there = company.customers.filter(
    (c) =>
      c.firm.segment === 'SMB' &&
      c.firm.region === 'EMEA' &&
      c.start < start &&
      (c.churn === null || c.churn > start),
  );
  const leavers = there.filter((c) => c.churn !== null && c.churn < end).length;
  let missing = Math.max(there.length > 1 ? 2 : 1, Math.ceil(there.length * planted.churnShare)) - leavers;
  const monthly = there.filter((c) => !c.annual && (c.churn === null || c.churn >= end));
  while (missing > 0 && monthly.length > 0) {
    const [customer] = monthly.splice(random.int(monthly.length), 1);
    const renewals: number[] = [];
    for (let month = 1; renewals.length < 3; month++) {
      const renewal = calendar.monthsAfter(customer!.start, month);
      if (renewal >= end) break;
      if (renewal > start) renewals.push(renewal);
    }
    if (renewals.length === 0) continue;
    customer!.churn = random.pick(renewals);
    missing--;
  }
}

function signFirst(company: Company, random: Random, customer: Customer): void {
  const { calendar } = company;
  const { deal } = customer;
  const plan = planFor(customer.firm.segment, deal.mrrCents);
  customer.contracts.push({
    no: company.ids.billing('sub'),
    product: deal.product,
    spans: [
      {
        plan,
        mrrCents: deal.mrrCents,
        start: customer.start,
        end: customer.churn,
        id: company.ids.billing('span'),
      },
    ],
  });
  if (customer.churn === null || random.chance(0.9)) return;
  const back = customer.churn + 40 + random.int(160);
  if (back > calendar.anchor - 5) return;
  customer.back = back;
  customer.contracts.push({
    no: company.ids.billing('sub'),
    product: deal.product,
    spans: [
      {
        plan,
        mrrCents: Math.round((deal.mrrCents * 0.85) / 500) * 500,
        start: back,
        end: null,
        id: company.ids.billing('span'),
      },
    ],
  });
}

/** The plan a first price was quoted for. */
export function planFor(segment: Segment, mrrCents: number) {
  const first = segment === 'SMB' ? 'Starter' : segment === 'Mid-Market' ? 'Growth' : 'Scale';
  return planAt(mrrCents, first);
}
