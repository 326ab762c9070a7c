/** A real `herald start --role sync`, from its first word to its last. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';

const main = path.resolve(import.meta.dirname, '../../main.ts');
/** A worker leaves within five seconds. */
const PATIENCE_MS = 15_000;

export type BenchWorker = { origin: string; stop(): Promise<void> };

/** Resolves when it serves; rejects with what it said when it ends before. */
export async function startWorker(env: Record<string, string>): Promise<BenchWorker> {
  const child = spawn(process.execPath, [main, 'start', '--role', 'sync'], {
    env: { PATH: process.env.PATH, NO_COLOR: '1', ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = once(child, 'close');
  let said = '';
  const origin = await new Promise<string>((resolve, reject) => {
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      const found = /serves at (\S+)/.exec(said)?.[1];
      if (found) resolve(found);
    });
    ended.then(() => reject(new Error(`the worker ended: ${said}`)), reject);
  });
  return {
    origin,
    async stop() {
      const late = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS);
      child.kill('SIGTERM');
      await ended;
      clearTimeout(late);
    },
  };
}
