/** A real worker, `node main.ts sync`, over the demo company at a fiftieth of its size, standing still. */
import { type ChildProcess, spawn } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { type Database, openDatabase } from '../../db/client.ts';
import { openTestDatabase } from '../database.ts';

/** An undisturbed run takes a few seconds, one that tries again some more: one that takes this long hangs. */
const STALLED_MS = 60_000;

const main = path.resolve(import.meta.dirname, '../../main.ts');

export type Life = {
  /** Resolves with the first record that is stored, or the end. */
  working: Promise<void>;
  /** Exit code; null when it was killed. Rejects when the worker hangs: it neither works nor ends. */
  ended: Promise<number | null>;
  kill(): boolean;
};

export type WorkerHome = {
  db: Database;
  /** Start a worker. */
  live(): Life;
  /** Run any verb to its end. */
  herald(...args: string[]): Promise<{ code: number | null; out: string }>;
  /** The thirty seconds for which a dead worker's rights live are over. */
  expireLeases(): Promise<void>;
  folder: string;
  close(): Promise<void>;
};

/** `like`: a home whose company this one shares: the demo's day is part of it. */
export async function openWorkerHome(like?: WorkerHome): Promise<WorkerHome> {
  const test = await openTestDatabase();
  const folder = mkdtempSync(path.join(os.tmpdir(), 'herald-worker-'));
  const config = path.join(folder, 'herald.yaml');
  writeFileSync(config, 'demo: { scale: 0.02, live: false }\n');
  if (like && existsSync(path.join(like.folder, 'demo.json')))
    copyFileSync(path.join(like.folder, 'demo.json'), path.join(folder, 'demo.json'));
  const db = openDatabase(test.url, { name: 'herald-faults', max: 2 });
  const running = new Set<ChildProcess>();
  const start = (args: readonly string[]) => {
    const child = spawn(process.execPath, [main, ...args], {
      env: {
        PATH: process.env.PATH,
        NO_COLOR: '1',
        DATABASE_URL: test.url,
        HERALD_FOLDER: folder,
        HERALD_CONFIG: config,
        HERALD_LOG: 'silent',
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    running.add(child);
    const ended = new Promise<number | null>((resolve, reject) => {
      const patience = setTimeout(() => {
        reject(new Error(`herald ${args.join(' ')} hangs: it has not ended in ${STALLED_MS / 1000} s`));
        child.kill('SIGKILL');
      }, STALLED_MS);
      child.once('close', (code) => {
        clearTimeout(patience);
        running.delete(child);
        resolve(code);
      });
    });
    return { child, ended };
  };
  return {
    db,
    folder,
    live() {
      const { child, ended } = start(['sync']);
      child.stdout.resume();
      const working = new Promise<void>((resolve) => {
        child.stderr.on('data', (text: Buffer) => {
          if (/records|read/.test(text.toString())) resolve();
        });
        ended.then(
          () => resolve(),
          () => resolve(),
        );
      });
      return { working, ended, kill: () => child.kill('SIGKILL') };
    },
    async herald(...args) {
      const { child, ended } = start(args);
      let out = '';
      child.stdout.on('data', (text: Buffer) => {
        out += text.toString();
      });
      let said = '';
      child.stderr.on('data', (text: Buffer) => {
        said += text.toString();
      });
      const code = await ended;
      if (code !== 0) throw new Error(`herald ${args.join(' ')} ended with ${code}: ${said}`);
      return { code, out };
    },
    async expireLeases() {
      await db.sql`update lease set expires_at = clock_timestamp() - interval '1 second'`;
    },
    async close() {
      for (const child of running) child.kill('SIGKILL');
      await db.close();
      await test.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
