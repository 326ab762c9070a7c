/**
 * What happens in the sync, told to whoever listens: metrics, alerts, caches, the log. Observers are wired in cli;
 * one that throws or rejects is logged and harms neither the run nor the other observers.
 */
import type { Log } from '../platform/log.ts';
import type { QuotaState } from '../platform/quota.ts';
import type { Severity } from './quality/rule.ts';

export type SyncEvents = {
  'run.finished': { source: string; runId: number; read: number; changed: number; deleted: number };
  'run.failed': { source: string; runId: number; reasons: readonly string[] };
  'stream.failed': { source: string; runId: number; stream: string; reason: string; needsOperator: boolean };
  'records.quarantined': { source: string; runId: number; records: number };
  'job.failed': { job: string; reason: string };
  'data.counted': Record<never, never>;
  'quality.finding': { rule: string; severity: Severity; records: number; finding: string };
  'schema.drifted': { source: string; stream: string; drift: string };
  'quota.degraded': { source: string; state: QuotaState; used: number; limit: number };
  'quota.recovered': { source: string; used: number; limit: number };
  'breaker.opened': { source: string; since: Date; reason: string };
  'breaker.closed': { source: string };
};

export type EventName = keyof SyncEvents;
export type Observer<N extends EventName> = (event: SyncEvents[N]) => void | Promise<void>;

export type Events = {
  /** Returns what ends the observation. */
  on<N extends EventName>(name: N, observer: Observer<N>): () => void;
  /** Returns at once: observers that wait are not waited for. */
  emit<N extends EventName>(name: N, event: SyncEvents[N]): void;
};

export function createEvents(log: Pick<Log, 'warn'>): Events {
  const observers = new Map<EventName, Set<(event: never) => void | Promise<void>>>();
  const complain = (event: EventName, thrown: unknown) =>
    log.warn({ event, err: thrown instanceof Error ? thrown.message : String(thrown) }, 'an observer failed');

  return {
    on(name, observer) {
      const those = observers.get(name) ?? new Set();
      observers.set(name, those);
      those.add(observer);
      return () => those.delete(observer);
    },
    emit(name, event) {
      for (const observer of observers.get(name) ?? []) {
        try {
          Promise.resolve((observer as Observer<typeof name>)(event)).catch((thrown: unknown) =>
            complain(name, thrown),
          );
        } catch (thrown) {
          complain(name, thrown);
        }
      }
    },
  };
}
