import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { type Database, openDatabase } from '../../db/client.ts';
import { createScheduler, pauseSchedule, type Slot, syncSchedules } from '../../platform/schedule.ts';
import { openTestDatabase, type TestDatabase } from '../database.ts';
import { quiet } from '../run-cycle.ts';

let home: TestDatabase;
let db: Database;
let fired: { name: string; slot: Slot }[] = [];

beforeAll(async () => {
  home = await openTestDatabase();
  db = openDatabase(home.url, { name: 'herald-test', max: 6 });
});
afterAll(async () => {
  await db.close();
  await home.close();
});
beforeEach(async () => {
  fired = [];
  await db.sql`delete from schedule`;
});
afterEach(() => {
  vi.useRealTimers();
});

const definition = (name: string, cron = '0 * * * *') => ({
  name,
  kind: 'digest',
  cron,
  timeZone: 'UTC',
  definition: { title: name },
});
const scheduler = (
  onSlot = async (_tx: unknown, { name }: { name: string }, slot: Slot) => void fired.push({ name, slot }),
) => createScheduler({ db, log: quiet, onSlot });
/** As if this much time had passed since the last slot was taken. */
const pass = (name: string, interval: string) =>
  db.sql`update schedule set last_slot = clock_timestamp() - ${interval}::interval where name = ${name}`;
const hour = async () =>
  (await db.sql<{ at: Date }[]>`select date_trunc('hour', clock_timestamp()) as at`)[0]!.at;

test('a new schedule fires for nothing that is past', async () => {
  await syncSchedules(db, [definition('exec', '0 0 1 1 *')]);
  await db.sql`insert into schedule (name, kind, cron, time_zone, definition, origin) values ('chat', 'digest', '0 0 1 1 *', 'UTC', '{}', 'chat')`;
  await scheduler().tick();
  await scheduler().tick();
  expect(fired).toEqual([]);
});

test('five schedulers looking at once take a slot once', async () => {
  await syncSchedules(db, [definition('exec')]);
  await pass('exec', '61 minutes');
  const taken = await Promise.all(Array.from({ length: 5 }, () => scheduler().tick()));
  expect(taken.reduce((sum, n) => sum + n, 0)).toBe(1);
  expect(fired).toHaveLength(1);
  expect(fired[0]!.slot.at).toEqual(await hour());
});

test.each([90_000, -90_000, 3 * 3_600_000])(
  'a host whose clock is off by %i ms fires for the same slot',
  async (offMs) => {
    await syncSchedules(db, [definition('exec')]);
    await pass('exec', '61 minutes');
    const expected = await hour();
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + offMs });
    await scheduler().tick();
    await scheduler().tick();
    expect(fired.map(({ slot }) => slot.at)).toEqual([expected]);
  },
);

test('after an outage the latest slot is caught up, marked late', async () => {
  await syncSchedules(db, [definition('exec', '0 0 1 * *')]);
  await pass('exec', '100 days');
  await db.sql`update schedule set cron = '0 0 * * *' where name = 'exec'`;
  const [{ age } = { age: 0 }] = await db.sql<
    { age: number }[]
  >`select extract(epoch from clock_timestamp() - date_trunc('day', clock_timestamp(), 'UTC'))::int as age`;
  await scheduler().tick();
  expect(fired).toHaveLength(1);
  expect(fired[0]!.slot.late).toBe(age > 7200);
  expect(fired[0]!.slot.lateSeconds).toBeGreaterThanOrEqual(age - 1);
});

test('a paused schedule is silent, and resuming sends nothing of the pause', async () => {
  await syncSchedules(db, [definition('exec')]);
  await pauseSchedule(db, 'exec', true);
  await pass('exec', '61 minutes');
  await scheduler().tick();
  await pass('exec', '61 minutes');
  await pauseSchedule(db, 'exec', false);
  await scheduler().tick();
  expect(fired).toEqual([]);
});

test('a slot whose work could not be enqueued is taken again', async () => {
  await syncSchedules(db, [definition('exec')]);
  await pass('exec', '61 minutes');
  const broken = scheduler(async () => {
    throw new Error('the queue is away');
  });
  expect(await broken.tick()).toBe(0);
  await scheduler().tick();
  expect(fired).toHaveLength(1);
});

test('one schedule that cannot be read holds up no other', async () => {
  await syncSchedules(db, [definition('a'), definition('b')]);
  await pass('b', '61 minutes');
  await db.sql`update schedule set cron = 'never ever' where name = 'a'`;
  await scheduler().tick();
  expect(fired.map(({ name }) => name)).toEqual(['b']);
});

test('the configuration decides what there is; what was made in chat stays', async () => {
  await syncSchedules(db, [definition('a'), definition('b')]);
  await db.sql`insert into schedule (name, kind, cron, time_zone, definition, origin) values ('mine', 'digest', '0 8 * * 1', 'UTC', '{}', 'chat')`;
  await syncSchedules(db, [definition('b')]);
  expect(
    (await db.sql<{ name: string }[]>`select name from schedule order by name`).map(({ name }) => name),
  ).toEqual(['b', 'mine']);
});

test('a changed time starts from now, an unchanged one keeps its place', async () => {
  await syncSchedules(db, [definition('a'), definition('b')]);
  await pass('a', '61 minutes');
  await pass('b', '61 minutes');
  await syncSchedules(db, [definition('a'), definition('b', '30 * * * *')]);
  await scheduler().tick();
  expect(fired.map(({ name }) => name)).toEqual(['a']);
});
