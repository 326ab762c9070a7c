/**
 * Postgres is killed under a worker, and its backends between statements, while its systems change and misbehave:
 * nothing is lost, and no position stands without its records. HERALD_FAULTS_LONG=1: 25 servers, 200 backends.
 */
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { openDatabase } from '../../db/client.ts';
import { openServer } from '../../db/embedded/server.ts';
import { migrate } from '../../db/migrate.ts';
import { openTestDatabase } from '../database.ts';
import { openChaosCompany } from './chaos-company.ts';
import { finish, startWorker } from './chaos-home.ts';
import { flawless, judge } from './oracle.ts';
import { seeded } from './seeded.ts';

const long = process.env.HERALD_FAULTS_LONG === '1';
const SERVERS = Number(process.env.HERALD_FAULTS_SERVERS ?? (long ? 25 : 3));
const BACKENDS = Number(process.env.HERALD_FAULTS_BACKENDS ?? (long ? 200 : 20));

test('a database that dies under the worker loses nothing', async () => {
  const random = seeded(17);
  const folder = mkdtempSync(path.join(os.tmpdir(), 'herald-chaos-'));
  // Open to the user whom root hands the server to.
  chmodSync(folder, 0o755);
  // The machine stays up: only what was told to the disk by fsync could differ.
  const options = { folder, settings: { fsync: 'off', full_page_writes: 'off' } };
  let server = await openServer(options);
  const ledger = await openTestDatabase({ empty: true });
  const company = await openChaosCompany({ seed: 6, scale: 0.005, random, ledgerUrl: ledger.url });
  for (const faults of Object.values(company.faults))
    faults.set({ reset: 0.03, truncated: 0.03, tooMany: 0.03 });
  const life = company.live(40);
  const url = server.url('herald');
  let worker: ReturnType<typeof startWorker> | null = null;
  let [servers, backends] = [0, 0];
  try {
    await server.ensureDatabase('herald');
    await migrate(url);
    worker = startWorker(url, company);
    await worker.said('batch');
    const alive = () =>
      expect(worker?.child.exitCode, `the worker ended:\n${worker?.lines.slice(-12).join('\n')}`).toBeNull();
    const db = openDatabase(url, { name: 'herald-test', max: 1 });
    while (backends < BACKENDS) {
      alive();
      // Mostly those in a transaction: a cut between two of its statements is what could tear something.
      const cut = await db.sql`
        select pg_terminate_backend(pid) from pg_stat_activity
        where application_name = 'herald-chaos' and (xact_start is not null or ${random() < 0.1}) limit 1`;
      backends += cut.length;
      await pause(cut.length > 0 ? random() * 300 : 3);
    }
    await db.close();
    while (servers < SERVERS) {
      alive();
      await pause(500 + random() * 2_000);
      const pid = Number(readFileSync(path.join(folder, 'pg', 'postmaster.pid'), 'utf8').split('\n')[0]);
      process.kill(pid, 'SIGQUIT');
      servers += 1;
      for (;;) {
        // The old one may still answer for a moment.
        await pause(100);
        const next = await openServer(options).catch(() => null);
        if (!next) continue;
        server = next;
        break;
      }
      expect(server.url('herald')).toBe(url);
    }
    await life.stop();
    expect(worker.child.kill('SIGKILL'), worker.lines.slice(-5).join('\n')).toBe(true);
    await worker.ended;
    const after = openDatabase(url, { name: 'herald-test', max: 1 });
    await after.sql`update lease set expires_at = clock_timestamp() - interval '1 second'`;
    await finish(url, company);
    const { examples, versions, ...verdict } = await judge(after, company);
    console.log(
      `servers killed ${servers}, backends killed ${backends}, changes ${company.changes()}, versions ${versions}:`,
      JSON.stringify(verdict),
    );
    expect(verdict, examples.join('\n')).toEqual(flawless);
    // The oracle is no blind one: a version that is repeated, a row that is stale and a number off by a cent.
    await after.sql`
      insert into record_version (source, stream, id, batch_id, version, op, payload, valid_from)
      select source, stream, id, batch_id, version, op, payload, clock_timestamp() from record_version
      where source = 'hubspot' and stream = 'companies' and op = 'upsert' order by valid_from desc limit 1`;
    await after.sql`update deal set amount = amount + 1 where (system, id) = (
      select system, id from deal where system = 'salesforce' and amount is not null limit 1)`;
    await after.sql`update bucket set value = value + 1 where (measure, day) = (
      select measure, day from bucket where measure = 'won_value' group by measure, day having count(*) = 1 limit 1)`;
    expect(await judge(after, company)).toMatchObject({
      duplicate: 1,
      rows: 1,
      figures: { won_value: 1 },
      lost: 0,
    });
    await after.close();
  } finally {
    await life.stop();
    worker?.child.kill('SIGKILL');
    await server.release();
    await company.close();
    await ledger.close();
    rmSync(folder, { recursive: true, force: true });
  }
}, 3_600_000);
