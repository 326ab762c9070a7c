import type { Company } from './model.ts';

/** Dollars a day at full size at the end of history; the beginning had a third of it. */
const daily = { brand: 2600, content: 1500, salesPay: 15_500, marketingPay: 4200 } as const;
/** Hosting and support as a share of recurring revenue: a gross margin of 78 %. */
const COST_OF_REVENUE = 0.22;

/** What was spent on each day of history: campaigns, always-on marketing, sales, and the cost of serving customers. */
export function writeSpend(company: Company): void {
  const { calendar } = company;
  const revenue = recurringByDay(company);
  for (let day = calendar.first; day <= calendar.anchor; day++) {
    writeSpendOf(company, day, revenue[day - calendar.first] ?? 0, calendar.at(day, 23 * 3600));
  }
}

/** The rows of one day; `recurring` in cents a month, `at` is when the department entered them. */
export function writeSpendOf(company: Company, day: number, recurring: number, at: number): void {
  const { calendar, options } = company;
  const random = company.random(`spend ${day}`);
  const write = (
    kind: string,
    amount: number,
    source: string | null = null,
    campaignId: string | null = null,
  ) => {
    const id = `S${String(company.files.count('spend.csv') + 1).padStart(6, '0')}`;
    const record = {
      id,
      day: calendar.text(day),
      kind,
      campaign_id: campaignId,
      source,
      amount: Math.round(amount * 100) / 100,
      currency: 'USD',
    };
    company.files.put('spend.csv', id, record, at);
  };
  const level = (0.33 + (0.67 * (day - calendar.first)) / (calendar.anchor - calendar.first)) * options.scale;
  const week = calendar.isWorkday(day) ? 1.12 : 0.7;
  write('marketing', daily.brand * level * week * random.between(0.8, 1.2), 'Paid Search');
  write('marketing', daily.content * level * random.between(0.9, 1.1), 'Organic Search');
  write('marketing', daily.marketingPay * level);
  write('sales', daily.salesPay * level * random.between(0.97, 1.03));
  const perDay = (recurring * 12) / 365 / 100;
  if (perDay > 0) write('cogs', perDay * COST_OF_REVENUE * random.between(0.97, 1.03));
  for (const campaign of company.campaigns) {
    if (campaign.start > day || campaign.end < day) continue;
    const share = campaign.cost / (campaign.end - campaign.start + 1);
    write('marketing', share * random.between(0.85, 1.15), campaign.source, campaign.id);
  }
}

/** Recurring revenue on one day, cents a month. */
export function recurringOn(company: Company, day: number): number {
  let sum = 0;
  for (const { contracts } of company.customers) {
    for (const { spans } of contracts) {
      const span = spans.find((s) => s.start <= day && (s.end === null || s.end > day));
      sum += span?.mrrCents ?? 0;
    }
  }
  return sum;
}

/** The same for each day of history in one pass over the spans. */
function recurringByDay(company: Company): number[] {
  const { first, anchor } = company.calendar;
  const change = new Array<number>(anchor - first + 2).fill(0);
  for (const customer of company.customers) {
    for (const { spans } of customer.contracts) {
      for (const span of spans) {
        change[span.start - first]! += span.mrrCents;
        if (span.end !== null && span.end <= anchor) change[span.end - first]! -= span.mrrCents;
      }
    }
  }
  let level = 0;
  return change.map((c) => {
    level += c;
    return level;
  });
}
