/** Business time as the database counts it, against a sum over opening times; and what a changed schedule changes. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Database, openDatabase } from '../../../db/client.ts';
import { keepSchedules } from '../../../sync/business-hours/keep-schedules.ts';
import { openIntervals } from '../../../sync/business-hours/open-intervals.ts';
import type { Schedule } from '../../../sync/business-hours/schedule.ts';
import { resolve } from '../../../sync/resolve/resolve.ts';
import { openTestDatabase, type TestDatabase } from '../../database.ts';
import { MemorySource } from '../../memory-source.ts';
import { cycle } from '../../run-cycle.ts';

let home: TestDatabase;
let db: Database;
const now = new Date('2026-11-22T12:00:00Z');
const nine = [{ from: 540, to: 1020 }];
const office: Schedule = {
  timeZone: 'Europe/London',
  week: [nine, nine, nine, nine, nine, [], []],
  holidays: ['2024-05-06'],
};
const nights: Schedule = {
  timeZone: 'America/New_York',
  week: Array(7).fill([{ from: 0, to: 300 }]),
  holidays: [],
};
const settle = async () => {
  while ((await resolve(db)) > 0);
};

beforeAll(async () => {
  home = await openTestDatabase();
  db = openDatabase(home.url, { name: 'herald-test', max: 2 });
  await keepSchedules(db, { default: office, nights }, now);
});
afterAll(async () => {
  await db?.close();
  await home?.close();
});

const year = { from: Date.UTC(2024, 0, 1), to: Date.UTC(2025, 0, 1) };
const instants = fc.integer({ min: year.from / 1000, max: year.to / 1000 - 1 });

describe('business time', () => {
  test.each([
    ['default', office],
    ['nights', nights],
  ] as const)('by "%s" is the sum of what is open in between, to the second', async (name, schedule) => {
    const open = openIntervals(schedule, year);
    const pairs = fc.sample(fc.tuple(instants, instants), 500).map((pair) => pair.sort((a, b) => a - b));
    const rows = await db.sql<{ seconds: number }[]>`
      select business_seconds(${name}, to_timestamp(p.a), to_timestamp(p.b)) as seconds
      from unnest(${pairs.map(([a]) => a)}::bigint[], ${pairs.map(([, b]) => b)}::bigint[]) with ordinality as p(a, b, i) order by i`;
    const slow = pairs.map(([a, b]) =>
      open.reduce(
        (sum, { from, to }) => sum + Math.max(0, Math.min(to / 1000, b) - Math.max(from / 1000, a)),
        0,
      ),
    );
    expect(rows.map((row) => row.seconds)).toEqual(slow);
  });

  test('is up at the instant from which more than it has passed', async () => {
    const [found] = await db.sql<{ wrong: number; all: number }[]>`
      select count(*)::int as all, count(*) filter (where business_seconds('default', p.a, p.due) is distinct from p.goal
        or business_seconds('default', p.a, p.due + interval '1 second') is distinct from p.goal + 1)::int as wrong
      from (select a, goal, business_due('default', a, goal) as due
        from (select to_timestamp(${year.from / 1000} + i * 31_337) as a, (i * 997) % 200_000 as goal from generate_series(1, 900) i) x) p`;
    expect(found).toEqual({ all: 900, wrong: 0 });
  });

  test.each([
    ['before anything is laid out', 'default', '2009-01-05', '2024-01-05'],
    ['after the last year laid out', 'default', '2024-01-05', '2031-01-05'],
    ['of a schedule that nobody configured', 'elsewhere', '2024-01-05', '2024-01-06'],
  ])('is unknown, not nothing: %s', async (_when, name, from, to) => {
    const [row] =
      await db.sql`select business_seconds(${name}, ${from}::timestamptz, ${to}::timestamptz) as seconds`;
    expect(row).toEqual({ seconds: null });
  });
});

describe('a ticket', () => {
  const source = new MemorySource('desk', ['ticket', 'ticket_event']);
  const read = async (id: string) =>
    (
      await db.sql`select first_reply_business_seconds as reply, resolution_business_seconds as solution from ticket where id = ${id}`
    )[0];

  test('that changes its schedule is counted by each while it has it', async () => {
    const at = (text: string) => `2024-02-0${text}Z`;
    source.put('ticket', '1', 1, {
      created_at: at('5T09:00:00'),
      first_replied_at: at('6T09:00:00'),
      solved_at: at('7T10:00:00'),
    });
    source.put('ticket_event', 'a', 1, {
      ticket_id: '1',
      metric: 'schedule',
      value: 'default',
      at: at('5T09:00:00'),
    });
    source.put('ticket_event', 'b', 1, {
      ticket_id: '1',
      metric: 'schedule',
      value: 'nights',
      at: at('6T12:00:00'),
    });
    await cycle(db, source, now);
    await settle();
    // 5 and 6 February in London to noon: 8 + 3 hours; then New York's night, 05:00–10:00 UTC.
    expect(await read('1')).toEqual({ reply: 8 * 3600, solution: (8 + 3 + 5) * 3600 });
  });

  test('is counted by the default schedule when it names none', async () => {
    source.put('ticket', '2', 1, {
      created_at: '2024-05-03T15:00:00Z',
      first_replied_at: '2024-05-07T08:30:00Z',
      solved_at: null,
    });
    await cycle(db, source, now);
    await settle();
    // British summer time, a weekend and a bank holiday between.
    expect(await read('2')).toEqual({ reply: 3600 + 1800, solution: null });
  });

  test('is counted anew when the schedule changes, though no record did', async () => {
    const changed = await keepSchedules(db, { default: { ...office, holidays: [] }, nights }, now);
    await settle();
    expect([changed, await read('2')]).toEqual([true, { reply: 3600 + 8 * 3600 + 1800, solution: null }]);
  });

  test('keeps the minutes of its source when no schedule is configured', async () => {
    await keepSchedules(db, {}, now);
    source.put('ticket', '3', 1, {
      created_at: '2024-05-03T15:00:00Z',
      first_replied_at: '2024-05-07T08:30:00Z',
      first_reply_business_minutes: 95,
    });
    await cycle(db, source, now);
    await settle();
    expect([await read('3'), await read('2')]).toEqual([
      { reply: 5700, solution: null },
      { reply: null, solution: null },
    ]);
  });

  test('is not judged again by hours that are the same', async () => {
    expect(await keepSchedules(db, {}, now)).toBe(false);
    expect(await resolve(db)).toBe(0);
  });
});
