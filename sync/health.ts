/** What a worker knows of its source, kept for everybody else: bots, doctor, the next worker. */
import type { Queryable } from '../db/client.ts';
import type { BreakerState } from '../platform/breaker.ts';
import type { Quota } from '../platform/quota.ts';

export async function keepReachability(sql: Queryable, source: string, state: BreakerState): Promise<void> {
  const { since, reason } = state.kind === 'open' ? state : { since: null, reason: null };
  await sql`
    insert into source_health (source, unreachable_since, reason) values (${source}, ${since}, ${reason?.slice(0, 500) ?? null})
    on conflict (source) do update set unreachable_since = excluded.unreachable_since, reason = excluded.reason`;
}

export async function keepQuota(sql: Queryable, source: string, quota: Quota): Promise<void> {
  await sql`
    insert into source_health (source, quota_used, quota_limit, quota_at) values (${source}, ${quota.used}, ${quota.limit}, ${quota.at})
    on conflict (source) do update set quota_used = excluded.quota_used, quota_limit = excluded.quota_limit, quota_at = excluded.quota_at`;
}

/** The platform's last word on its day; null when it never said. */
export async function readQuota(sql: Queryable, source: string): Promise<Quota | null> {
  const [row] = await sql<{ used: number | null; limit: number; at: Date }[]>`
    select quota_used as used, quota_limit as limit, quota_at as at from source_health where source = ${source}`;
  return row && row.used !== null ? { used: row.used, limit: row.limit, at: row.at } : null;
}
