/** What a snapshot has to be, computed from the stand-ins' own stores and from nothing that Herald made. */
import type { Database } from '../../db/client.ts';
import type { ChaosCompany } from './chaos-company.ts';
import { figuresOf } from './figures.ts';
import { type Life, presentOf } from './followed.ts';

export type Verdict = {
  versions: number;
  /** Present in the platform, absent here. */
  lost: number;
  /** Absent in the platform, present here. */
  surplus: number;
  /** The newest version is not what the record is now. */
  stale: number;
  /** A version that repeats the one before it. */
  duplicate: number;
  /** Two versions of one record that begin at one instant, or a head that is not the newest version's. */
  overlapping: number;
  /** A version that the record never had, or had before the one before it. */
  foreign: number;
  /** Unified rows that are missing or too many. */
  rows: number;
  /** Positions of batches that were never committed. */
  dangling: number;
  /** What each figure is off by, in cents or records, where it is off. */
  figures: Record<string, number>;
  examples: string[];
};

type Version = { source: string; stream: string; id: string; op: string; payload: string | null };

export const flawless = {
  lost: 0,
  surplus: 0,
  stale: 0,
  duplicate: 0,
  overlapping: 0,
  foreign: 0,
  rows: 0,
  dangling: 0,
  figures: {},
};

export async function judge(db: Database, company: ChaosCompany): Promise<Verdict> {
  const { lives, world, followed } = company;
  const verdict: Verdict = { versions: 0, ...flawless, figures: {}, examples: [] };
  const note = (what: 'lost' | 'surplus' | 'stale' | 'duplicate' | 'foreign' | 'rows', of: string) => {
    verdict[what] += 1;
    if (verdict.examples.length < 8) verdict.examples.push(`${what}: ${of}`);
  };
  const versions = new Map<string, Version[]>();
  for (const version of await db.sql<Version[]>`
    select source, stream, id, op, payload from record_version order by valid_from, batch_id`) {
    const key = `${version.source} ${version.stream} ${version.id}`;
    versions.set(key, [...(versions.get(key) ?? []), version]);
    verdict.versions += 1;
  }
  for (const [key, life] of lives) {
    const kept = versions.get(key) ?? [];
    const is = life.at(-1)!;
    const newest = kept.at(-1);
    const isHere = newest?.op === 'upsert';
    if (is !== null && !isHere) note('lost', key);
    else if (is === null && isHere) note('surplus', key);
    else if (is !== null && !isThat(newest!, is)) note('stale', `${key} ${differing(newest!, is)}`);
    judgeHistory(kept, life, (what) => note(what, key));
  }
  for (const { source, stream, store, object } of followed) {
    const there = presentOf(store, object).length;
    const [row] = await db.sql<{ n: number }[]>`
      select count(*)::int as n from record_head where source = ${source} and stream = ${stream} and not deleted`;
    if (row!.n !== there) note('rows', `${source} ${stream}: ${row!.n} of ${there}`);
  }
  await judgeRows(db, world, (of) => note('rows', of));
  const [flaws] = await db.sql<{ overlapping: number; dangling: number }[]>`
    with newest as (
      select distinct on (source, stream, id) source, stream, id, op from record_version
      order by source, stream, id, valid_from desc)
    select (select count(*)::int from (select 1 from record_version group by source, stream, id, valid_from having count(*) > 1) v)
        + (select count(*)::int from record_head h left join newest v on (v.source, v.stream, v.id) = (h.source, h.stream, h.id)
            where h.deleted is distinct from (v.op not in ('upsert', 'too_large'))) as overlapping,
      (select count(*)::int from checkpoint c left join change_batch b on b.id = c.batch_id where c.batch_id is not null and b.seq is null) as dangling`;
  verdict.overlapping = flaws!.overlapping;
  verdict.dangling = flaws!.dangling;
  const sums = await db.sql<{ measure: string; value: number }[]>`
    select measure, sum(value)::bigint as value from bucket group by measure`;
  const kept = new Map(sums.map(({ measure, value }) => [measure, value]));
  for (const [measure, wanted] of Object.entries(figuresOf(company))) {
    const off = (kept.get(measure) ?? 0) - wanted;
    if (off !== 0) verdict.figures[measure] = off;
  }
  return verdict;
}

async function judgeRows(
  db: Database,
  world: ChaosCompany['world'],
  note: (of: string) => void,
): Promise<void> {
  const wanted = new Map(
    presentOf(world.salesforce, 'Opportunity').map(({ id, record }) => [
      id,
      record.Amount === null ? null : Math.round(Number(record.Amount) * 100),
    ]),
  );
  const rows = await db.sql<{ id: string; amount: number | null }[]>`
    select id, amount from deal where system = 'salesforce'`;
  for (const { id, amount } of rows)
    if (!wanted.has(id) || wanted.get(id) !== amount) note(`deal ${id}: ${amount}, not ${wanted.get(id)}`);
  if (rows.length !== wanted.size) note(`deals: ${rows.length}, not ${wanted.size}`);
}

/** Polling need not see every state, but what it saw was there, in that order, once. */
function judgeHistory(kept: readonly Version[], life: Life, note: (what: 'duplicate' | 'foreign') => void) {
  let from = 0;
  let before: Version | null = null;
  for (const version of kept) {
    if (before && before.op === version.op && before.payload === version.payload) note('duplicate');
    before = version;
    const at = life.findIndex(
      (state, i) =>
        i >= from && (version.op === 'upsert' ? state !== null && isThat(version, state) : state === null),
    );
    if (at < 0) note('foreign');
    else from = at;
  }
}

/** Fields that the platform computes, so that the store does not hold them as they are shown. */
const computed = new Set(['hs_merged_object_ids', 'satisfaction_rating', 'createdate', 'url', 'attributes']);

function isThat(version: Version, state: Record<string, unknown>): boolean {
  return differing(version, state) === '';
}

/** Systems whose records come as texts: a database, which stamps them itself, and files. */
const texts: ReadonlySet<string> = new Set(['billing', 'finance_files']);
const stamp = 'updated_at';

/** Names of the fields that both have and that differ. */
function differing({ source, payload }: Version, state: Record<string, unknown>): string {
  const shown = JSON.parse(payload ?? '{}') as Record<string, unknown>;
  const [a, b] = source === 'hubspot' ? [shown.properties, state.properties] : [shown, state];
  const [left, right] = [a as Record<string, unknown>, (b ?? {}) as Record<string, unknown>];
  const form = texts.has(source) ? asText : canonical;
  return Object.keys(left)
    .filter((name) => name in right && !computed.has(name) && !(form === asText && name === stamp))
    .filter((name) => form(left[name]) !== form(right[name]))
    .join(', ');
}

function asText(value: unknown): string {
  const text = String(value ?? '');
  return /^\d{4}-\d\d-\d\d[ T]\d\d:/.test(text) ? new Date(text).toISOString() : text;
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null';
  // Platforms leave empty fields out of nested objects.
  const entries = Object.entries(value).filter(([, inner]) => inner !== null);
  entries.sort(([x], [y]) => (x < y ? -1 : 1));
  return `{${entries.map(([name, inner]) => `${name}:${canonical(inner)}`).join()}}`;
}
