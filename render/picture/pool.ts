import { HeraldError } from '../../platform/errors.ts';
import type { Log } from '../../platform/log.ts';
import type { DrawingProcess } from './drawing-process.ts';

type Job<T> = {
  work: (process: DrawingProcess) => Promise<T>;
  resolve: (value: T) => void;
  reject: (error: unknown) => void;
};

/** More waiting pictures than this and new ones are refused: the text goes out without. */
const longestQueue = 500;

/** A fixed number of drawing processes, started when first needed and replaced when they die. */
export function createPool<T>(settings: { size: number; start: () => Promise<DrawingProcess>; log: Log }) {
  const { size, start, log } = settings;
  const idle: DrawingProcess[] = [];
  const all = new Set<DrawingProcess>();
  const queue: Job<T>[] = [];
  let started = 0;
  let closed = false;

  async function add(): Promise<void> {
    started += 1;
    try {
      const process = await start();
      if (closed) {
        process.end();
        return;
      }
      all.add(process);
      idle.push(process);
    } catch (error) {
      started -= 1;
      throw error;
    }
  }

  function pump(): void {
    while (queue.length > 0 && idle.length > 0) {
      const process = idle.pop()!;
      if (!process.alive()) {
        drop(process);
        continue;
      }
      void serve(process, queue.shift()!);
    }
    const missing = Math.min(size - started, queue.length);
    for (let i = 0; i < missing; i += 1) add().then(pump, refuse);
  }

  function drop(process: DrawingProcess): void {
    if (all.delete(process)) started -= 1;
  }

  /** No process can be started: nobody is left to draw what waits. */
  function refuse(error: unknown): void {
    log.error({ err: error }, 'drawing process did not start');
    if (started > 0) return;
    for (const job of queue.splice(0)) job.reject(error);
  }

  async function serve(process: DrawingProcess, job: Job<T>): Promise<void> {
    try {
      job.resolve(await job.work(process));
    } catch (error) {
      job.reject(error);
    }
    if (process.alive()) idle.push(process);
    else {
      drop(process);
      if (!closed) log.warn('drawing process ended and is replaced when next needed');
    }
    pump();
  }

  return {
    run(work: (process: DrawingProcess) => Promise<T>): Promise<T> {
      if (closed) return Promise.reject(new HeraldError('bug', 'Herald is shutting down.'));
      if (queue.length >= longestQueue) {
        return Promise.reject(
          new HeraldError('upstream', 'Too many pictures are waiting to be drawn. Try again in a moment.'),
        );
      }
      return new Promise<T>((resolve, reject) => {
        queue.push({ work, resolve, reject });
        pump();
      });
    },
    async warm(): Promise<void> {
      await Promise.all(Array.from({ length: size - started }, add));
      pump();
    },
    async close(): Promise<void> {
      closed = true;
      for (const job of queue.splice(0)) job.reject(new HeraldError('bug', 'Herald is shutting down.'));
      for (const process of all) process.end();
      all.clear();
    },
  };
}
