import { issueInvoice } from '../invoices.ts';
import type { Company } from '../model.ts';
import { recurringOn, writeSpendOf } from '../spend.ts';
import type { Done } from './action.ts';

/**
 * What a new day brings by itself: the spend of the days that ended, and the invoices of contracts that renew today.
 * Returns null while the day is still the same.
 */
export function createNewDay(company: Company): (at: number) => Done | null {
  const { calendar } = company;
  let known = calendar.anchor;
  return (at) => {
    const today = calendar.dayOf(at);
    if (today <= known) return null;
    let invoices = 0;
    for (let day = known + 1; day <= today; day++) {
      if (day - 1 > calendar.anchor) writeSpendOf(company, day - 1, recurringOn(company, day - 1), at);
      invoices += invoiceRenewals(company, day, at);
    }
    known = today;
    const what = `${calendar.text(today)} begins: spend up to the day before is entered, ${invoices} invoices go out`;
    return { systems: ['files', 'billing'], what };
  };
}

function invoiceRenewals(company: Company, day: number, at: number): number {
  const { calendar } = company;
  let count = 0;
  for (const customer of company.customers) {
    const step = customer.annual ? 12 : 1;
    for (const { spans } of customer.contracts) {
      const last = spans[spans.length - 1]!;
      if (last.end !== null) continue;
      const first = spans[0]!.start;
      // Whole steps since the contract began; a little too few is corrected upwards.
      let months = Math.floor((day - first) / (31 * step)) * step;
      while (calendar.monthsAfter(first, months) < day) months += step;
      if (calendar.monthsAfter(first, months) !== day || months === 0) continue;
      issueInvoice(company, { customer: customer.id, day, cents: last.mrrCents * step, at });
      count++;
    }
  }
  return count;
}
