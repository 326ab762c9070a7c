import type { Queryable } from '../../db/client.ts';
import { daysBetween } from '../calendar.ts';
import { filterConditions } from '../read/filter-conditions.ts';
import type { Slice, Span } from '../read/slice.ts';
import { ledgerAt } from '../span/ledger-at.ts';
import type { Spell } from './kaplan-meier.ts';

/** A customer's first stretch of paid subscription; `ended` is its first unpaid day, null while it runs. */
export type CustomerSpell = { part: string; started: string; ended: string | null };

/** Mean length of a month in days. */
export const MONTH_DAYS = 365.25 / 12;

/** First stretches of all customers: one that comes back later was gone all the same. */
export async function readSpells(sql: Queryable, slice: Slice): Promise<CustomerSpell[]> {
  const values: unknown[] = [];
  const conditions = filterConditions(slice.filters, 'l', values);
  const ledger = ledgerAt(slice.asOf, values);
  return sql.unsafe<CustomerSpell[]>(
    `with moved as (
       select l.customer, l.day, ${slice.by ? `min(l.${slice.by})` : `''`} as part, sum(l.value) as value
       from ${ledger} l where l.tenant = 1 ${conditions} group by l.customer, l.day),
     run as (select customer, day, part, sum(value) over (partition by customer order by day) as mrr from moved),
     begun as (select customer, min(part) as part, min(day) as started from run where mrr > 0 group by customer)
     select b.part, b.started, min(r.day) filter (where r.day > b.started and r.mrr <= 0) as ended
     from begun b join run r on r.customer = b.customer group by b.customer, b.part, b.started order by b.started, b.customer`,
    values as never[],
  );
}

/** What was known of them when a period ended, in months. */
export function spellsBy(spells: readonly CustomerSpell[], { to }: Pick<Span, 'to'>): Spell[] {
  return spells.flatMap(({ started, ended }): Spell[] => {
    if (started >= to) return [];
    const gone = ended !== null && ended < to;
    return [{ time: daysBetween(started, gone ? ended : to) / MONTH_DAYS, ended: gone }];
  });
}
