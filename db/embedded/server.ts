/**
 * The embedded PostgreSQL: started by whoever comes first, joined by everybody else, stopped by the last one out.
 *
 * The package's own start ties the server to our process group and cannot survive a kill -9, so this launcher takes
 * only its binaries. The server is found through postmaster.pid *and* a connection: a pid may be alive and dead at once.
 */

import { spawn, spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  closeSync,
  cpSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import postgres from 'postgres';
import { DatabaseFault } from '../fault.ts';
import { writeOnce } from '../write-once.ts';
import { type Binaries, findBinaries } from './binaries.ts';
import { canReach, chooseOwner, type Owner } from './owner.ts';

export type EmbeddedServer = {
  port: number;
  /** Connection string of one of its databases. */
  url(database: string): string;
  /** Make a database unless it is there. */
  ensureDatabase(name: string): Promise<void>;
  /** Leave; the last one out stops the server. */
  release(): Promise<void>;
};

export type ServerOptions = {
  /** Where everything of this installation lies; the data goes to `<folder>/pg`. */
  folder: string;
  /** Told when something takes long or lies elsewhere than expected. */
  say?: (line: string) => void;
  /** Extra server settings, e.g. fsync=off in tests. */
  settings?: Record<string, string>;
};

/** Advisory lock by which the processes that use the server know of each other. */
const USERS_LOCK = 4_715_001;
const START_DEADLINE_MS = 60_000;

const settings: Record<string, string> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '80',
  shared_buffers: '128MB',
  max_wal_size: '2GB',
  client_connection_check_interval: '5s',
  log_min_messages: 'warning',
  timezone: 'UTC',
};

/** Start the server or join the running one. Throws DatabaseFault. */
export async function openServer(options: ServerOptions): Promise<EmbeddedServer> {
  const folder = path.resolve(options.folder);
  mkdirSync(folder, { recursive: true });
  let binaries = await findBinaries(process.platform, process.arch);
  let data = path.join(folder, 'pg');
  const owner = chooseOwner(data);
  if (!canReach(data, owner) || !canReach(binaries.postgres, owner)) {
    ({ data, binaries } = relocate(folder, binaries, owner));
    options.say?.(`The database lies in ${path.dirname(data)}: PostgreSQL's user cannot reach ${folder}.`);
  }
  const password = readPassword(folder);
  if (!existsSync(path.join(data, 'PG_VERSION'))) initialise(data, binaries, owner, password);

  const deadline = performance.now() + START_DEADLINE_MS;
  for (;;) {
    const port = portOf(data);
    const keeper = port === null ? null : await join(port, password);
    if (port !== null && keeper) return server(port, password, data, keeper);
    if (performance.now() > deadline)
      throw new DatabaseFault(
        'unavailable',
        `The embedded database did not start within ${START_DEADLINE_MS / 1000} s. Its log is ${path.join(folder, 'postgres.log')}.`,
      );
    await launch(data, folder, binaries, owner, options.settings ?? {});
  }
}

function readPassword(folder: string): string {
  const file = path.join(folder, 'password');
  try {
    if (!existsSync(file)) writeOnce(file, randomBytes(24).toString('base64url'));
  } catch (error) {
    throw new DatabaseFault(
      'setup',
      `Cannot write ${file}: ${(error as Error).message}. Give this user the folder, or set DATABASE_URL.`,
      error,
    );
  }
  return readFileSync(file, 'utf8').trim();
}

/** initdb beside, then rename: of several newcomers one wins, the others attach. */
function initialise(data: string, binaries: Binaries, owner: Owner, password: string): void {
  const fresh = `${data}.init.${process.pid}`;
  const secret = `${fresh}.pw`;
  mkdirSync(fresh, { recursive: true, mode: 0o700 });
  writeFileSync(secret, password, { mode: 0o600 });
  if (owner.drop) for (const made of [fresh, secret]) chownSync(made, owner.uid, owner.gid);
  const made = spawnSync(
    binaries.initdb,
    [
      '-D',
      fresh,
      '-U',
      'herald',
      '--pwfile',
      secret,
      '-A',
      'scram-sha-256',
      '-E',
      'UTF8',
      '--locale=C',
      '--no-sync',
    ],
    {
      ...(owner.drop ? { uid: owner.uid, gid: owner.gid } : {}),
      cwd: '/',
      encoding: 'utf8',
      env: { LC_ALL: 'C' },
    },
  );
  rmSync(secret, { force: true });
  if (made.status !== 0) {
    rmSync(fresh, { recursive: true, force: true });
    throw new DatabaseFault(
      'setup',
      `The embedded database could not be made: ${(made.stderr || made.error?.message || '').trim().split('\n').at(-1)}`,
    );
  }
  try {
    renameSync(fresh, data);
  } catch {
    // Another process was first (the target is not empty): ours is not needed.
    rmSync(fresh, { recursive: true, force: true });
  }
}

async function launch(
  data: string,
  folder: string,
  binaries: Binaries,
  owner: Owner,
  extra: Record<string, string>,
): Promise<void> {
  const port = await freePort(lastPort(folder));
  const log = openSync(path.join(folder, 'postgres.log'), 'a');
  const args = [
    '-D',
    data,
    '-p',
    String(port),
    ...Object.entries({ ...settings, ...extra }).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
  ];
  const child = spawn(binaries.postgres, args, {
    detached: true,
    cwd: '/',
    stdio: ['ignore', log, log],
    env: { LC_ALL: 'C' },
    ...(owner.drop ? { uid: owner.uid, gid: owner.gid } : {}),
  });
  let ended = false;
  child.on('exit', () => {
    ended = true;
  });
  child.on('error', () => {
    ended = true;
  });
  child.unref();
  closeSync(log);
  writeFileSync(path.join(folder, 'port'), String(port));
  // Ready, or ended because another process was first: the caller looks again either way.
  for (let tries = 0; tries < 600 && !ended; tries++) {
    if (portOf(data) === port && isReady(data)) return;
    await pause(25);
  }
  await pause(100);
}

function pidFile(data: string): string[] {
  try {
    return readFileSync(path.join(data, 'postmaster.pid'), 'utf8').split('\n');
  } catch {
    return [];
  }
}

function portOf(data: string): number | null {
  return Number(pidFile(data)[3]) || null;
}

function isReady(data: string): boolean {
  return pidFile(data)[7]?.trim() === 'ready';
}

function lastPort(folder: string): number | null {
  try {
    return Number(readFileSync(path.join(folder, 'port'), 'utf8')) || null;
  } catch {
    return null;
  }
}

/** The last port when it is free, so that pools that outlived a crash find the server again. */
async function freePort(preferred: number | null): Promise<number> {
  for (const candidate of preferred === null ? [0] : [preferred, 0]) {
    const port = await new Promise<number | null>((resolve) => {
      const probe = net.createServer();
      probe.once('error', () => resolve(null));
      probe.listen(candidate, '127.0.0.1', () => {
        const { port: given } = probe.address() as net.AddressInfo;
        probe.close(() => resolve(given));
      });
    });
    if (port !== null) return port;
  }
  throw new DatabaseFault('unavailable', 'No free port on 127.0.0.1 for the embedded database.');
}

const url = (port: number, password: string, database: string) =>
  `postgres://herald:${encodeURIComponent(password)}@127.0.0.1:${port}/${database}`;

/** States in which a server is starting or stopping: look again shortly. */
const passing = new Set([
  '57P03',
  '57P01',
  'ECONNREFUSED',
  'ECONNRESET',
  'CONNECTION_CLOSED',
  'CONNECT_TIMEOUT',
  'CONNECTION_ENDED',
  '53300',
]);

/** A dedicated connection holding the shared users' lock, or null when no server answers there. */
async function join(port: number, password: string): Promise<postgres.Sql | null> {
  for (let tries = 0; tries < 40; tries++) {
    const sql = postgres(url(port, password, 'postgres'), {
      max: 1,
      connect_timeout: 5,
      idle_timeout: 0,
      max_lifetime: null,
      onnotice: () => undefined,
      connection: { application_name: 'herald-keeper' },
    });
    try {
      await sql`select pg_advisory_lock_shared(${USERS_LOCK})`;
      return sql;
    } catch (error) {
      await sql.end({ timeout: 1 });
      const code = (error as { code?: string }).code ?? '';
      if (code === 'ECONNREFUSED') return null;
      if (!passing.has(code))
        throw new DatabaseFault(
          'setup',
          `The embedded database on port ${port} refuses us: ${(error as Error).message}`,
          error,
        );
      await pause(50);
    }
  }
  return null;
}

function server(port: number, password: string, data: string, keeper: postgres.Sql): EmbeddedServer {
  return {
    port,
    url: (database) => url(port, password, database),
    async ensureDatabase(name) {
      const [found] = await keeper`select 1 from pg_database where datname = ${name}`;
      if (found) return;
      try {
        await keeper`create database ${keeper(name)}`;
      } catch (error) {
        // Two newcomers at once: the other one made it.
        if (!['42P04', '23505'].includes((error as { code?: string }).code ?? '')) throw error;
      }
    },
    async release() {
      try {
        await keeper`select pg_advisory_unlock_shared(${USERS_LOCK})`;
        const [{ alone } = { alone: false }] = await keeper<
          { alone: boolean }[]
        >`select pg_try_advisory_lock(${USERS_LOCK}) as alone`;
        if (alone) {
          // The connection stays open until the server is gone: a newcomer waits instead of being granted the lock and cut off.
          const pid = Number(pidFile(data)[0]);
          if (pid > 0) process.kill(pid, 'SIGINT');
          for (let tries = 0; tries < 200 && pidFile(data).length > 0; tries++) await pause(25);
        }
      } catch (error) {
        if (!passing.has((error as { code?: string }).code ?? '')) throw error;
      } finally {
        await keeper.end({ timeout: 1 });
      }
    },
  };
}

/** Copy the binaries and put the data where the server's user can reach both. */
function relocate(folder: string, binaries: Binaries, owner: Owner): { data: string; binaries: Binaries } {
  const home = path.join('/var/lib/herald', createHash('sha256').update(folder).digest('hex').slice(0, 12));
  const native = path.join(home, 'native');
  mkdirSync(home, { recursive: true });
  if (!existsSync(path.join(native, 'bin', 'postgres'))) {
    const copy = `${native}.${process.pid}`;
    cpSync(binaries.native, copy, { recursive: true, verbatimSymlinks: true });
    try {
      renameSync(copy, native);
    } catch {
      rmSync(copy, { recursive: true, force: true });
    }
  }
  if (owner.drop) chownSync(home, owner.uid, owner.gid);
  chmodSync(home, 0o755);
  return {
    data: path.join(home, 'pg'),
    binaries: {
      native,
      postgres: path.join(native, 'bin', 'postgres'),
      initdb: path.join(native, 'bin', 'initdb'),
    },
  };
}
