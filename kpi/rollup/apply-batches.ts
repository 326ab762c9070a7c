/** Adds what batches of the change log changed to the buckets they touch: old rows count against, new rows for. */
import type { Transaction } from '../../db/client.ts';
import type { FactTable, Measure } from '../definition.ts';
import { changedFacts } from './changed-facts.ts';
import { applyDelta, applyEdges, applyLedger, eventsOf, ledgerEvents, summed, summedLedger } from './sql.ts';
import { countByTable, type Waiting } from './waiting.ts';

export type ApplyInput = {
  measures: readonly Measure[];
  timeZone: string;
  batches: readonly Waiting[];
  /** Data version under which the differences are kept. */
  seq: number;
  ledger: boolean;
};

export function byTable(measures: readonly Measure[]): Map<FactTable, Measure[]> {
  const out = new Map<FactTable, Measure[]>();
  for (const measure of measures) {
    const list = out.get(measure.table);
    if (list) list.push(measure);
    else out.set(measure.table, [measure]);
  }
  return out;
}

export async function applyBatches(tx: Transaction, input: ApplyInput): Promise<void> {
  const { measures, timeZone, batches, seq } = input;
  const touched = countByTable(batches);
  const ids = batches.map((batch) => batch.id);
  for (const [table, own] of byTable(measures)) {
    if (!touched.has(table)) continue;
    const events = (facts: string) => eventsOf(table, own, facts, '$3');
    await run(
      tx,
      `with zone as (select $3::text), delta as materialized (${summed(events(changedFacts(table, events(''), '$1')))}),
       ${applyDelta('$2', own)} ${applyEdges}`,
      [ids, seq, timeZone],
    );
  }
  if (input.ledger && touched.has('subscription'))
    await run(
      tx,
      `with delta as materialized (${summedLedger(ledgerEvents(changedFacts('subscription', ledgerEvents(''), '$1')))}),
       ${applyLedger('$2')}`,
      [ids, seq],
    );
}

/** Prepared once per connection: the text depends on the definitions alone, and planning it costs milliseconds. */
async function run(tx: Transaction, text: string, values: readonly unknown[]): Promise<void> {
  await tx.unsafe(text, values as never[], { prepare: true });
}
