/**
 * Tokens for all processes: one small row per (account, bucket), moved by one statement on the database clock. The
 * clock is read once per statement and after the row's lock is held: a statement that waited for the lock would
 * otherwise refill from a time before the grant that it waited for.
 */
import type { Database } from '../db/client.ts';
import { type TokenLedger, waitFor } from './token-ledger.ts';

/** `account` is whom the platform counts: a source of ours. */
export function createPostgresLedger({ sql }: Database, account: string): TokenLedger {
  return {
    async take(bucket, { limit, want, floor }) {
      const { burst, perSecond } = limit;
      const first = Math.max(0, Math.min(want, Math.floor(burst - floor)));
      const [row] = await sql<{ granted: number; tokens: number; held: number }[]>`
        insert into pace_bucket as b (account, bucket, tokens, granted, filled_at)
        values (${account}, ${bucket}, ${burst - first}, ${first}, clock_timestamp())
        on conflict (account, bucket) do update set (tokens, granted, filled_at) = (
          select g.tokens - g.granted, g.granted, g.at from (
            select f.at, f.tokens, case when b.held_until > f.at then 0
              else greatest(0, least(${want}::float8, floor(f.tokens - ${floor}::float8))) end::int as granted
            from (
              select c.at, least(${burst}::float8, b.tokens + greatest(0, extract(epoch from c.at - b.filled_at))::float8 * ${perSecond}::float8) as tokens
              from (select clock_timestamp() as at offset 0) c) f) g)
        returning granted, tokens, coalesce(greatest(0, extract(epoch from held_until - filled_at) * 1000), 0)::float8 as held`;
      const { granted, tokens, held } = row!;
      return { granted, waitMs: granted > 0 ? 0 : waitFor(tokens, floor, limit, held) };
    },
    async hold(bucket, ms, { burst }) {
      await sql`
        insert into pace_bucket as b (account, bucket, tokens, held_until)
        values (${account}, ${bucket}, ${burst}, clock_timestamp() + make_interval(secs => ${ms / 1000}))
        on conflict (account, bucket) do update set held_until = greatest(b.held_until, excluded.held_until)`;
    },
    async lower(bucket, remaining, _limit) {
      // What was gained since the last refill is forgotten with it: the platform has counted later than we.
      await sql`
        insert into pace_bucket as b (account, bucket, tokens) values (${account}, ${bucket}, ${remaining})
        on conflict (account, bucket) do update set
          tokens = least(b.tokens, excluded.tokens),
          filled_at = case when excluded.tokens < b.tokens then greatest(b.filled_at, clock_timestamp()) else b.filled_at end`;
    },
  };
}
