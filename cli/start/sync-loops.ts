/** Sources read in loops of their own: one that fails or waits never holds up another. Consumers follow. */
import { setTimeout as pause } from 'node:timers/promises';
import { describeQuota } from '../../platform/quota.ts';
import type { AskedRun } from '../../sync/ask-run.ts';
import type { Source } from '../../sync/source.ts';
import { consume, drainOnce, syncOnce, type Workshop } from '../sync-sources.ts';
import { nextLookMs } from './next-look.ts';

export type SourceState = {
  source: string;
  title: string;
  read: number;
  stream: string | null;
  state: 'waiting' | 'reading' | 'read' | 'failed';
  message: string | null;
  /** Why it is read less often than usual; null while it is not. */
  slowed: string | null;
};

export type SyncLoops = {
  states(): readonly SourceState[];
  /** Resolves when every source has been read once, or failed to be. */
  firstRound: Promise<void>;
  /** Resolves when this source's first cycle has ended and has been counted. */
  firstOf(source: string): Promise<void>;
  /** Do a run that was asked for, after the one under way. Rejects when it has to be tried again elsewhere or later. */
  run(source: string, asked: AskedRun): Promise<void>;
  /** Follow what a push named now, or as soon as the cycle under way has ended. */
  hinted(source: string): void;
  stop(): Promise<void>;
};

export type LoopOptions = {
  /** A source with a schedule is read when it is due, and not in between. */
  sources: readonly { source: Source; schedule: string | undefined }[];
  /** How many sources are read at once in the first round: more would only share two cores. */
  atOnce: number;
  everyMs: number;
  onProgress: (states: readonly SourceState[]) => void;
  /** After the consumers caught up with new data. */
  onCounted: () => Promise<void>;
};

type Asked = AskedRun & { done: () => void; fail: (reason: Error) => void };
/** `mayPass`: it failed in a way that waiting may mend. */
type Looked = { changed: boolean; mayPass: boolean };

export function startLoops(workshop: Workshop, options: LoopOptions): SyncLoops {
  const { signal, log, now, random } = workshop;
  const states = new Map(
    options.sources.map(({ source }): [string, SourceState] => [
      source.name,
      {
        source: source.name,
        title: source.title,
        read: 0,
        stream: null,
        state: 'waiting',
        message: null,
        slowed: null,
      },
    ]),
  );
  const wakes = new Map<string, () => void>();
  /** Sources with a push that nobody has looked at yet. */
  const pushed = new Set<string>();
  /** Runs that were asked for and wait for their turn. */
  const asked = new Map<string, Asked[]>(options.sources.map(({ source }) => [source.name, []]));
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

  async function once(source: Source, by?: Asked): Promise<Looked> {
    const state = states.get(source.name)!;
    Object.assign(state, { state: 'reading', read: 0, message: null });
    try {
      const report = await syncOnce(workshop, source, by?.cause ?? 'polling', {
        ...(by ? { asked: by.runId } : {}),
        onBatch: (batch) => {
          state.read += batch.read;
          state.stream = batch.stream;
          options.onProgress([...states.values()]);
        },
      });
      if (report === null) Object.assign(state, { state: 'waiting', message: 'another worker reads it' });
      else
        Object.assign(state, {
          state: report.state === 'SUCCESS' ? 'read' : 'failed',
          message:
            report.failures.map((failure) => `${failure.stream}: ${failure.reason}`).join('; ') || null,
        });
      state.slowed = describeQuota(workshop.gates.known(source.name)?.quota() ?? null, now());
      options.onProgress([...states.values()]);
      if (report) by?.done();
      else by?.fail(new Error(`another worker reads ${source.name}`));
      return {
        changed: report !== null && report.changed + report.deleted > 0,
        mayPass: report?.failures.some(({ needsOperator }) => !needsOperator) ?? false,
      };
    } catch (error) {
      by?.fail(error as Error);
      if (signal.aborted) return { changed: false, mayPass: false };
      Object.assign(state, { state: 'failed', message: (error as Error).message });
      log.error({ source: source.name, err: (error as Error).message }, 'a cycle failed');
      options.onProgress([...states.values()]);
      return { changed: false, mayPass: true };
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
    const first = await inFirstRound(() => once(source));
    await count();
    firsts.get(source.name)!.resolve();
    const requests = asked.get(source.name)!;
    let idle = 0;
    let failed = first.mayPass ? 1 : 0;
    while (!signal.aborted) {
      const quota = workshop.gates.known(source.name)?.quotaState() ?? 'normal';
      if (requests.length === 0) {
        await rest(
          source,
          schedule ? 3_600_000 : nextLookMs({ everyMs: options.everyMs, idle, failed, quota, random }),
        );
      }
      if (signal.aborted) return;
      const by = requests.shift();
      // A source with a schedule rests until somebody asks: the schedule does, on the database's clock.
      if (schedule && !by) continue;
      const { changed, mayPass } = await once(source, by);
      idle = changed ? 0 : idle + 1;
      failed = mayPass ? failed + 1 : 0;
      if (changed) await count();
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
    run: (source, { runId, cause }) =>
      new Promise<void>((done, fail) => {
        const requests = asked.get(source);
        if (!requests || signal.aborted) return fail(new Error(`${source} is not read here`));
        signal.addEventListener('abort', () => fail(signal.reason as Error), { once: true });
        requests.push({ runId, cause, done, fail });
        wakes.get(source)?.();
      }),
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
