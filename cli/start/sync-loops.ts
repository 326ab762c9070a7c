/** Sources read in loops of their own: one that fails or waits never holds up another. Consumers follow. */
import { setTimeout as pause } from 'node:timers/promises';
import { Cron } from 'croner';
import type { Source } from '../../sync/source.ts';
import { consume, drainOnce, syncOnce, type Workshop } from '../sync-sources.ts';

export type SourceState = {
  source: string;
  title: string;
  read: number;
  stream: string | null;
  state: 'waiting' | 'reading' | 'read' | 'failed';
  message: string | null;
};

export type SyncLoops = {
  states(): readonly SourceState[];
  /** Resolves when every source has been read once, or failed to be. */
  firstRound: Promise<void>;
  /** Resolves when this source's first cycle has ended and has been counted. */
  firstOf(source: string): Promise<void>;
  /** Run a cycle now; false when one is under way. */
  trigger(source: string): boolean;
  /** Follow what a push named now, or as soon as the cycle under way has ended. */
  hinted(source: string): void;
  stop(): Promise<void>;
};

export type LoopOptions = {
  sources: readonly { source: Source; schedule: string | undefined }[];
  /** How many sources are read at once in the first round: more would only share two cores. */
  atOnce: number;
  everyMs: number;
  onProgress: (states: readonly SourceState[]) => void;
  /** After the consumers caught up with new data. */
  onCounted: () => Promise<void>;
};

export function startLoops(workshop: Workshop, options: LoopOptions): SyncLoops {
  const { signal, log, now } = workshop;
  const states = new Map(
    options.sources.map(({ source }): [string, SourceState] => [
      source.name,
      { source: source.name, title: source.title, read: 0, stream: null, state: 'waiting', message: null },
    ]),
  );
  const wakes = new Map<string, () => void>();
  /** Sources with a push that nobody has looked at yet. */
  const pushed = new Set<string>();
  const firsts = new Map<string, { done: Promise<void>; resolve: () => void }>();
  for (const { source } of options.sources) {
    let resolve = () => {};
    const done = new Promise<void>((settle) => {
      resolve = settle;
    });
    firsts.set(source.name, { done, resolve });
  }

  let counting: Promise<void> = Promise.resolve();
  /** Consumers run one at a time; a request while they run is served by the next round. */
  const count = (): Promise<void> => {
    counting = counting.then(async () => {
      try {
        if (!(await consume(workshop))) return;
        await options.onCounted();
      } catch (error) {
        if (!signal.aborted)
          log.error({ err: (error as Error).message }, 'the roll-up failed and will be tried again');
      }
    });
    return counting;
  };

  async function once(source: Source): Promise<boolean> {
    const state = states.get(source.name)!;
    Object.assign(state, { state: 'reading', read: 0, message: null });
    try {
      const report = await syncOnce(workshop, source, 'schedule', (batch) => {
        state.read += batch.read;
        state.stream = batch.stream;
        options.onProgress([...states.values()]);
      });
      if (report === null) Object.assign(state, { state: 'waiting', message: 'another worker reads it' });
      else
        Object.assign(state, {
          state: report.state === 'SUCCESS' ? 'read' : 'failed',
          message:
            report.failures.map((failure) => `${failure.stream}: ${failure.reason}`).join('; ') || null,
        });
      options.onProgress([...states.values()]);
      return report !== null && report.changed + report.deleted > 0;
    } catch (error) {
      if (signal.aborted) return false;
      Object.assign(state, { state: 'failed', message: (error as Error).message });
      log.error({ source: source.name, err: (error as Error).message }, 'a cycle failed');
      options.onProgress([...states.values()]);
      return false;
    }
  }

  async function drain(source: Source): Promise<boolean> {
    try {
      const report = await drainOnce(workshop, source);
      return report !== null && report.changed + report.deleted > 0;
    } catch (error) {
      if (!signal.aborted)
        log.error({ source: source.name, err: (error as Error).message }, 'pushes could not be followed');
      return false;
    }
  }

  let free = options.atOnce;
  const queue: (() => void)[] = [];
  async function inFirstRound<T>(work: () => Promise<T>): Promise<T> {
    if (free === 0) await new Promise<void>((go) => queue.push(go));
    else free--;
    try {
      return await work();
    } finally {
      const next = queue.shift();
      if (next) next();
      else free++;
    }
  }

  async function loop({ source, schedule }: { source: Source; schedule: string | undefined }): Promise<void> {
    await inFirstRound(() => once(source));
    await count();
    firsts.get(source.name)!.resolve();
    while (!signal.aborted) {
      const next = schedule
        ? (new Cron(schedule, { timezone: workshop.timeZone }).nextRun(now())?.getTime() ?? 0) -
          now().getTime()
        : options.everyMs;
      await rest(source, Math.max(1_000, next));
      if (signal.aborted) return;
      if (await once(source)) await count();
    }
  }

  /** Until the next cycle is due or triggered; a push in between is followed at once and moves no cycle. */
  async function rest(source: Source, ms: number): Promise<void> {
    const until = now().getTime() + ms;
    for (let left = ms; left > 0 && !signal.aborted; left = until - now().getTime()) {
      if (!pushed.has(source.name)) await sleep(source.name, left);
      if (!pushed.delete(source.name)) return;
      if (await drain(source)) await count();
    }
  }

  async function sleep(name: string, ms: number): Promise<void> {
    const woken = new AbortController();
    wakes.set(name, () => woken.abort());
    try {
      await pause(ms, undefined, { signal: AbortSignal.any([signal, woken.signal]) });
    } catch (error) {
      if ((error as Error).name !== 'AbortError') throw error;
    } finally {
      wakes.delete(name);
    }
  }

  const running = options.sources.map(loop);
  return {
    states: () => [...states.values()],
    firstRound: Promise.all([...firsts.values()].map((first) => first.done)).then(() => undefined),
    firstOf: (source) => firsts.get(source)?.done ?? Promise.resolve(),
    trigger(source) {
      const wake = wakes.get(source);
      wake?.();
      return wake !== undefined;
    },
    hinted(source) {
      if (!states.has(source)) return;
      pushed.add(source);
      wakes.get(source)?.();
    },
    async stop() {
      // A long statement is cut off with its connection; its transaction leaves nothing behind.
      await Promise.race([Promise.allSettled([...running, counting]), pause(5_000)]);
    },
  };
}
