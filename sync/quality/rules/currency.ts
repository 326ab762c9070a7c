/** Amounts that could not be converted to the company's currency: they are left out of every sum, and said to be. */

import type { UnifiedTable } from '../../source.ts';
import { moneyColumns } from '../../sources/in-company-currency.ts';
import type { RecordRule } from '../rule.ts';

/** The day that each fact is converted at (db/migrations/0012). */
const days: Record<string, string> = {
  deal: 'coalesce(f.closed_on, f.created_on)',
  deal_stage: "(f.entered_at at time zone 'UTC')::date",
  campaign: 'f.starts_on',
  spend: 'f.day',
  subscription: 'f.starts_on',
  invoice: 'f.issued_on',
  payment: 'f.paid_on',
  quota: 'f.starts_on',
  forecast: 'f.as_of',
};

const words: Record<string, [one: string, many: string]> = {
  deal: ['deal', 'deals'],
  deal_stage: ['stage of a deal', 'stages of deals'],
  campaign: ['campaign', 'campaigns'],
  spend: ['cost', 'costs'],
  subscription: ['subscription', 'subscriptions'],
  invoice: ['invoice', 'invoices'],
  payment: ['payment', 'payments'],
  quota: ['quota', 'quotas'],
  forecast: ['forecast', 'forecasts'],
};

export const currencyRules: readonly RecordRule[] = Object.entries(moneyColumns).map(([table, columns]) => {
  const [one, many] = words[table]!;
  return {
    kind: 'record',
    name: `${table}_without_rate`,
    severity: 'warns',
    table: table as UnifiedTable,
    columns,
    when: columns.map((column) => `f.original_${column} is not null and f.${column} is null`).join(' or '),
    day: days[table]!,
    sentence: `'There is no exchange rate of ' || f.currency || coalesce(' for ' || ${days[table]}, '') || ': the amount of ' || '${one} ' || f.id || ' is left out.'`,
    one: `1 ${one} is left out, for want of an exchange rate`,
    many: `{n} ${many} are left out, for want of exchange rates`,
  };
});
