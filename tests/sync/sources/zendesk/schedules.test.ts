/** Working hours that Zendesk itself keeps: over HTTP, through the SDK, to the seconds on a ticket. */
import type { RequestListener } from 'node:http';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Database, openDatabase } from '../../../../db/client.ts';
import { createStore } from '../../../../demo/company/store.ts';
import { createZendeskStandIn } from '../../../../demo/stand-ins/zendesk/stand-in.ts';
import { takeLease } from '../../../../platform/lease.ts';
import { followSchedules } from '../../../../sync/business-hours/follow-schedules.ts';
import { keepSchedules } from '../../../../sync/business-hours/keep-schedules.ts';
import { defaultCycle, runCycle } from '../../../../sync/cycle.ts';
import { resolve } from '../../../../sync/resolve/resolve.ts';
import { createZendeskSource } from '../../../../sync/sources/zendesk/source.ts';
import { zoneNamed } from '../../../../sync/sources/zendesk/zone-names.ts';
import { openTestDatabase, type TestDatabase } from '../../../database.ts';
import { quiet } from '../../../run-cycle.ts';
import { anchor, makeReadingWorld } from '../reading-world.ts';

const stamp = (ms: number) => `${new Date(ms).toISOString().slice(0, 19)}Z`;
const old = anchor - 30 * 86_400_000;
const weekdays = [1, 2, 3, 4, 5];
const hours = (from: number, to: number) =>
  weekdays.map((day) => ({ start_time: (day * 24 + from) * 60, end_time: (day * 24 + to) * 60 }));

async function openZendesk() {
  const store = createStore();
  const clock = { now: anchor };
  let refused = false;
  const standIn = createZendeskStandIn({
    store,
    now: () => clock.now,
    limits: { perMinute: 200, exportsPerMinute: 10 },
    auth: { clientId: 'id', clientSecret: 'secret-of-client' },
  });
  const listener: RequestListener = (request, response) => {
    if (!refused || !request.url?.includes('business_hours')) return standIn(request, response);
    response.writeHead(403, { 'content-type': 'application/json' }).end('{"error":"Forbidden"}');
  };
  const world = await makeReadingWorld(clock, listener, (baseUrl) =>
    createZendeskSource({ clientId: 'id', clientSecret: 'secret-of-client', baseUrl }),
  );
  const put = (object: string, id: number, fields: Record<string, unknown>, at = old) =>
    store.put(object, String(id), { id, created_at: stamp(at), updated_at: stamp(at), ...fields }, at);
  put('schedules', 7, { name: 'EMEA', time_zone: 'London', intervals: hours(9, 17) });
  put('schedules', 8, { name: 'US', time_zone: 'Pacific Time (US & Canada)', intervals: hours(8, 18) });
  put('holidays', 1, {
    schedule_id: 7,
    name: 'Bank holiday',
    start_date: '2026-10-30',
    end_date: '2026-11-02',
  });
  return {
    ...world,
    store,
    put,
    refuse(on: boolean) {
      refused = on;
    },
  };
}

let zendesk: Awaited<ReturnType<typeof openZendesk>>;
beforeEach(async () => {
  zendesk = await openZendesk();
});
afterEach(() => zendesk.close());

describe('the schedules of Zendesk', () => {
  test('are read with their zones and holidays, the first one as the default', async () => {
    const read = await zendesk.source.schedules!(zendesk.context);
    const emea = read.zendesk_7!;
    expect(emea.timeZone).toBe('Europe/London');
    expect(emea.week.map((times) => times.length)).toEqual([1, 1, 1, 1, 1, 0, 0]);
    expect(emea.week[0]).toEqual([{ from: 540, to: 1020 }]);
    expect(emea.holidays).toEqual(['2026-10-30', '2026-10-31', '2026-11-01', '2026-11-02']);
    expect(read.zendesk_8!.timeZone).toBe('America/Los_Angeles');
    expect(read.default).toEqual(emea);
  });

  test('that cross midnight, touch or overlap are told by day', async () => {
    zendesk.put('schedules', 7, {
      name: 'Nights',
      time_zone: 'UTC',
      intervals: [
        { start_time: 60, end_time: 120 },
        { start_time: 23 * 60, end_time: 25 * 60 },
        { start_time: 0, end_time: 60 },
      ],
    });
    const { week } = (await zendesk.source.schedules!(zendesk.context)).zendesk_7!;
    expect(week[6]).toEqual([
      { from: 0, to: 120 },
      { from: 23 * 60, to: 1440 },
    ]);
    expect(week[0]).toEqual([{ from: 0, to: 60 }]);
  });

  test('in a zone that nobody knows are left out, not counted in another', async () => {
    zendesk.put('schedules', 7, { name: 'X', time_zone: 'Middle Earth', intervals: hours(9, 17) });
    expect(Object.keys(await zendesk.source.schedules!(zendesk.context))).toEqual(['zendesk_8']);
    expect(zendesk.warnings).toEqual(['a schedule’s time zone is not known']);
  });
});

test.each([
  ['Eastern Time (US & Canada)', 'America/New_York'],
  ['Berlin', 'Europe/Berlin'],
  ['Buenos Aires', 'America/Buenos_Aires'],
  ['Mumbai', 'Asia/Kolkata'],
  ['UTC', 'UTC'],
  ['Europe/Paris', 'Europe/Paris'],
  ['Atlantis', null],
])('the zone %s is %s', (name, zone) => expect(zoneNamed(name)).toBe(zone));

describe('a ticket', () => {
  let home: TestDatabase;
  let db: Database;
  const now = new Date(anchor);
  const read = async (id: string) =>
    (await db.sql`select first_reply_business_seconds as s from ticket where id = ${id}`)[0]!.s;
  const cycle = async () => {
    const { source, context } = zendesk;
    const lease = (await takeLease(db, 'sync:zendesk', 'test'))!;
    const wait = async () => undefined;
    const report = await runCycle({
      db,
      source,
      context,
      lease,
      settings: defaultCycle,
      cause: 'test',
      log: quiet,
      wait,
    });
    await lease.release();
    expect(report).toMatchObject({ state: 'SUCCESS', failures: [] });
  };
  const count = async (configured: Parameters<typeof keepSchedules>[1] = {}) => {
    await keepSchedules(db, configured, now);
    while ((await resolve(db)) > 0);
  };
  /** Created on Thursday 29 October at 16:00 in London, answered on Tuesday 3 November at 10:00. */
  const ticket = (id: number, business: number | null) =>
    zendesk.put('tickets', id, {
      status: 'open',
      subject: 'Help',
      created_at: '2026-10-29T16:00:00Z',
      metric_set: { reply_time_in_minutes: { calendar: (4 * 24 + 18) * 60, business } },
    });

  beforeEach(async () => {
    home = await openTestDatabase();
    db = openDatabase(home.url, { name: 'herald-test', max: 3 });
  });
  afterEach(async () => {
    await db.close();
    await home.close();
  });

  test('is counted in them where Zendesk gives no minutes of its own, holidays left out', async () => {
    ticket(1, null);
    ticket(2, 95);
    await cycle();
    await count();
    // An hour on Thursday, an hour on Tuesday; Friday to Monday are the bank holiday.
    expect([await read('1'), await read('2')]).toEqual([2 * 3600, 95 * 60]);
  });

  test('is counted in the schedule that it was given', async () => {
    ticket(1, null);
    zendesk.put('ticket_events', 5, {
      ticket_id: 1,
      timestamp: old / 1000,
      child_events: [{ id: 55, event_type: 'ScheduleAssignment', new_schedule_id: 8 }],
    });
    await cycle();
    await count();
    // In Los Angeles: Thursday 09:00 to 18:00, Friday and Monday 10 hours each; Tuesday's opening is still to come.
    expect(await read('1')).toBe((9 + 10 + 10) * 3600);
  });

  test('is counted by the configuration where that says otherwise', async () => {
    ticket(1, null);
    ticket(2, 95);
    await cycle();
    const always = Array.from({ length: 7 }, () => [{ from: 0, to: 1440 }]);
    await count({ default: { timeZone: 'UTC', week: always, holidays: [] } });
    const whole = (4 * 24 + 18) * 3600;
    expect([await read('1'), await read('2')]).toEqual([whole, whole]);
  });

  test('keeps its hours while Zendesk does not show the schedules, and the cycle goes on', async () => {
    ticket(1, null);
    await cycle();
    zendesk.refuse(true);
    zendesk.clock.now += 2 * 3_600_000;
    await cycle();
    await count();
    expect(await read('1')).toBe(2 * 3600);
    expect(zendesk.warnings).toEqual(['its working hours could not be read; those of before stay']);
  });

  test('is asked for hours once an hour, not with every look', async () => {
    const asked = () => zendesk.calls.filter(({ path }) => path.includes('business_hours')).length;
    await followSchedules(db, zendesk.source, zendesk.context);
    await followSchedules(db, zendesk.source, zendesk.context);
    expect(asked()).toBe(3);
    zendesk.clock.now += 3_600_000;
    await followSchedules(db, zendesk.source, zendesk.context);
    expect(asked()).toBe(6);
  });
});
