import { drawCycle } from './deal-life.ts';
import { addDeal, createJudge, type NewDeal, winChance } from './deals.ts';
import type { Company, Contract, Customer, Product } from './model.ts';
import { planAt } from './pricing.ts';
import type { Random } from './random.ts';
import { moment } from './rhythm.ts';
import { churnQuarter, planted } from './stories.ts';

/** Mean days between two offers to an existing customer. */
const OFFER_EVERY = 105;
/** Mean days between two downgrades. */
const CUT_EVERY = 1100;

type Change = { day: number; apply(customer: Customer): void };

/** What happens to customers while they stay: upgrades, further products, downgrades, the price change. */
export function planContractChanges(company: Company): void {
  const random = company.random('contract changes');
  const offers: (NewDeal & { customer: Customer; factor: number })[] = [];
  for (const customer of company.customers) offers.push(...drawOffers(company, random, customer));
  // Judged in order of decision over all customers, so that each region's rate follows its own line.
  offers.sort((a, b) => a.closeDay - b.closeDay);
  const judge = createJudge();
  const changes = new Map<Customer, Change[]>(company.customers.map((c) => [c, []]));
  for (const offer of offers) {
    offer.won = judge(
      offer.firm.region,
      winChance(company, offer.firm.region, offer.source, offer.closeDay) * 1.1,
    );
    // A price is known once the contract is: applied below, in order of days, when the deal closes as won.
    if (offer.won && offer.closeDay <= company.calendar.anchor) {
      changes.get(offer.customer)!.push({ day: offer.closeDay + 1, apply: () => grow(company, offer) });
    }
  }
  for (const customer of company.customers) {
    const own = changes.get(customer)!;
    own.push(...drawCuts(company, random, customer), ...priceChange(company, customer));
    const last = Math.min(company.calendar.anchor, (customer.churn ?? Number.MAX_SAFE_INTEGER) - 1);
    for (const change of own.sort((a, b) => a.day - b.day)) if (change.day <= last) change.apply(customer);
  }
  for (const offer of offers) addDeal(company, random, offer);
}

/** Offers while the customer is there; all of them are decided before it leaves. */
function drawOffers(company: Company, random: Random, customer: Customer) {
  const { calendar } = company;
  const { firm } = customer;
  const offers: (NewDeal & { customer: Customer; factor: number })[] = [];
  const until = customer.churn === null ? calendar.anchor : customer.churn - 3;
  let day = customer.start + 20;
  for (;;) {
    day += Math.ceil(-Math.log(1 - random.next()) * OFFER_EVERY);
    const created = calendar.workday(day);
    if (created > until || created <= customer.start) break;
    const closeDay = calendar.workday(created + drawCycle(random, firm.segment, true));
    const product: Product = random.chance(0.55)
      ? customer.deal.product
      : random.pick(['Core', 'Analytics', 'Connect'] as const);
    const factor = random.between(1.15, 1.6);
    offers.push({
      customer,
      factor,
      firm,
      type: 'Existing Business',
      product,
      source: firm.source,
      campaign: null,
      createdAt: moment(random, calendar, created),
      closeDay:
        customer.churn !== null && closeDay >= customer.churn
          ? Math.max(created + 1, customer.churn - 2)
          : closeDay,
      won: false,
      mrrCents: Math.max(5000, Math.round((customer.deal.mrrCents * (factor - 1)) / 500) * 500),
    });
  }
  return offers;
}

/** A won offer: more of the product, or a new product as a contract of its own. */
function grow(company: Company, offer: NewDeal & { customer: Customer; factor: number }): void {
  const day = offer.closeDay + 1;
  const own = running(offer.customer, day).find((c) => c.product === offer.product);
  if (own) {
    const span = own.spans[own.spans.length - 1]!;
    change(company, own, day, span.mrrCents + offer.mrrCents);
    return;
  }
  offer.customer.contracts.push({
    no: company.ids.billing('sub'),
    product: offer.product,
    spans: [
      {
        plan: offer.customer.contracts[0]!.spans[0]!.plan,
        mrrCents: offer.mrrCents,
        start: day,
        end: offer.customer.churn,
        id: company.ids.billing('span'),
      },
    ],
  });
}

function drawCuts(company: Company, random: Random, customer: Customer): Change[] {
  const cuts: Change[] = [];
  let day = customer.start + 45;
  for (;;) {
    day += Math.ceil(-Math.log(1 - random.next()) * CUT_EVERY);
    if (day > company.calendar.anchor) return cuts;
    const at = day;
    const factor = random.between(0.55, 0.88);
    cuts.push({
      day: at,
      apply: (c) => {
        const contracts = running(c, at);
        const contract = contracts[contracts.length - 1];
        if (!contract) return;
        // Who has several products gives the last one up; who has one takes less of it.
        if (contracts.length > 1) endContract(contract, at);
        else
          change(
            company,
            contract,
            at,
            Math.round((contract.spans[contract.spans.length - 1]!.mrrCents * factor) / 500) * 500,
          );
      },
    });
  }
}

/** First story: the new price applies from the first monthly renewal in the quarter. */
function priceChange(company: Company, customer: Customer): Change[] {
  const { calendar } = company;
  const quarter = churnQuarter(calendar);
  const { firm } = customer;
  if (firm.segment !== 'SMB' || firm.region !== 'EMEA' || customer.annual || customer.start >= quarter.start)
    return [];
  let month = 1;
  while (calendar.monthsAfter(customer.start, month) < quarter.start) month++;
  const day = calendar.monthsAfter(customer.start, month);
  const apply = (c: Customer) => {
    for (const contract of running(c, day)) {
      change(
        company,
        contract,
        day,
        Math.round((contract.spans[contract.spans.length - 1]!.mrrCents * planted.priceRise) / 100) * 100,
      );
    }
  };
  return [{ day, apply }];
}

/** Contracts whose current span began before that day and has not ended by it. */
export function running(customer: Customer, day: number): Contract[] {
  return customer.contracts.filter((c) => {
    const span = c.spans[c.spans.length - 1]!;
    return span.start < day && (span.end === null || span.end > day);
  });
}

/** Ends the current span and begins the next on the same day. Prices below ten dollars are not sold. */
export function change(company: Company, contract: Contract, day: number, mrrCents: number): void {
  const span = contract.spans[contract.spans.length - 1]!;
  const price = Math.max(1000, mrrCents);
  if (price === span.mrrCents) return;
  contract.spans.push({
    plan: planAt(price, span.plan),
    mrrCents: price,
    start: day,
    end: span.end,
    id: company.ids.billing('span'),
  });
  span.end = day;
}

export function endContract(contract: Contract, day: number): void {
  contract.spans[contract.spans.length - 1]!.end = day;
}
