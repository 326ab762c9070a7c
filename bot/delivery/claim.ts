/** The outbox's rows and the moves between their states. Every instant is the database's. */
import type { Database } from '../../db/client.ts';
import type { Payload } from './payload.ts';
import type { Outcome, Receipt } from './sender.ts';
import type { Audience, Target } from './target.ts';

export type Claimed = {
  id: number;
  slot_key: string;
  kind: 'digest' | 'alert';
  topic: string;
  part: string;
  target_kind: Target['kind'];
  target: string;
  payload: Payload;
  audience: Audience;
  /** Before the claim: a pending one is sent, an ambiguous one is looked for. */
  was: 'pending' | 'ambiguous';
  attempts: number;
  first_try_at: Date;
  progress: Record<string, unknown>;
  receipt: Receipt | null;
  after_receipt: Receipt | null;
  claim: string;
};

/** What could not be delivered in a day is no news any more. */
const giveUpAfterHours = 24;
const sweepMinutes = 15;

/** Attempts of senders that died: perhaps sent, so to be looked for after the settle time. */
export async function recoverLost(db: Database, settleMs: number): Promise<void> {
  await db.sql`
    update outbox set state = 'ambiguous', claim = null, lease_until = null, error = 'The sender stopped in the middle.',
      next_try_at = greatest(clock_timestamp(), last_try_at + make_interval(secs => ${settleMs / 1000}))
    where state = 'sending' and lease_until < clock_timestamp()`;
  await db.sql`
    update outbox set state = 'failed', error = 'Not delivered within a day. Last reason: ' || coalesce(error, 'none')
    where state = 'pending' and created_at < clock_timestamp() - make_interval(hours => ${giveUpAfterHours})`;
  await db.sql`
    update outbox o set state = 'failed', error = 'What it belongs to was not delivered.'
    from outbox first where first.slot_key = o.after_key and o.state = 'pending' and first.state in ('failed', 'unknown')`;
}

/** Claim what is due, at most one row of each target: a slow target holds up no other, and its order is kept. */
export async function claimDue(
  db: Database,
  { most, claim, leaseMs, spacingMs }: { most: number; claim: string; leaseMs: number; spacingMs: number },
): Promise<Claimed[]> {
  return db.inTransaction(async (tx) => {
    const due = await tx<{ id: number; was: Claimed['was']; place: string }[]>`
      select o.id, o.state as was, o.target_kind || ':' || o.target as place from outbox o
      where o.state in ('pending', 'ambiguous') and o.next_try_at <= clock_timestamp()
        and (o.after_key is null or exists (select 1 from outbox f where f.slot_key = o.after_key and f.state = 'sent'))
        and not exists (
          select 1 from outbox b where b.target_kind = o.target_kind and b.target = o.target
            and (b.state = 'sending' or b.sent_at > clock_timestamp() - make_interval(secs => ${spacingMs / 1000})))
      order by o.id limit 500 for update of o skip locked`;
    const first = new Map<string, (typeof due)[number]>();
    for (const row of due) if (!first.has(row.place)) first.set(row.place, row);
    const taken = [...first.values()].slice(0, most);
    if (taken.length === 0) return [];
    const rows = await tx<Claimed[]>`
      update outbox o set state = 'sending', claim = ${claim}, last_try_at = clock_timestamp(), attempts = o.attempts + 1,
        first_try_at = coalesce(o.first_try_at, clock_timestamp()),
        lease_until = clock_timestamp() + make_interval(secs => ${leaseMs / 1000})
      from unnest(${taken.map(({ id }) => id)}::bigint[], ${taken.map(({ was }) => was)}::text[]) as w(id, was)
      where o.id = w.id
      returning o.id, o.slot_key, o.kind, o.topic, o.part, o.target_kind, o.target, o.payload, o.audience, w.was, o.attempts,
        o.first_try_at, o.progress, o.receipt, o.claim, (select f.receipt from outbox f where f.slot_key = o.after_key) as after_receipt`;
    return [...rows];
  });
}

export type Verdict =
  | Outcome
  /** Looked for and not there: to be sent again. */
  | { kind: 'absent' }
  /** Nobody can look, and a second copy would be worse than none. */
  | { kind: 'unknown'; reason: string };

/** Write down what became of a claim; false when the claim was lost meanwhile. */
export async function settle(
  db: Database,
  row: Claimed,
  verdict: Verdict,
  { settleMs, backOffMs }: { settleMs: number; backOffMs: number },
): Promise<boolean> {
  const { state, waitMs, error } = nextState(verdict, settleMs, backOffMs);
  const receipt = verdict.kind === 'sent' ? db.sql.json(verdict.receipt) : null;
  // Once in doubt, a copy may still turn up.
  const doubtful = verdict.kind === 'ambiguous' || row.was === 'ambiguous';
  const rows = await db.sql`
    update outbox set state = ${state}, error = ${error}, claim = null, lease_until = null, receipt = coalesce(${receipt}, receipt),
      next_try_at = clock_timestamp() + make_interval(secs => ${waitMs / 1000}),
      sent_at = case when ${state === 'sent'} then clock_timestamp() else sent_at end,
      sweep_until = case when ${doubtful} then clock_timestamp() + make_interval(mins => ${sweepMinutes}) else sweep_until end
    where id = ${row.id} and claim = ${row.claim} and state = 'sending' returning 1`;
  return rows.length === 1;
}

function nextState(
  verdict: Verdict,
  settleMs: number,
  backOffMs: number,
): { state: string; waitMs: number; error: string | null } {
  switch (verdict.kind) {
    case 'sent':
      return { state: 'sent', waitMs: 0, error: null };
    case 'ambiguous':
      return { state: 'ambiguous', waitMs: settleMs, error: verdict.reason };
    case 'absent':
      return { state: 'pending', waitMs: 0, error: 'Looked for and not found: sent again.' };
    case 'unknown':
      return { state: 'unknown', waitMs: 0, error: verdict.reason };
    case 'not_sent':
      return {
        state: verdict.permanent ? 'failed' : 'pending',
        waitMs: verdict.retryAfterMs ?? backOffMs,
        error: verdict.reason,
      };
    default:
      return verdict satisfies never;
  }
}

/** Remember a finished step of the claim. */
export async function keepProgress(db: Database, row: Claimed, progress: object): Promise<void> {
  await db.sql`
    update outbox set progress = progress || ${db.sql.json(progress as never)}
    where id = ${row.id} and claim = ${row.claim}`;
}
