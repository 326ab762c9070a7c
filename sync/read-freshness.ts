/** How far each stream is covered, and whether the promise of five minutes is kept. */
import type { Queryable } from '../db/client.ts';
import { describeQuota, type Quota } from '../platform/quota.ts';

/** What Herald promises of a source that it polls. */
export const PROMISED_SECONDS = 300;

export type StreamFreshness = {
  stream: string;
  coveredUntil: Date | null;
  /** On the database's clock. */
  ageSeconds: number | null;
  kept: boolean;
};

export type SourceFreshness = {
  source: string;
  /** Of its oldest stream: the source's own. Null while one has never been read to its end. */
  coveredUntil: Date | null;
  ageSeconds: number | null;
  promisedSeconds: number;
  kept: boolean;
  unreachableSince: Date | null;
  /** Why it is read less often than usual. */
  slowed: string | null;
  streams: StreamFreshness[];
};

export async function readFreshness(sql: Queryable, now: Date): Promise<SourceFreshness[]> {
  const rows = await sql<
    {
      source: string;
      stream: string;
      covered: Date | null;
      age: number | null;
      since: Date | null;
      used: number | null;
      limit: number;
      at: Date;
    }[]
  >`
    select c.source, c.stream, c.covered, case when c.covered is not null then greatest(0, extract(epoch from clock_timestamp() - c.covered)) end::float8 as age,
      h.unreachable_since as since, h.quota_used as used, h.quota_limit as limit, h.quota_at as at
    from (select source, stream, max(covered_until) as covered from checkpoint group by source, stream) c
    left join source_health h on h.source = c.source
    order by c.source, c.stream`;
  const sources = new Map<string, SourceFreshness>();
  for (const { source, stream, covered, age, since, used, limit, at } of rows) {
    const ageSeconds = age === null ? null : Math.round(age);
    const one: StreamFreshness = {
      stream,
      coveredUntil: covered,
      ageSeconds,
      kept: ageSeconds !== null && ageSeconds <= PROMISED_SECONDS,
    };
    const quota: Quota | null = used === null ? null : { used, limit, at };
    const whole = sources.get(source);
    if (!whole) {
      const { stream: _stream, ...own } = one;
      sources.set(source, {
        source,
        ...own,
        promisedSeconds: PROMISED_SECONDS,
        unreachableSince: since,
        slowed: describeQuota(quota, now),
        streams: [one],
      });
      continue;
    }
    whole.streams.push(one);
    whole.kept &&= one.kept;
    if (whole.ageSeconds !== null && (ageSeconds === null || ageSeconds > whole.ageSeconds))
      Object.assign(whole, { coveredUntil: covered, ageSeconds });
  }
  return [...sources.values()];
}

/** "zendesk: covered until 09:41:00 UTC, 40 s ago (300 s promised: kept)", and what else is to be said. */
export function describeFreshness(one: SourceFreshness): string {
  const { source, coveredUntil, ageSeconds, promisedSeconds, kept, unreachableSince, slowed, streams } = one;
  const late = streams.filter((stream) => !stream.kept).map(({ stream }) => stream);
  const covered = coveredUntil
    ? `covered until ${instant(coveredUntil)}, ${ageSeconds} s ago (${promisedSeconds} s promised: ${kept ? 'kept' : `not kept by ${late.join(', ')}`})`
    : `not read to its end yet (${late.join(', ')})`;
  const more = [unreachableSince ? `not reachable since ${instant(unreachableSince)}` : null, slowed];
  return [`${source}: ${covered}`, ...more.filter((line) => line !== null)].join('; ');
}

const instant = (at: Date) => `${at.toISOString().slice(0, 19).replace('T', ' ')} UTC`;
