/**
 * Workers are killed, and their connections cut, at random points; after one undisturbed run the database has to be
 * the one that no disturbance ever met: the verb itself, every source and the answers. Many more kills of the sync
 * alone are chaos.test.ts's. HERALD_FAULTS_LONG=1: 200 of each.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  dangling,
  differences,
  type Remains,
  readRemains,
  repeatedVersions,
  unifiedTables,
} from './remains.ts';
import { seeded } from './seeded.ts';
import { openWorkerHome, type WorkerHome } from './worker.ts';

const long = process.env.HERALD_FAULTS_LONG === '1';
const FAULTS = long ? 200 : 6;
/** Of one database's worth of work: then it is left to finish and looked at. A cut always hits a transaction, a kill not. */
const KILLS_PER_HOME = 12;
const CUTS_PER_HOME = 25;
/** A life's work after its first record takes about three seconds, half of it reading: most are cut in that half. */
const MOST_LIFE_MS = 700;

let undisturbed: WorkerHome;
let expected: Remains;
const now = new Date().toISOString();

async function finish(home: WorkerHome): Promise<Remains> {
  await home.expireLeases();
  // A second run reads what changed since the first began: nothing may come of it.
  await home.herald('sync');
  await home.herald('sync');
  return readRemains(home, now);
}

async function expectUndamaged(home: WorkerHome): Promise<void> {
  expect(differences(expected, await finish(home))).toEqual([]);
  expect(await repeatedVersions(home.db)).toBe(0);
  expect(await dangling(home.db)).toBe(0);
}

beforeAll(async () => {
  undisturbed = await openWorkerHome();
  expected = await finish(undisturbed);
}, 120_000);
afterAll(() => undisturbed.close());

/** Runs that were cut off: they never ended, or had to try again. */
async function cutShort({ db }: WorkerHome): Promise<number> {
  const [row] = await db.sql<{ n: number }[]>`
    select count(*)::int as n from sync_run r where finished_at is null or state = 'FAILED'
      or exists (select from sync_transition t where t.run_id = r.id and t.to_state = 'RETRYING')`;
  return row!.n;
}

test('the company that is synced is not an empty one', () => {
  expect(unifiedTables.filter((table) => expected[table]!.length === 0)).toEqual([]);
});

test(
  'a worker killed anywhere loses nothing and doubles nothing',
  async () => {
    const random = seeded(23);
    let hits = 0;
    for (let kills = 0; kills < FAULTS; ) {
      const home = await openWorkerHome(undisturbed);
      try {
        for (let here = 0; here < KILLS_PER_HOME && kills < FAULTS; ) {
          const life = home.live();
          // Chaos is paced by the clock: no event tells when a kill would hurt most.
          if (random() < 0.85) await life.working;
          await Promise.race([life.ended, pause(random() * MOST_LIFE_MS)]);
          const killed = life.kill();
          if (!killed || (await life.ended) !== null) break;
          here++;
          kills++;
          await home.expireLeases();
        }
        hits += await cutShort(home);
        await expectUndamaged(home);
      } finally {
        await home.close();
      }
    }
    // Faults that hit nothing prove nothing.
    expect(hits).toBeGreaterThan(FAULTS / 4);
  },
  long ? 3_600_000 : 240_000,
);

test(
  'a worker whose connections are cut between statements loses nothing and doubles nothing',
  async () => {
    const random = seeded(41);
    for (let cuts = 0; cuts < FAULTS; ) {
      const home = await openWorkerHome(undisturbed);
      try {
        for (
          let here = 0, code: number | null = null;
          code !== 0 && here < CUTS_PER_HOME && cuts < FAULTS;
        ) {
          const life = home.live();
          const over = life.ended.then(() => true);
          for (let ended = false; !ended && cuts < FAULTS; ) {
            // Only one that is inside a transaction: an idle connection that is cut is merely opened again.
            const cut = await home.db.sql`
              select pg_terminate_backend(pid) from pg_stat_activity
              where application_name = 'herald-sync' and datname = current_database() and xact_start is not null
                and state in ('active', 'idle in transaction') limit 1`;
            here += cut.length;
            cuts += cut.length;
            const wait = cut.length > 0 ? 50 + random() * 500 : random() * 20;
            ended = await Promise.race([over, pause(wait).then(() => false)]);
          }
          code = await life.ended;
          await home.expireLeases();
        }
        await expectUndamaged(home);
      } finally {
        await home.close();
      }
    }
  },
  long ? 3_600_000 : 240_000,
);

test('the comparison sees one lost row, one stale row and one repeated version', async () => {
  const { db } = undisturbed;
  await db.sql`delete from deal where (system, id) = (select system, id from deal limit 1)`;
  await db.sql`update invoice set amount = amount + 1 where (system, id) = (select system, id from invoice limit 1)`;
  await db.sql`
    insert into record_version (source, stream, id, batch_id, version, op, payload, valid_from)
    select source, stream, id, batch_id, version, op, payload, clock_timestamp() from record_version where stream = 'tickets' limit 1`;
  const seen = differences(expected, await readRemains(undisturbed, now)).map((line) => line.split(',')[0]);
  expect(seen).toEqual([
    'deal: 1 lost',
    'invoice: 1 lost',
    'invoice: 1 too many',
    'history: 1 lost',
    'history: 1 too many',
  ]);
  expect(await repeatedVersions(db)).toBe(1);
});
