/** What a snapshot has to be, computed from the stand-ins' own stores and from nothing that Herald made. */
import type { Database } from '../../db/client.ts';
import { type ChaosCompany, type Life, objectsOf, systems } from './chaos-company.ts';

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
  /** Difference of the sum of won deals, in cents, and of the number of tickets. */
  wonCents: number;
  tickets: number;
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
  wonCents: 0,
  tickets: 0,
};

export async function judge(db: Database, { lives, world }: ChaosCompany): Promise<Verdict> {
  const verdict: Verdict = { versions: 0, ...flawless, examples: [] };
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
  for (const system of systems)
    for (const object of objectsOf[system]) {
      const there = [...world[system].all(object)].filter(({ gone }) => !gone).length;
      const [row] = await db.sql<{ n: number }[]>`
        select count(*)::int as n from record_head where source = ${system} and stream = ${object} and not deleted`;
      if (row!.n !== there) note('rows', `${system} ${object}: ${row!.n} of ${there}`);
    }
  await judgeRows(db, world, (of) => note('rows', of));
  const [flaws] = await db.sql<{ overlapping: number; dangling: number; won: number; tickets: number }[]>`
    select (select count(*)::int from (select 1 from record_version group by source, stream, id, valid_from having count(*) > 1) v)
        + (select count(*)::int from record_head h where h.deleted is distinct from (
            select v.op not in ('upsert', 'too_large') from record_version v where v.source = h.source and v.stream = h.stream and v.id = h.id
            order by v.valid_from desc limit 1)) as overlapping,
      (select count(*)::int from checkpoint c left join change_batch b on b.id = c.batch_id where c.batch_id is not null and b.seq is null) as dangling,
      coalesce((select sum(value) from bucket where measure = 'won_value'), 0)::bigint as won,
      coalesce((select sum(value) from bucket where measure = 'tickets_created'), 0)::bigint as tickets`;
  verdict.overlapping = flaws!.overlapping;
  verdict.dangling = flaws!.dangling;
  verdict.wonCents = flaws!.won - wonCents(world);
  verdict.tickets = flaws!.tickets - [...world.zendesk.all('tickets')].filter(({ gone }) => !gone).length;
  return verdict;
}

function wonCents(world: ChaosCompany['world']): number {
  let sum = 0;
  for (const { record, gone } of world.salesforce.all('Opportunity'))
    if (!gone && record.IsWon === true) sum += Math.round(Number(record.Amount ?? 0) * 100);
  return sum;
}

async function judgeRows(
  db: Database,
  world: ChaosCompany['world'],
  note: (of: string) => void,
): Promise<void> {
  const wanted = new Map(
    [...world.salesforce.all('Opportunity')]
      .filter(({ gone }) => !gone)
      .map(({ id, record }) => [id, record.Amount === null ? null : Math.round(Number(record.Amount) * 100)]),
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

/** Names of the fields that both have and that differ. */
function differing({ source, payload }: Version, state: Record<string, unknown>): string {
  const shown = JSON.parse(payload ?? '{}') as Record<string, unknown>;
  const [a, b] = source === 'hubspot' ? [shown.properties, state.properties] : [shown, state];
  const [left, right] = [a as Record<string, unknown>, (b ?? {}) as Record<string, unknown>];
  return Object.keys(left)
    .filter(
      (name) => name in right && !computed.has(name) && canonical(left[name]) !== canonical(right[name]),
    )
    .join(', ');
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null';
  // Platforms leave empty fields out of nested objects.
  const entries = Object.entries(value).filter(([, inner]) => inner !== null);
  entries.sort(([x], [y]) => (x < y ? -1 : 1));
  return `{${entries.map(([name, inner]) => `${name}:${canonical(inner)}`).join()}}`;
}
