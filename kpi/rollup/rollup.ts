/**
 * The roll-up: a consumer of the change log that adds differences to the buckets they touch. Cost follows what
 * changed. Position and effect commit together, so each change counts exactly once; the sync never waits for it.
 */
import type { Database, Transaction } from '../../db/client.ts';
import type { FactTable, Measure } from '../definition.ts';
import { applyDelta, dimensionList, eventsOf, ledgerDimensions, ledgerEvents, marginsFrom } from './sql.ts';

const CONSUMER = 'rollup';
/** Log rows applied per transaction, as whole batches. */
const CHUNK = 20_000;
const LEDGER = 'ledger';
/** A table with more changes waiting is summed anew from its facts: cheaper than its log, and the same result. */
const REBUILD_ABOVE = 5_000;

export type RollupSettings = { measures: readonly Measure[]; timeZone: string };

/** A measure's definition as text: when it differs from what the buckets hold, they are rebuilt. */
const definitionOf = (measure: Measure, timeZone: string) =>
  JSON.stringify([
    measure.table,
    measure.day,
    measure.ends ?? null,
    measure.value ?? '1',
    measure.when ?? '',
    measure.dimensions,
    /\btz\(/.test(`${measure.day}${measure.ends ?? ''}${measure.when ?? ''}`) ? timeZone : '',
  ]);

/** Catch up with the log; builds new and changed definitions first. Returns the position reached. */
export async function rollUp(db: Database, settings: RollupSettings): Promise<number> {
  await db.sql`insert into consumer_position (consumer) values (${CONSUMER}) on conflict do nothing`;
  await rebuildChanged(db, settings);
  for (;;) {
    const at = await db.inTransaction((tx) => applyNext(tx, settings));
    if (at.done) return at.seq;
  }
}

async function position(tx: Transaction): Promise<number> {
  // Bulk work, not somebody's question.
  await tx`set local statement_timeout = '10min'`;
  const [row] = await tx<
    { seq: number }[]
  >`select seq from consumer_position where consumer = ${CONSUMER} for update`;
  return row!.seq;
}

async function applyNext(tx: Transaction, settings: RollupSettings): Promise<{ seq: number; done: boolean }> {
  const from = await position(tx);
  const [next] = await tx<{ to: number | null; latest: number }[]>`
    with following as (
      select b.seq, sum((select count(*) from change_log l where l.batch_id = b.id)) over (order by b.seq) as rows
      from change_batch b where b.seq > ${from} and b.seq <= ${from} + 200)
    select coalesce(max(seq) filter (where rows <= ${CHUNK}), min(seq)) as to, (select seq from data_version) as latest from following`;
  if (!next?.to) return { seq: from, done: true };
  await applyRange(tx, settings, from, next.to);
  await tx`update consumer_position set seq = ${next.to}, updated_at = clock_timestamp() where consumer = ${CONSUMER}`;
  return { seq: next.to, done: next.to >= next.latest };
}

function byTable(measures: readonly Measure[]): Map<FactTable, Measure[]> {
  const out = new Map<FactTable, Measure[]>();
  for (const measure of measures) out.set(measure.table, [...(out.get(measure.table) ?? []), measure]);
  return out;
}

/** Old rows count against, new rows for; a row that did not change in any measure cancels out. */
const changedFacts = (table: string) => `(
  select -1 as s, r.* from change_log l join change_batch b on b.id = l.batch_id cross join lateral jsonb_populate_record(null::"${table}", l.old) r
  where b.seq > $1 and b.seq <= $2 and l.tbl = '${table}' and l.old is not null
  union all
  select 1 as s, r.* from change_log l join change_batch b on b.id = l.batch_id cross join lateral jsonb_populate_record(null::"${table}", l.new) r
  where b.seq > $1 and b.seq <= $2 and l.tbl = '${table}' and l.new is not null)`;

async function applyRange(
  tx: Transaction,
  settings: RollupSettings,
  from: number,
  to: number,
  include = { ledger: true },
): Promise<void> {
  const touched = await tx<{ tbl: string }[]>`
    select distinct l.tbl from change_log l join change_batch b on b.id = l.batch_id where b.seq > ${from} and b.seq <= ${to}`;
  const tables = new Set(touched.map((row) => row.tbl));
  for (const [table, measures] of byTable(settings.measures)) {
    if (!tables.has(table)) continue;
    await tx.unsafe(
      `with delta as materialized (
         select measure, day, ${dimensionList}, sum(value)::bigint as value, sum(n)::bigint as n
         from (${eventsOf(table, measures, changedFacts(table), '$3')}) e group by measure, day, ${dimensionList}
         having sum(value) <> 0 or sum(n) <> 0),
       ${applyDelta('$2', measures)}
       select count(*) from coarse, (select $3::text) zone`,
      [from, to, settings.timeZone],
    );
  }
  if (include.ledger && tables.has('subscription')) {
    await tx.unsafe(
      `with delta as materialized (
         select customer, day, ${ledgerDimensions}, sum(value)::bigint as value, sum(n)::bigint as n
         from (${ledgerEvents(changedFacts('subscription'))}) e group by customer, day, ${ledgerDimensions}
         having sum(value) <> 0 or sum(n) <> 0),
       ${applyLedger('$2')} select count(*) from present`,
      [from, to],
    );
  }
}

const applyLedger = (seq: string) => `
  kept as (insert into ledger_delta (customer, day, ${ledgerDimensions}, value, n, seq)
    select customer, day, ${ledgerDimensions}, value, n, ${seq} from delta returning 1),
  present as (insert into ledger as p (customer, day, ${ledgerDimensions}, value, n)
    select customer, day, ${ledgerDimensions}, value, n from delta
    on conflict (tenant, customer, day, ${ledgerDimensions}) do update set value = p.value + excluded.value, n = p.n + excluded.n returning 1)`;

/**
 * A new or changed definition is built from the facts in one snapshot; the difference to what was there is kept as a
 * delta too, so that what Herald said under the old definition stays answerable.
 */
async function rebuildChanged(db: Database, settings: RollupSettings): Promise<void> {
  const states = await db.sql<
    { measure: string; definition: string }[]
  >`select measure, definition from measure_state`;
  const crowded = await db.sql<{ tbl: string }[]>`
    select l.tbl from change_log l join change_batch b on b.id = l.batch_id
    where b.seq > (select seq from consumer_position where consumer = ${CONSUMER}) group by l.tbl having count(*) > ${REBUILD_ABOVE}`;
  const tables = new Set(crowded.map((row) => row.tbl));
  const built = new Map(states.map((row) => [row.measure, row.definition]));
  const changed = settings.measures.filter(
    (measure) =>
      tables.has(measure.table) || built.get(measure.name) !== definitionOf(measure, settings.timeZone),
  );
  const removed = [...built.keys()].filter(
    (name) => name !== LEDGER && !settings.measures.some((measure) => measure.name === name),
  );
  const ledger = !built.has(LEDGER) || tables.has('subscription');
  if (changed.length === 0 && removed.length === 0 && !ledger) return;
  await db.inTransaction(
    async (tx) => {
      const from = await position(tx);
      const [{ seq } = { seq: from }] = await tx<{ seq: number }[]>`select seq from data_version`;
      const kept = settings.measures.filter((measure) => !changed.includes(measure));
      if (seq > from) await applyRange(tx, { ...settings, measures: kept }, from, seq, { ledger: !ledger });
      for (const [table, measures] of byTable(changed))
        await build(tx, table, measures, seq, settings.timeZone);
      if (ledger) await buildLedger(tx, seq);
      await tx`delete from measure_state where measure = any(${removed})`;
      await tx`
        insert into measure_state (measure, definition, built_seq)
        select m.name, m.definition, ${seq} from unnest(${[...changed.map((m) => m.name), ...(ledger ? [LEDGER] : [])]}::text[],
          ${[...changed.map((m) => definitionOf(m, settings.timeZone)), ...(ledger ? ['1'] : [])]}::text[]) as m(name, definition)
        on conflict (measure) do update set definition = excluded.definition, built_seq = excluded.built_seq, built_at = clock_timestamp()`;
      await tx`update consumer_position set seq = ${seq}, updated_at = clock_timestamp() where consumer = ${CONSUMER}`;
    },
    { isolation: 'repeatable read' },
  );
}

async function build(
  tx: Transaction,
  table: FactTable,
  measures: readonly Measure[],
  seq: number,
  timeZone: string,
): Promise<void> {
  const names = measures.map((measure) => measure.name);
  await tx.unsafe(
    `with delta as materialized (
       select measure, day, ${dimensionList}, sum(value)::bigint as value, sum(n)::bigint as n from (
         select measure, day, ${dimensionList}, value, n from (${eventsOf(table, measures, `(select 1 as s, r.* from "${table}" r where r.tenant = 1)`, '$3')}) e
         union all select measure, day, ${dimensionList}, -value, -n from bucket where tenant = 1 and measure = any($1::text[])) both_sides
       group by measure, day, ${dimensionList} having sum(value) <> 0 or sum(n) <> 0),
     ${applyDelta('$2::bigint', measures)}
     select count(*) from coarse, (select $3::text) zone`,
    [names, seq, timeZone],
  );
  // The old definition may have had other dimensions: margins are summed anew from the full grain.
  await tx`delete from margin where tenant = 1 and measure = any(${names})`;
  await tx.unsafe(marginsFrom(measures));
}

async function buildLedger(tx: Transaction, seq: number): Promise<void> {
  await tx.unsafe(
    `with delta as materialized (
       select customer, day, ${ledgerDimensions}, sum(value)::bigint as value, sum(n)::bigint as n
       from (${ledgerEvents('(select 1 as s, r.* from subscription r where r.tenant = 1)')}
         union all select customer, day, ${ledgerDimensions}, -value, -n from ledger where tenant = 1) e
       group by customer, day, ${ledgerDimensions} having sum(value) <> 0 or sum(n) <> 0),
     ${applyLedger('$1::bigint')} select count(*) from present`,
    [seq],
  );
}
