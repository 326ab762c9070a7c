/** The embedded server among several processes: one starts it, others join, the last one out stops it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { canReach } from '../../db/embedded/owner.ts';

const program = path.join(import.meta.dirname, 'join-server.ts');
let folder: string;
let running: Joined[] = [];

type Joined = { child: ChildProcess; postmaster: number; ended: Promise<number | null> };

beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'herald-embedded-'));
  // Open to the user whom root hands the server to; else the data would be put elsewhere, and stay there.
  chmodSync(folder, 0o755);
  running = [];
});
afterEach(async () => {
  await Promise.all(running.map((one) => leave(one)));
  rmSync(folder, { recursive: true, force: true });
});

async function join(identity: { uid?: number; gid?: number } = {}): Promise<Joined> {
  const child = spawn(process.execPath, [program, folder], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH, HOME: folder },
    ...identity,
  });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  let out = '';
  let said = '';
  child.stderr.on('data', (chunk) => {
    said += chunk;
  });
  const postmaster = await new Promise<number>((resolve, reject) => {
    child.stdout.on('data', (chunk) => {
      out += chunk;
      const ready = /ready (\d+)\n/.exec(out);
      if (ready) resolve(Number(ready[1]));
    });
    void ended.then((code) => reject(new Error(`ended with ${code} before it was ready: ${said}`)));
  });
  const joined = { child, postmaster, ended };
  running.push(joined);
  return joined;
}

async function leave({ child, ended }: Joined): Promise<number | null> {
  child.stdin!.end();
  return ended;
}

function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    // A zombie has a pid and no server: nobody may be there to collect it.
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch (error) {
    if (['ESRCH', 'ENOENT'].includes((error as NodeJS.ErrnoException).code ?? '')) return false;
    throw error;
  }
}

describe('several processes', () => {
  test('of five at once one starts the server and the others join it', async () => {
    const all = await Promise.all(Array.from({ length: 5 }, () => join()));
    expect(new Set(all.map(({ postmaster }) => postmaster)).size).toBe(1);
    expect(await Promise.all(all.map(leave))).toEqual([0, 0, 0, 0, 0]);
    expect(lives(all[0]!.postmaster)).toBe(false);
  });

  test('whoever started it may leave while others use it', async () => {
    const first = await join();
    const second = await join();
    await leave(first);
    expect(lives(second.postmaster)).toBe(true);
  });

  test('the last one out stops it', async () => {
    const first = await join();
    const second = await join();
    await leave(second);
    await leave(first);
    expect(lives(first.postmaster)).toBe(false);
  });

  test('a client that is killed leaves the server running', async () => {
    const killed = await join();
    killed.child.kill('SIGKILL');
    await killed.ended;
    expect(lives(killed.postmaster)).toBe(true);
    const next = await join();
    expect(next.postmaster).toBe(killed.postmaster);
    await leave(next);
    expect(lives(killed.postmaster)).toBe(false);
  });

  test('a server that was killed is started again on its data', async () => {
    const first = await join();
    process.kill(first.postmaster, 'SIGKILL');
    const second = await join();
    expect(second.postmaster).not.toBe(first.postmaster);
    expect(lives(second.postmaster)).toBe(true);
  });
});

describe('who runs it', () => {
  const isRoot = process.getuid?.() === 0;
  const ownerOf = (pid: number) =>
    Number(/^Uid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);

  test('never root', async () => {
    const { postmaster } = await join();
    expect(ownerOf(postmaster)).not.toBe(0);
    expect(isRoot || ownerOf(postmaster) === process.getuid?.()).toBe(true);
  });

  // Only root can become somebody else, and that somebody must be able to read this checkout.
  const nobody = { uid: 65534, gid: 65534, drop: true };
  const possible = isRoot && canReach(program, nobody) && canReach(process.execPath, nobody);

  test.runIf(possible)('an ordinary user runs it as himself', async () => {
    chmodSync(folder, 0o700);
    chownSync(folder, nobody.uid, nobody.gid);
    const { postmaster } = await join({ uid: nobody.uid, gid: nobody.gid });
    expect(ownerOf(postmaster)).toBe(nobody.uid);
    expect(existsSync(path.join(folder, 'pg', 'PG_VERSION'))).toBe(true);
  });
});
