import type { Company, Staff } from './model.ts';
import { salesforceStamps } from './salesforce-directory.ts';
import { teamOf } from './staff.ts';

type Quarter = { start: number; end: number };

/** Quotas of each seller for each quarter, and the forecasts they handed in every Monday, frozen as they were. */
export function writeQuotas(company: Company): void {
  const { calendar } = company;
  const random = company.random('quotas');
  // From the first whole quarter on: half a quarter has no quota that anybody could be measured by.
  for (
    let start = calendar.monthsAfter(calendar.quarterStart(calendar.first - 1), 3);
    start <= calendar.anchor;
    start = calendar.monthsAfter(start, 3)
  ) {
    const quarter = { start, end: calendar.monthsAfter(start, 3) };
    for (const seller of teamOf(company, 'Sales')) {
      const quota = quotaOf(company, seller, quarter) * random.between(0.92, 1.15);
      const rounded = Math.max(1000, Math.round(quota / 1000) * 1000);
      writeQuota(company, seller, start, rounded);
      const bias = random.normal(0.04, 0.12);
      forecast(
        company,
        seller,
        quarter,
        rounded,
        (remaining) => 1 + bias * remaining + random.normal(0, 0.16 * remaining + 0.02),
      );
    }
  }
}

/** What a quarter was expected to bring: the seller's yearly mean around it, a tenth above. Sales grow, so early quotas are low. */
function quotaOf(company: Company, seller: Staff, quarter: Quarter): number {
  const from = Math.max(company.calendar.first, quarter.start - 180);
  const to = Math.min(company.calendar.anchor + 1, quarter.end + 90);
  return (
    (wonBetween(company, seller, from, to) / Math.max(60, to - from)) * (quarter.end - quarter.start) * 1.1
  );
}

function wonBetween(company: Company, seller: Staff, from: number, to: number): number {
  let sum = 0;
  for (const deal of company.deals) {
    if (deal.owner !== seller || deal.outcome !== 'won') continue;
    const last = deal.steps[deal.steps.length - 1]!;
    if (last.closeDay >= from && last.closeDay < to) sum += last.amount ?? 0;
  }
  return sum;
}

function writeQuota(company: Company, seller: Staff, start: number, amount: number): void {
  const { calendar } = company;
  const at = calendar.at(Math.max(calendar.first, start), 8 * 3600);
  const id = company.ids.salesforce('ForecastingQuota');
  const record = {
    Id: id,
    QuotaOwnerId: seller.userId,
    StartDate: calendar.text(start),
    QuotaAmount: amount,
    CurrencyIsoCode: 'USD',
    ...salesforceStamps(at, at),
  };
  company.salesforce.put('ForecastingQuota', id, record, at);
}

/** Every week's forecast closes in on the outcome; in the running quarter on a mix of pace and quota. */
function forecast(
  company: Company,
  seller: Staff,
  quarter: Quarter,
  quota: number,
  error: (remaining: number) => number,
): void {
  const { calendar } = company;
  const over = quarter.end <= calendar.anchor + 1;
  const soFar = wonBetween(company, seller, quarter.start, Math.min(quarter.end, calendar.anchor + 1));
  const elapsed =
    (Math.min(quarter.end, calendar.anchor + 1) - quarter.start) / (quarter.end - quarter.start);
  const outcome = over ? soFar : 0.5 * quota + 0.5 * (soFar / elapsed);
  for (let day = quarter.start; day < quarter.end && day <= calendar.anchor; day++) {
    // The quarter's first day as well: forecast accuracy is measured against it.
    if (day < calendar.first || (day !== quarter.start && calendar.weekday(day) !== 1)) continue;
    const remaining = (quarter.end - day) / (quarter.end - quarter.start);
    const at = calendar.at(day, 9 * 3600);
    const id = company.ids.salesforce('Forecast_Snapshot__c');
    const record = {
      Id: id,
      OwnerId: seller.userId,
      Period_Start__c: calendar.text(quarter.start),
      As_Of__c: calendar.text(day),
      Amount__c: Math.max(0, Math.round((outcome * error(remaining)) / 100) * 100),
      CurrencyIsoCode: 'USD',
      ...salesforceStamps(at, at),
    };
    company.salesforce.put('Forecast_Snapshot__c', id, record, at);
  }
}
