/**
 * kill -9 and SIGSTOP at random points while four platforms and four in-house systems change, 13 % of the replies are
 * broken, and pushes come twice, out of order or never. Afterwards current rows, history and numbers equal what the
 * systems' own stores say. HERALD_FAULTS_LONG=1: 200 kills.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { openDatabase } from '../../db/client.ts';
import { storm } from '../../demo/stand-ins/storm.ts';
import { openTestDatabase } from '../database.ts';
import { openChaosCompany } from './chaos-company.ts';
import { type ChaosWorker, finish, startWorker } from './chaos-home.ts';
import { flawless, judge } from './oracle.ts';
import { seeded } from './seeded.ts';

const long = process.env.HERALD_FAULTS_LONG === '1';
const KILLS = Number(process.env.HERALD_FAULTS_KILLS ?? (long ? 200 : 8));

test('a worker killed or frozen anywhere leaves rows, history and numbers as the systems have them', async () => {
  const random = seeded(31);
  const [home, ledger] = [await openTestDatabase(), await openTestDatabase({ empty: true })];
  const company = await openChaosCompany({ seed: 5, scale: 0.005, random, ledgerUrl: ledger.url });
  const db = openDatabase(home.url, { name: 'herald-test', max: 2 });
  // Some tokens are for good: ended, they would be revoked ones.
  for (const [name, faults] of Object.entries(company.faults))
    faults.set(['intercom', 'ad_network'].includes(name) ? { ...storm, expiredToken: 0 } : storm);
  const life = company.live(40);
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
    await life.stop();
    await finish(home.url, company);
    const { examples, versions, ...verdict } = await judge(db, company);
    const faults = Object.values(company.faults).flatMap((one) => Object.values(one.happened()));
    const [hit] = await db.sql<{ cut: number; pushes: number; hinted: number }[]>`
      select count(*) filter (where error = 'its worker ended before it')::int as cut,
        (select count(*)::int from webhook_delivery) as pushes,
        (select count(*)::int from sync_transition where detail->>'lane' = 'hinted' and to_state = 'LOADING') as hinted
      from sync_run`;
    console.log(
      `kills ${kills}, freezes ${freezes}, runs cut ${hit!.cut}, changes ${company.changes()}, faults ${faults.reduce((a, b) => a + b, 0)},`,
      `pushes taken ${hit!.pushes}, lost ${company.pushesLost()}, followed ${hit!.hinted} times, versions ${versions}:`,
      JSON.stringify(verdict),
    );
    expect(verdict, examples.join('\n')).toEqual(flawless);
    // Faults that hit nothing prove nothing.
    expect(hit!.cut).toBeGreaterThan(kills / 2);
    expect(hit!.hinted).toBeGreaterThan(kills / 2);
  } finally {
    await life.stop();
    frozen?.child.kill('SIGKILL');
    await db.close();
    await company.close();
    await Promise.all([home.close(), ledger.close()]);
  }
}, 3_600_000);
