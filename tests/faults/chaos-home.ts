/** Workers of a chaos company: started, killed, frozen; and the undisturbed rounds after which all has to be right. */
import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import type { ChaosCompany } from './chaos-company.ts';
import type { ChaosOrder } from './chaos-worker.ts';

const worker = path.join(import.meta.dirname, 'chaos-worker.ts');

export type ChaosWorker = {
  child: ChildProcess;
  /** Resolves when a line begins with this, or the worker ends. */
  said(beginning: string): Promise<void>;
  lines: string[];
  ended: Promise<void>;
};

export function startWorker(
  url: string,
  company: Pick<ChaosCompany, 'sources' | 'aheadMs' | 'pushTo'>,
  more: Partial<Pick<ChaosOrder, 'rounds' | 'allLanes' | 'sources'>> = {},
): ChaosWorker {
  const order: ChaosOrder = {
    url,
    sources: company.sources,
    aheadMs: company.aheadMs(),
    rounds: null,
    allLanes: false,
    ...more,
  };
  const child = spawn(process.execPath, [worker, JSON.stringify(order)], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH, TZ: 'UTC' },
  });
  const lines: string[] = [];
  const listeners = new Set<() => void>();
  let rest = '';
  const take = (text: Buffer) => {
    const parts = (rest + text.toString()).split('\n');
    rest = parts.pop() ?? '';
    lines.push(...parts);
    for (const line of parts)
      if (line.startsWith('listens at ')) company.pushTo(line.slice('listens at '.length));
    for (const listener of listeners) listener();
  };
  child.stdout.on('data', take);
  child.stderr.on('data', take);
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  return {
    child,
    lines,
    ended,
    said: (beginning) =>
      new Promise((resolve) => {
        const look = () => {
          if (!lines.some((line) => line.startsWith(beginning))) return;
          listeners.delete(look);
          resolve();
        };
        listeners.add(look);
        look();
        ended.then(resolve);
      }),
  };
}

/** Faults off, everything visible, every lane: what is not right after this is lost. */
export async function finish(url: string, company: ChaosCompany): Promise<void> {
  for (const faults of Object.values(company.faults)) faults.clear();
  company.advance(20 * 60_000);
  const { lines, ended } = startWorker(url, company, { rounds: 2, allLanes: true });
  await ended;
  if (lines.filter((line) => line === 'round whole').length !== 2)
    throw new Error(`the undisturbed rounds were not whole:\n${lines.slice(-12).join('\n')}`);
}
