/**
 * The quality consumer of the change log: counts what arrived, tries the rules on what changed, and keeps findings.
 * Position and effect commit together. Run under the consumers' lease.
 */
import type { Database, Transaction } from '../../db/client.ts';
import { refreshStatistics } from '../../db/refresh-statistics.ts';
import * as unified from '../../db/schema/unified/index.ts';
import { applyRule, type Clock, type Opened, type Range } from './apply-rule.ts';
import type { RecordRule, Rule, SetRule } from './rule.ts';
import { rules as allRules } from './rules/index.ts';

const CONSUMER = 'quality';
/** What rules and their runner read. */
const read = [
  ...Object.keys(unified),
  'company',
  'entity_link',
  'change_batch',
  'change_log',
  'quality_finding',
];
/** A table with more changes waiting is looked through as a whole: cheaper than its log, and the same result. */
const WHOLE_ABOVE = 5_000;
/** Rules over sets read whole tables: not more often than this. */
const SETS_EVERY_MS = 10 * 60_000;

export type QualitySettings = {
  now: Date;
  /** The company's: decides which day is today. */
  timeZone: string;
  /** How systems are called, by name. */
  titles?: Readonly<Record<string, string>>;
  rules?: readonly Rule[];
};

/** Kept with the position: when a rule over sets ran last, and whether it has something to look at. */
type Kept = Record<string, { at: string; today: string; waits: boolean }>;

/** Catch up with the log; returns what was newly found. */
export async function checkQuality(db: Database, settings: QualitySettings): Promise<Opened[]> {
  await db.sql`insert into consumer_position (consumer) values (${CONSUMER}) on conflict do nothing`;
  await refreshStatistics(db.sql, read);
  return db.inTransaction(async (tx) => {
    // Bulk work, not somebody's question.
    await tx`set local statement_timeout = '10min'`;
    await tx`set local jit = off`;
    const [at] = await tx<{ seq: number; detail: Kept | null; latest: number; today: string }[]>`
      select seq, detail, (select seq from data_version) as latest, (${settings.now}::timestamptz at time zone ${settings.timeZone})::date as today
      from consumer_position where consumer = ${CONSUMER} for update`;
    const range: Range = { from: at!.seq, to: at!.latest };
    const clock: Clock = { at: settings.now, today: at!.today, titles: settings.titles ?? {} };
    const rules = settings.rules ?? allRules;
    const fresh = await keepRules(tx, rules, clock.at);
    const touched = await countChanges(tx, range);
    await countArrivals(tx, range);
    const kept: Kept = {};
    const opened: Opened[] = [];
    for (const rule of rules) {
      let found: Opened | null = null;
      if (rule.kind === 'record') found = await tryRecords(tx, { rule, clock, range, touched, fresh });
      if (rule.kind === 'set')
        found = await trySet(tx, { rule, clock, touched, fresh, was: at!.detail ?? {}, kept });
      if (found) opened.push(found);
    }
    await tx`
      update consumer_position set seq = ${range.to}, detail = ${JSON.stringify(kept)}::text::jsonb, updated_at = clock_timestamp()
      where consumer = ${CONSUMER}`;
    return opened;
  });
}

type Try<R> = { rule: R; clock: Clock; touched: ReadonlyMap<string, number>; fresh: ReadonlySet<string> };

async function tryRecords(
  tx: Transaction,
  input: Try<RecordRule> & { range: Range },
): Promise<Opened | null> {
  const { rule, clock, range, touched, fresh } = input;
  const tables = [rule.table, ...(rule.looksAt ?? []).map((other) => other.table)];
  const changes = tables.map((table) => touched.get(table) ?? 0);
  if (fresh.has(rule.name) || changes.some((n) => n > WHOLE_ABOVE)) return applyRule(tx, rule, clock, null);
  return changes.some((n) => n > 0) ? applyRule(tx, rule, clock, range) : null;
}

async function trySet(
  tx: Transaction,
  input: Try<SetRule> & { was: Kept; kept: Kept },
): Promise<Opened | null> {
  const { rule, clock, touched, fresh, was, kept } = input;
  const last = was[rule.name];
  const changed =
    rule.tables.length === 0 ? touched.size > 0 : rule.tables.some((table) => touched.has(table));
  const waits = fresh.has(rule.name) || changed || !last || last.waits || last.today !== clock.today;
  const due =
    waits && (fresh.has(rule.name) || !last || clock.at.getTime() - Date.parse(last.at) >= SETS_EVERY_MS);
  kept[rule.name] = due
    ? { at: clock.at.toISOString(), today: clock.today, waits: false }
    : { ...last!, waits };
  return due ? applyRule(tx, rule, clock, null) : null;
}

/** Changed rows by table. */
async function countChanges(tx: Transaction, { from, to }: Range): Promise<Map<string, number>> {
  const rows = await tx<{ tbl: string; n: number }[]>`
    select l.tbl, sum(l.n)::int as n from change_batch b
      cross join lateral (select tbl, sum(n) as n from change_log where batch_id = b.id group by tbl) l
    where b.seq > ${from} and b.seq <= ${to} group by l.tbl`;
  return new Map(rows.map((row) => [row.tbl, row.n]));
}

/** What sources brought, by day; entity resolution's own changes and rollbacks brought nothing. */
async function countArrivals(tx: Transaction, { from, to }: Range): Promise<void> {
  await tx`
    insert into arrival as a (source, stream, day, n)
    select b.source, b.stream, (b.committed_at at time zone 'UTC')::date, sum(l.n)
    from change_batch b join sync_run r on r.id = b.run_id and r.rolls_back is null
      cross join lateral (select sum(n) as n from change_log where batch_id = b.id) l
    where b.seq > ${from} and b.seq <= ${to} and b.stream is not null and l.n > 0 group by 1, 2, 3
    on conflict (source, stream, day) do update set n = a.n + excluded.n`;
}

/** Write down the rules for readers of findings. Returns those that are new or changed; what a dropped rule found is resolved. */
async function keepRules(tx: Transaction, rules: readonly Rule[], now: Date): Promise<Set<string>> {
  const rows = rules.map((rule) => ({
    name: rule.name,
    severity: rule.severity,
    tbl: rule.table,
    columns: rule.columns,
    one: rule.one,
    many: rule.many,
    definition: JSON.stringify(rule),
  }));
  const changed = await tx<{ name: string }[]>`
    insert into quality_rule as q select * from jsonb_populate_recordset(null::quality_rule, ${JSON.stringify(rows)}::text::jsonb)
    on conflict (name) do update set severity = excluded.severity, tbl = excluded.tbl, columns = excluded.columns, one = excluded.one,
      many = excluded.many, definition = excluded.definition
    where q.definition <> excluded.definition returning name`;
  const names = rows.map(({ name }) => name);
  await tx`delete from quality_rule where name <> all(${names}::text[])`;
  await tx`update quality_finding set resolved_at = ${now} where resolved_at is null and rule <> all(${names}::text[])`;
  return new Set(changed.map((row) => row.name));
}
