/**
 * What leaves the house: one row per target, sent by whichever replica claims it, visible exactly once.
 *
 * No chat platform has an idempotency key. So an attempt is either surely done, surely not done, or in doubt; what is
 * in doubt is left to settle and then looked for at the platform, by the slot's hash, before it is sent again. We do
 * not claim exactly-once *delivery*: a copy that the platform accepts later than that is removed by the sweep.
 */
import type { Database } from '../../db/client.ts';
import type { Log } from '../../platform/log.ts';
import type { Directory } from '../access/directory.ts';
import { type Claimed, claimDue, keepProgress, recoverLost, settle, type Verdict } from './claim.ts';
import type { Delivery, Sender, Senders } from './sender.ts';
import { sweepCopies } from './sweep.ts';
import { missingAreas, targetRights } from './target.ts';

export type OutboxOptions = {
  db: Database;
  senders: Senders;
  /** Rights are read again when sending: what was decided an hour ago may not be permitted now. */
  directory: Directory;
  log: Log;
  /** Unique for every claim. */
  newId: () => string;
  /** How long a platform may take to show a post whose reply was lost. Default 70 s. */
  settleMs?: number;
  /** After this long without a result the sender counts as dead. Default 120 s: upload and post with their time-outs. */
  leaseMs?: number;
  /** Between two deliveries to one target; Slack takes one message a second and channel. Default 1.1 s. */
  spacingMs?: number;
  /** How often to look for due rows. Default 1 s. */
  pollMs?: number;
};

export type Outbox = {
  /** Send what is due until nothing is; gives how many attempts were made. */
  deliverDue(): Promise<number>;
  /** Look now: something was just put in. */
  kick(): void;
  start(): void;
  /** Finish the sends in hand. */
  stop(): Promise<void>;
};

/** Targets served at a time. */
const width = 8;
/** Share of the lease that must be left before the call that cannot be taken back: Slack's takes at most 20 s. */
const spareShare = 0.25;
const longestBackOffMs = 300_000;
/** Failed looks after which nobody can look: some quarter of an hour. */
const mostLooks = 12;
export function createOutbox(options: OutboxOptions): Outbox {
  const {
    db,
    senders,
    directory,
    log,
    newId,
    settleMs = 70_000,
    leaseMs = 120_000,
    spacingMs = 1_100,
    pollMs = 1_000,
  } = options;
  let timer: ReturnType<typeof setInterval> | null = null;
  let running: Promise<unknown> | null = null;
  let again = false;

  // Each payload goes to the sender of its own kind: the table's keys are the payload's kinds.
  const senderOf = (row: Claimed) => senders[row.target_kind] as Sender | undefined;

  function deliveryOf(row: Claimed, startedMs = performance.now()): Delivery {
    return {
      to: row.target,
      slotKey: row.slot_key,
      payload: row.payload,
      after: row.after_receipt,
      progress: row.progress,
      keep: (progress) => keepProgress(db, row, progress),
      load: (hash) => loadBlob(db, hash),
      stillOurs: () => performance.now() - startedMs < leaseMs * (1 - spareShare),
    };
  }

  async function attempt(row: Claimed, startedMs: number): Promise<Verdict> {
    const sender = senderOf(row);
    if (!sender) return { kind: 'not_sent', reason: `Herald has no connection to ${row.target_kind}.` };
    const delivery = deliveryOf(row, startedMs);
    if (row.was === 'ambiguous') return look(row, sender, delivery);
    const target = { kind: row.target_kind, to: row.target };
    const missing = missingAreas(targetRights(directory, target, row.audience.role), row.audience.areas);
    if (missing.length > 0)
      return {
        kind: 'not_sent',
        permanent: true,
        reason: `Withheld: ${row.target} may not see ${missing.join(', ')}.`,
      };
    return sender.send(delivery);
  }

  async function handle(row: Claimed, startedMs: number): Promise<void> {
    let verdict: Verdict;
    try {
      verdict = await attempt(row, startedMs);
    } catch (thrown) {
      // A sender classifies what it foresees; the rest may have happened after the post.
      verdict = { kind: 'ambiguous', reason: `Unforeseen: ${(thrown as Error).message}` };
    }
    const backOffMs = Math.min(longestBackOffMs, 1000 * 2 ** Math.min(row.attempts, 9));
    const kept = await settle(db, row, verdict, { settleMs, backOffMs });
    const what = {
      slot: row.slot_key,
      topic: row.topic,
      part: row.part,
      target: `${row.target_kind}:${row.target}`,
    };
    if (!kept) log.warn(what, 'outbox: the claim was lost before the result was written');
    else if (verdict.kind === 'sent') log.info(what, 'outbox: delivered');
    else log.warn({ ...what, ...verdict }, 'outbox: not delivered yet');
  }

  async function deliverDue(): Promise<number> {
    await recoverLost(db, settleMs);
    let made = 0;
    for (;;) {
      const startedMs = performance.now();
      const rows = await claimDue(db, { most: width, claim: newId(), leaseMs, spacingMs });
      if (rows.length === 0) break;
      made += rows.length;
      const ends = await Promise.allSettled(rows.map((row) => handle(row, startedMs)));
      const broken = ends.find((end) => end.status === 'rejected');
      // The database is away: the leases run out, and what was claimed is looked for.
      if (broken) throw broken.reason;
    }
    await sweepCopies(db, senderOf, deliveryOf, log);
    return made;
  }

  function kick(): void {
    if (running) {
      again = true;
      return;
    }
    running = deliverDue()
      .catch((thrown: unknown) => log.warn({ err: (thrown as Error).message }, 'outbox: could not deliver'))
      .finally(() => {
        running = null;
        if (again && timer) kick();
        again = false;
      });
  }

  return {
    deliverDue,
    kick,
    start() {
      timer ??= setInterval(kick, pollMs);
      kick();
    },
    async stop() {
      if (timer) clearInterval(timer);
      timer = null;
      await running;
    },
  };
}

/**
 * An attempt in doubt: look for it by its slot. Where nobody can look, a digest is left as it is, and an alert is
 * repeated once: a platform that takes posts and then hangs up must not be flooded.
 */
async function look(row: Claimed, sender: Sender, delivery: Delivery): Promise<Verdict> {
  if (!sender.find) return decideBlind(row, delivery, 'nobody can look there.');
  try {
    const [found] = await sender.find(delivery, new Date(row.first_try_at.getTime() - 5_000));
    return found ? { kind: 'sent', receipt: found } : { kind: 'absent' };
  } catch (thrown) {
    const why = `the platform did not let us look (${(thrown as Error).message}).`;
    if (row.attempts > mostLooks) return decideBlind(row, delivery, why);
    return { kind: 'ambiguous', reason: `Perhaps delivered; ${why}` };
  }
}

async function decideBlind(row: Claimed, delivery: Delivery, why: string): Promise<Verdict> {
  if (row.kind === 'digest' || row.progress.repeated === true)
    return { kind: 'unknown', reason: `Perhaps delivered, and not sent again; ${why}` };
  await delivery.keep({ repeated: true });
  return { kind: 'absent' };
}

async function loadBlob(db: Database, hash: string): Promise<Uint8Array> {
  const [row] = await db.sql<{ bytes: Uint8Array }[]>`select bytes from blob where hash = ${hash}`;
  if (!row) throw new Error(`blob ${hash} is gone`);
  return row.bytes;
}
