/** The purchases and summaries of tests/fixtures/cdnow (see ORIGIN.md there). */
import { readFileSync } from 'node:fs';
import type { Purchase, PurchaseSummary } from '../../../kpi/lifetime/purchase-summary.ts';

function linesOf(name: string): string[] {
  const file = new URL(`../../fixtures/cdnow/${name}`, import.meta.url);
  return readFileSync(file, 'utf8').trim().split(/\r?\n/);
}

export function cdnowPurchases(): Purchase[] {
  return linesOf('CDNOW_sample.txt').map((line) => {
    const [, customer = '', day = '', , dollars] = line.trim().split(/\s+/);
    return {
      customer,
      day: `${day.slice(0, 4)}-${day.slice(4, 6)}-${day.slice(6)}`,
      amount: Number(dollars),
    };
  });
}

/** Of the calibration period, in weeks, as published: rounded to two decimals, mean spend 0 without a repeat. */
export function cdnowSummary(): PurchaseSummary[] {
  return linesOf('cdnow_customers_summary_with_transactions.csv')
    .slice(1)
    .map((line) => {
      const [customer = '', x, recency, age, spend] = line.split(',');
      const repeats = Number(x);
      return {
        customer,
        repeats,
        recency: Number(recency),
        age: Number(age),
        meanSpend: repeats === 0 ? null : Number(spend),
      };
    });
}

export function cdnowPlainSummary(): string[] {
  return linesOf('cdnow_customers_summary.csv').slice(1);
}

export const calibration = { until: '1997-09-30', unitDays: 7 };
