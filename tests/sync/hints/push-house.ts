/** A source with its stand-in, a database and the webhook route between them, all real and over HTTP. */

import type { RequestListener } from 'node:http';
import { createWebhooks } from '../../../cli/start/webhooks.ts';
import { type Database, openDatabase } from '../../../db/client.ts';
import type { Store } from '../../../demo/company/records.ts';
import { createStore } from '../../../demo/company/store.ts';
import { type PushKind, type PushOptions, sendPushes } from '../../../demo/stand-ins/push/send-pushes.ts';
import { serveLoopback } from '../../../demo/stand-ins/serve.ts';
import { takeLease } from '../../../platform/lease.ts';
import { type CycleInput, defaultCycle, runCycle } from '../../../sync/cycle.ts';
import { drainHints } from '../../../sync/hints/drain-hints.ts';
import type { Source } from '../../../sync/source.ts';
import { openTestDatabase } from '../../database.ts';
import { quiet } from '../../run-cycle.ts';
import { readContext } from '../sources/read-context.ts';

export const secret = 'a-secret-of-the-app';

export type Clock = { now: number };

export async function openPushHouse(input: {
  name: string;
  clock: Clock;
  standIn: (store: Store, now: () => number) => RequestListener;
  source: (url: string) => Source;
  kind?: PushKind;
  mischief?: PushOptions['mischief'];
}) {
  const { name, clock } = input;
  const test = await openTestDatabase();
  const db = openDatabase(test.url, { name: 'herald-push', max: 4 });
  const store = createStore();
  let calls = 0;
  const inner = input.standIn(store, () => clock.now);
  const platform = await serveLoopback((request, response) => {
    calls++;
    inner(request, response);
  });
  const source = input.source(platform.url);
  const herald = await serveLoopback(
    createWebhooks({
      db,
      sources: () => ({ [name]: { webhookSecret: secret } }),
      publicUrl: null,
      now: () => new Date(clock.now),
      log: quiet,
    }),
  );
  const target = { url: `${herald.url}/webhooks/${name}`, secret };
  const pushes = input.kind
    ? sendPushes({
        store,
        target,
        kind: input.kind,
        now: () => clock.now,
        random: () => 0.5,
        mischief: input.mischief ?? { twice: 0, late: 0 },
      })
    : null;
  const context = readContext(source, () => new Date(clock.now));

  async function underLease<T>(
    work: (input: CycleInput) => Promise<T>,
    change: Partial<CycleInput> = {},
  ): Promise<T> {
    const lease = await takeLease(db, `sync:${name}`, 'test');
    if (!lease) throw new Error('the lease is taken');
    try {
      return await work({
        db,
        source,
        lease,
        settings: defaultCycle,
        cause: 'test',
        log: quiet,
        wait: async () => undefined,
        context,
        ...change,
      });
    } finally {
      await lease.release();
    }
  }

  return {
    db,
    store,
    source,
    context,
    target,
    calls: () => calls,
    cycle: () => underLease(runCycle),
    /** Wait until everything pushed so far was answered, then follow it. */
    async follow() {
      await pushes?.sent();
      return underLease(drainHints);
    },
    pushed: async () => void (await pushes?.sent()),
    /** Like `follow`, with something that happens after the first record was read and before it is stored. */
    async followAnd(meanwhile: () => Promise<void>) {
      await pushes?.sent();
      let hasHappened = false;
      const hinted: Source['hinted'] = {
        streams: source.hinted!.streams,
        async *read(stream, ids, reading) {
          for await (const records of source.hinted!.read(stream, ids, reading)) {
            if (!hasHappened) {
              hasHappened = true;
              await meanwhile();
            }
            yield records;
          }
        },
      };
      return underLease(drainHints, { source: { ...source, hinted } });
    },
    /** Like `follow`, by a worker whose connection ends with the commit of the records. */
    async followAndDie() {
      await pushes?.sent();
      const job = new AbortController();
      const signal = job.signal;
      await underLease(drainHints, {
        context: { ...context, signal },
        onBatch: () => {
          job.abort();
          throw new Error('killed');
        },
      }).catch((thrown: Error) => {
        if (thrown.message !== 'killed') throw thrown;
      });
    },
    hints: () => hintsOf(db),
    head: async (id: string) =>
      (
        await db.sql<
          { version: number; deleted: boolean }[]
        >`select version, deleted from record_head where id = ${id}`
      )[0],
    async close() {
      await pushes?.stop();
      await herald.close();
      await platform.close();
      await db.close();
      await test.close();
    },
  };
}

export type PushHouse = Awaited<ReturnType<typeof openPushHouse>>;

export const hintsOf = (db: Database) =>
  db.sql<{ stream: string; record_id: string; gone: boolean }[]>`
    select stream, record_id, gone from hint order by stream, record_id`;
