/**
 * Buckets summed anew from the facts, in one snapshot. The difference to what was there is kept as a delta too, so
 * that what Herald said before stays answerable.
 */
import type { Transaction } from '../../db/client.ts';
import type { FactTable, Measure } from '../definition.ts';
import { byTable } from './apply-batches.ts';
import {
  applyDelta,
  applyLedger,
  eventsOf,
  grainList,
  ledgerDimensions,
  ledgerEvents,
  marginsOf,
  summed,
  summedLedger,
} from './sql.ts';

const facts = (table: FactTable) => `(select 1 as s, r.* from "${table}" r where r.tenant = 1)`;

/** What the facts say and the buckets of these measures do not; `names` and `zone` are parameters. */
export const bucketDifference = (
  table: FactTable,
  measures: readonly Measure[],
  names: string,
  zone: string,
) =>
  summed(`
    select measure, day, ${grainList}, value, n from (${eventsOf(table, measures, facts(table), zone)}) e
    union all select measure, day, ${grainList}, -value, -n from bucket where tenant = 1 and measure = any(${names}::text[])`);

/** What the subscriptions say and the ledger does not. */
export const ledgerDifference = summedLedger(`
  ${ledgerEvents(facts('subscription'))}
  union all select customer, day, ${ledgerDimensions}, -value, -n from ledger where tenant = 1`);

export async function rebuild(
  tx: Transaction,
  { measures, timeZone, seq }: { measures: readonly Measure[]; timeZone: string; seq: number },
): Promise<void> {
  for (const [table, own] of byTable(measures)) {
    const names = own.map((measure) => measure.name);
    await tx.unsafe(
      `with zone as (select $3::text), delta as materialized (${bucketDifference(table, own, '$1', '$3')}),
       ${applyDelta('$2::bigint', own)} select count(*) from edges`,
      [names, seq, timeZone] as never[],
    );
    // The old definition may have had other dimensions: margins are summed anew from the full grain.
    await tx`delete from margin where tenant = 1 and measure = any(${names})`;
    await tx.unsafe(
      `insert into margin (measure, dimension, name, day, bin, value, n)
       ${marginsOf(`(select * from bucket where tenant = 1 and measure = any($1::text[]))`, own)}`,
      [names] as never[],
    );
  }
}

export async function rebuildLedger(tx: Transaction, seq: number): Promise<void> {
  await tx.unsafe(`with delta as materialized (${ledgerDifference}), ${applyLedger('$1::bigint')}`, [
    seq,
  ] as never[]);
}
