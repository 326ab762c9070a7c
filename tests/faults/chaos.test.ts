/**
 * kill -9 and SIGSTOP at random points while all four platforms change and 13 % of their replies are broken. Afterwards current
 * rows, history and numbers equal what the platforms' own stores say. HERALD_FAULTS_LONG=1: 200 kills.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { openDatabase } from '../../db/client.ts';
import { openTestDatabase } from '../database.ts';
import { openChaosCompany, systems } from './chaos-company.ts';
import { type ChaosWorker, finish, startWorker } from './chaos-home.ts';
import { flawless, judge } from './oracle.ts';

const long = process.env.HERALD_FAULTS_LONG === '1';
const KILLS = Number(process.env.HERALD_FAULTS_KILLS ?? (long ? 200 : 12));

/** Together 13 % of the calls. */
const storm = {
  reset: 0.02,
  resetMidBody: 0.02,
  stall: 0.01,
  truncated: 0.02,
  tooMany: 0.015,
  tooManySilent: 0.015,
  html: 0.01,
  expiredToken: 0.01,
  unavailable: 0.01,
};

function seeded(seed: number) {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

test('a worker killed or frozen anywhere leaves rows, history and numbers as the platforms have them', async () => {
  const random = seeded(31);
  const company = await openChaosCompany({ seed: 5, scale: 0.005, random });
  const home = await openTestDatabase();
  const db = openDatabase(home.url, { name: 'herald-test', max: 2 });
  // Intercom's token is for good: ended, it would be a revoked one.
  for (const system of systems)
    company.faults[system].set(system === 'intercom' ? { ...storm, expiredToken: 0 } : storm);
  const life = setInterval(() => company.tick(), 40);
  let [kills, freezes] = [0, 0];
  let frozen: ChaosWorker | null = null;
  try {
    while (kills < KILLS) {
      const worker = startWorker(home.url, company);
      // Most lives are cut short at work; some before there is any. Beside one that sleeps in a transaction there may be none.
      if (random() < 0.9) await Promise.race([worker.said('batch'), pause(frozen ? 3_000 : 60_000)]);
      await Promise.race([worker.ended, pause(random() * 1_500)]);
      if (frozen === null && random() < 0.25) {
        // Its rights run out while it sleeps; it wakes beside its successor and holds what it had read.
        expect(worker.child.kill('SIGSTOP'), worker.lines.join('\n')).toBe(true);
        frozen = worker;
        freezes += 1;
        // But for a right that it holds in a transaction: that one would be waited for.
        await db.sql`
          update lease set expires_at = clock_timestamp() - interval '1 second'
          where name in (select name from lease for update skip locked)`;
        continue;
      }
      if (frozen !== null) {
        frozen.child.kill('SIGCONT');
        await pause(random() * 1_500);
        frozen.child.kill('SIGKILL');
        await frozen.ended;
        frozen = null;
      }
      expect(worker.child.kill('SIGKILL'), worker.lines.join('\n')).toBe(true);
      await worker.ended;
      kills += 1;
      await db.sql`update lease set expires_at = clock_timestamp() - interval '1 second'`;
    }
    clearInterval(life);
    await finish(home.url, company);
    const { examples, versions, ...verdict } = await judge(db, company);
    const happened = systems.flatMap((system) => Object.values(company.faults[system].happened()));
    const [runs] = await db.sql<{ cut: number }[]>`
      select count(*)::int as cut from sync_run where error = 'its worker ended before it'`;
    console.log(
      `kills ${kills}, freezes ${freezes}, runs cut ${runs!.cut}, changes ${company.changes()}, faults ${happened.reduce((a, b) => a + b, 0)}, versions ${versions}:`,
      JSON.stringify(verdict),
    );
    expect(verdict, examples.join('\n')).toEqual(flawless);
    expect(runs!.cut).toBeGreaterThan(kills / 2);
  } finally {
    clearInterval(life);
    frozen?.child.kill('SIGKILL');
    await db.close();
    await home.close();
    await company.close();
  }
}, 3_600_000);
