/** How current a number is: the older of what each source has covered and what the roll-up has counted. */
import type { Queryable } from '../db/client.ts';
import { HeraldError } from '../platform/errors.ts';
import { describeQuota } from '../platform/quota.ts';
import type { Freshness } from './answer.ts';

/** A source that was not covered for this long is stale: twice the promise of five minutes. */
const STALE_AFTER_SECONDS = 600;

export type KnownSource = {
  name: string;
  title: string;
  /** Tables whose facts it brings, each with its columns, or '*' for all of them. Left out where it cannot be known. */
  fills?: Readonly<Record<string, readonly string[]>>;
};

export async function readFreshness(
  sql: Queryable,
  sources: readonly KnownSource[],
  now: Date,
): Promise<Freshness[]> {
  const rows = await sql<
    {
      source: string;
      covered: Date | null;
      rolled: Date | null;
      away: Date | null;
      used: number | null;
      limit: number;
      at: Date;
    }[]
  >`
    with stream as (select source, stream, max(covered_until) as covered from checkpoint where source = any(${sources.map((s) => s.name)}) group by source, stream),
    behind as (
      select min(b.committed_at) as since from change_batch b
      where b.seq > (select coalesce(max(seq), 0) from consumer_position where consumer = 'rollup'))
    select s.source, case when bool_or(s.covered is null) then null else min(s.covered) end as covered, (select since from behind) as rolled,
      h.unreachable_since as away, h.quota_used as used, h.quota_limit as limit, h.quota_at as at
    from stream s left join source_health h on h.source = s.source
    group by s.source, h.unreachable_since, h.quota_used, h.quota_limit, h.quota_at`;
  const bySource = new Map(rows.map((row) => [row.source, row]));
  return sources.map(({ name, title }) => {
    const row = bySource.get(name);
    const covered = row?.covered ? (row.rolled && row.rolled < row.covered ? row.rolled : row.covered) : null;
    const slowed =
      row && row.used !== null ? describeQuota({ used: row.used, limit: row.limit, at: row.at }, now) : null;
    const ageSeconds = covered ? Math.max(0, Math.round((now.getTime() - covered.getTime()) / 1000)) : null;
    return {
      source: name,
      title,
      coveredUntil: covered?.toISOString() ?? null,
      ageSeconds,
      stale: ageSeconds === null || ageSeconds > STALE_AFTER_SECONDS,
      ...(row?.away ? { unreachableSince: row.away.toISOString() } : {}),
      ...(slowed ? { slowed } : {}),
    };
  });
}

/** Data version up to which the buckets are counted, and that which was current at a past instant. */
export async function readDataVersion(sql: Queryable): Promise<number> {
  const [row] = await sql<
    { seq: number }[]
  >`select coalesce(max(seq), 0)::bigint as seq from consumer_position where consumer = 'rollup'`;
  return row?.seq ?? 0;
}

/** The data version that was current at an instant; null when Herald knew nothing yet. Throws `ask` before the history kept. */
export async function versionAt(sql: Queryable, instant: Date): Promise<number | null> {
  const [row] = await sql<{ seq: number | null; start: Date | null }[]>`
    select (select seq from change_batch where committed_at <= ${instant} order by committed_at desc, seq desc limit 1) as seq, (select at from history_start) as start`;
  if (row?.start && instant < row.start) {
    const start = row.start.toISOString().slice(0, 10);
    throw new HeraldError(
      'ask',
      `The history that Herald keeps begins on ${start}: what was known on ${instant.toISOString().slice(0, 10)} has been dropped (retention.historyMonths). Ask for a later date, or without "as of".`,
    );
  }
  return row?.seq ?? null;
}

/** The data version that an as-of question (an ISO instant; null is now) is answered from. Throws `ask` before the first sync. */
export async function versionAsked(sql: Queryable, asOf: string | null): Promise<number | null> {
  if (asOf === null) return null;
  const version = await versionAt(sql, new Date(asOf));
  if (version !== null) return version;
  throw new HeraldError(
    'ask',
    `Herald had no data yet on ${asOf.slice(0, 10)}: as-of answers begin with the first sync. Ask for a later date, or without "as of".`,
  );
}
