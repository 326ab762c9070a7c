/**
 * Amounts in another currency than the company's go beside the column that is summed, for the database to convert as it
 * writes them (db/migrations/0012): a figure is in one currency, or it is left out and counted. One place for all
 * sources, so that no mapping can forget it.
 */
import { RecordFault, type Source, type UnifiedRow, type UnifiedTable } from '../source.ts';
import { minorDigits } from './minor-digits.ts';

/** Money columns by table. `currency` stands beside them in each. */
export const moneyColumns: Partial<Record<UnifiedTable, readonly string[]>> = {
  deal: ['amount'],
  deal_stage: ['amount'],
  campaign: ['budget', 'actual_cost'],
  spend: ['amount'],
  subscription: ['mrr'],
  invoice: ['amount'],
  payment: ['amount'],
  quota: ['amount'],
  forecast: ['amount'],
};

/** The source, its rows fit for a company that counts in `currency`. */
export function inCompanyCurrency(source: Source, currency: string): Source {
  return {
    ...source,
    streams: source.streams.map((stream) => {
      const fitted = fitting(stream.table, currency);
      return fitted === null ? stream : { ...stream, unify: (raw: unknown) => fitted(stream.unify(raw)) };
    }),
  };
}

function fitting(
  table: UnifiedTable,
  company: string,
): ((row: UnifiedRow | null) => UnifiedRow | null) | null {
  if (table === 'exchange_rate') return (row) => row && fitRate(row, company);
  const columns = moneyColumns[table];
  if (!columns) return null;
  return (row) => {
    if (row === null) return null;
    const isForeign = typeof row.currency === 'string' && row.currency !== company;
    const split: UnifiedRow = { ...row };
    for (const column of columns) {
      const amount = row[column] ?? null;
      split[`original_${column}`] = isForeign ? amount : null;
      split[column] = isForeign ? null : amount;
    }
    return split;
  };
}

/** @throws RecordFault when the rate leads to another currency than the company's */
function fitRate(row: UnifiedRow, company: string): UnifiedRow {
  const { currency, home = company } = row;
  if (typeof currency !== 'string') throw new RecordFault('the rate names no currency');
  if (home !== null && home !== company)
    throw new RecordFault(`the rate of ${currency} is in ${home}, and the company counts in ${company}`);
  if ((row.rate ?? row.inverse ?? null) === null || !(Number(row.rate ?? row.inverse) > 0))
    throw new RecordFault(`the rate of ${currency} is no number above zero`);
  return { ...row, home: company, shift: minorDigits(company) - minorDigits(currency) };
}
