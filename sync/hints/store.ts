/** Hints at rest: one row per record however often it is named, so that duplicates and bursts cost one reading. */
import type { Database, Queryable } from '../../db/client.ts';
import type { Cursor, Hint } from '../source.ts';

/** NOTIFY channel; the payload is the source whose hints wait. */
export const hintChannel = 'herald_hint';

export type WaitingHint = { stream: string; id: string; gone: boolean; named: number; attempts: number };

/** So many are taken at once: a burst does not become one long transaction. */
const mostAtOnce = 1_000;
/** How long a platform may take to show what it told of; then polling and sweeps have to find it. */
const patienceSeconds = [3, 15, 60];
const deliveriesKept = '2 days';

/**
 * Keep what a delivery hints at, in one statement: either all of it is there afterwards or nothing.
 * A delivery that was taken before is `repeated` and leaves nothing. Whoever listens on the channel is told at commit.
 */
export async function keepDelivery(
  sql: Queryable,
  delivery: { source: string; deliveryId: string; hints: readonly Hint[] },
): Promise<'kept' | 'repeated'> {
  const { source, deliveryId, hints } = delivery;
  const [row] = await sql<{ taken: boolean }[]>`
    with delivery as (
      insert into webhook_delivery (source, delivery_id, hints) values (${source}, ${deliveryId}, ${hints.length})
      on conflict do nothing returning 1),
    kept as (${upsertHints(sql, source, hints, sql`exists (select from delivery)`)})
    select exists (select from delivery) as taken,
      case when exists (select from kept) then pg_notify(${hintChannel}, ${source})::text end as told`;
  return row!.taken ? 'kept' : 'repeated';
}

/** Keep what a feed gave together with its position: a crash never loses the one and keeps the other. */
export async function keepFed(
  db: Database,
  fed: { source: string; hints: readonly Hint[]; position: Cursor },
): Promise<void> {
  const { source, hints, position } = fed;
  await db.inTransaction(async (tx) => {
    await tx`
      with kept as (${upsertHints(tx, source, hints, tx`true`)})
      select case when exists (select from kept) then pg_notify(${hintChannel}, ${source})::text end`;
    await tx`insert into feed_position (source, position, updated_at) values (${source}, ${JSON.stringify(position)}::text::jsonb, clock_timestamp())
      on conflict (source) do update set position = excluded.position, updated_at = excluded.updated_at`;
  });
}

export async function feedPosition(sql: Queryable, source: string): Promise<Cursor> {
  const [row] = await sql<
    { position: Cursor }[]
  >`select position from feed_position where source = ${source}`;
  return row?.position ?? null;
}

/** In the order of their keys, so that two deliveries at once never wait for each other crosswise. */
function upsertHints(
  sql: Queryable,
  source: string,
  hints: readonly Hint[],
  when: ReturnType<Queryable>,
): ReturnType<Queryable> {
  return sql`
    insert into hint as h (source, stream, record_id, gone)
    select ${source}, t.stream, t.id, bool_or(t.gone)
    from unnest(${hints.map((hint) => hint.stream)}::text[], ${hints.map((hint) => hint.id)}::text[],
      ${hints.map((hint) => String(hint.gone ?? false))}::text[]::boolean[]) as t(stream, id, gone)
    where ${when} group by t.stream, t.id order by t.stream, t.id
    on conflict (source, stream, record_id) do update
      set named = h.named + 1, gone = h.gone or excluded.gone, attempts = 0, due_at = clock_timestamp()
    returning 1`;
}

/** Hints that are due, oldest first. */
export async function takeHints(sql: Queryable, source: string): Promise<WaitingHint[]> {
  return sql<WaitingHint[]>`
    select stream, record_id as id, gone, named, attempts from hint
    where source = ${source} and due_at <= clock_timestamp() order by due_at limit ${mostAtOnce}`;
}

/** These are done with, but for those that were named again meanwhile. */
export async function dropHints(
  sql: Queryable,
  source: string,
  hints: readonly WaitingHint[],
): Promise<void> {
  if (hints.length === 0) return;
  await sql`
    delete from hint h using unnest(${hints.map((hint) => hint.stream)}::text[], ${hints.map((hint) => hint.id)}::text[],
      ${hints.map((hint) => hint.named)}::int[]) as t(stream, id, named)
    where h.source = ${source} and h.stream = t.stream and h.record_id = t.id and h.named = t.named`;
}

/** The platform does not show yet what it told of: look again later, a few times. Returns how many were given up. */
export async function postponeHints(
  sql: Queryable,
  source: string,
  hints: readonly WaitingHint[],
): Promise<number> {
  const hopeless = hints.filter((hint) => hint.attempts >= patienceSeconds.length);
  await dropHints(sql, source, hopeless);
  const rest = hints.filter((hint) => hint.attempts < patienceSeconds.length);
  if (rest.length > 0)
    await sql`
      update hint h set attempts = h.attempts + 1, due_at = clock_timestamp() + make_interval(secs => t.wait)
      from unnest(${rest.map((hint) => hint.stream)}::text[], ${rest.map((hint) => hint.id)}::text[],
        ${rest.map((hint) => hint.named)}::int[], ${rest.map((hint) => patienceSeconds[hint.attempts]!)}::int[])
        as t(stream, id, named, wait)
      where h.source = ${source} and h.stream = t.stream and h.record_id = t.id and h.named = t.named`;
  return hopeless.length;
}

/** What is past every signature's window need not be remembered. */
export async function forgetDeliveries(sql: Queryable, source: string): Promise<void> {
  await sql`delete from webhook_delivery where source = ${source} and received_at < clock_timestamp() - ${deliveriesKept}::interval`;
}
