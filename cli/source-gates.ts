/** One gate per source and process: its pace is shared through the database, its health kept there for all to see. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Database } from '../db/client.ts';
import { createGate, type Gate } from '../platform/gate.ts';
import type { Log } from '../platform/log.ts';
import { createPostgresLedger } from '../platform/postgres-ledger.ts';
import type { Events } from '../sync/events.ts';
import { keepQuota, keepReachability, readQuota } from '../sync/health.ts';
import type { Source } from '../sync/source.ts';

/** Long enough to spare a busy reader most round trips, short enough to cost small bursts nothing. */
const KEEP_MS = 500;

export type Gates = {
  of(source: Source): Promise<Gate>;
  /** Of a source that was opened here. */
  known(source: string): Gate | null;
};

export function createGates({
  db,
  now,
  log,
  events,
}: {
  db: Database;
  now: () => Date;
  log: Log;
  events: Events;
}): Gates {
  const opening = new Map<string, Promise<Gate>>();
  const opened = new Map<string, Gate>();

  async function open({ name: source, title, pace, readLimits }: Source): Promise<Gate> {
    let isOpen = false;
    const gate = createGate({
      name: title,
      pace,
      now,
      wait: (ms, signal) => pause(ms, undefined, { signal }),
      ledger: createPostgresLedger(db, source),
      keepMs: KEEP_MS,
      quota: await readQuota(db.sql, source),
      ...(readLimits ? { readLimits } : {}),
      async onBreaker(state) {
        await keepReachability(db.sql, source, state);
        if (state.kind === 'open') {
          log.warn(
            { source, since: state.since.toISOString(), err: state.reason },
            'the source cannot be reached',
          );
          events.emit('breaker.opened', { source, since: state.since, reason: state.reason });
        } else if (isOpen) {
          log.info({ source }, 'the source can be reached again');
          events.emit('breaker.closed', { source });
        }
        isOpen = state.kind === 'open';
      },
      async onQuota(quota, state, before) {
        await keepQuota(db.sql, source, quota);
        if (state === before) return;
        const { used, limit } = quota;
        if (state === 'normal') {
          log.info({ source, used, limit }, 'the day’s calls suffice again');
          events.emit('quota.recovered', { source, used, limit });
        } else {
          log.warn(
            { source, state, used, limit },
            'the day’s calls run short: the source is read less often',
          );
          events.emit('quota.degraded', { source, state, used, limit });
        }
      },
    });
    opened.set(source, gate);
    return gate;
  }

  return {
    of(source) {
      const known = opening.get(source.name);
      if (known) return known;
      const made = open(source).catch((thrown: unknown) => {
        opening.delete(source.name);
        throw thrown;
      });
      opening.set(source.name, made);
      return made;
    },
    known: (source) => opened.get(source) ?? null,
  };
}
