/**
 * Zendesk's figures against an independent implementation of them (tests/fixtures/zendesk-oracle/SOURCE.txt): every
 * ticket, every day of backlog, every service level. Where the reference differs by construction, docs/departures.md
 * says so, and the same rule is applied here to Herald's instants before they are compared.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Database, openDatabase } from '../../db/client.ts';
import { supportMeasures } from '../../kpi/definitions/support-measures.ts';
import { rollUp } from '../../kpi/rollup/rollup.ts';
import { keepSchedules } from '../../sync/business-hours/keep-schedules.ts';
import { scheduleSettings } from '../../sync/business-hours/schedule.ts';
import { resolve } from '../../sync/resolve/resolve.ts';
import { openTestDatabase, type TestDatabase } from '../database.ts';
import { cycle } from '../run-cycle.ts';
import { type CsvRow, oracleSource, readTable } from './zendesk-oracle.ts';

let home: TestDatabase;
let db: Database;
const now = new Date('2026-11-22T12:00:00Z');

const weekdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday'];
const schedule = scheduleSettings.parse({
  timeZone: 'Europe/London',
  week: Object.fromEntries(weekdays.map((day) => [day, '09:00-17:00'])),
});

beforeAll(async () => {
  home = await openTestDatabase();
  db = openDatabase(home.url, { name: 'herald-test', max: 2 });
  await keepSchedules(db, { 900: { ...schedule, timeZone: schedule.timeZone! } }, now);
  await cycle(db, oracleSource(), now);
  while ((await resolve(db)) > 0);
  await rollUp(db, { measures: supportMeasures, timeZone: 'UTC' });
}, 60_000);
afterAll(async () => {
  await db?.close();
  await home?.close();
});

const metrics = readTable('expected/zendesk__ticket_metrics.csv');
/** When the reference was run: what has not ended is as old as it was then. */
const referenceNow = '2026-11-22T08:09:44Z';

/** The reference counts calendar minutes of a stretch by the minutes' beginnings it passes. */
const wholeMinutes = (from: string, to: string) =>
  `extract(epoch from date_trunc('minute', ${to}) - date_trunc('minute', ${from})) / 60`;
/** Numbers as the reference writes them: four digits, or none. */
const exact = (minutes: string) => `to_char(${minutes}, 'FM99999990.0000')`;
const whole = (minutes: string) => `round(${minutes})::text`;
const stamp = (at: string) => `to_char(${at} at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS')`;

/** Column of the reference → the same over Herald's ticket `t`. */
const columns: Record<string, string> = {
  first_reply_time_calendar_minutes: exact('extract(epoch from t.first_replied_at - t.created_at) / 60'),
  first_reply_time_business_minutes: exact('t.first_reply_business_seconds / 60.0'),
  first_solved_at: stamp('t.first_solved_at'),
  last_solved_at: stamp('t.solved_at'),
  first_resolution_calendar_minutes: whole(wholeMinutes('t.created_at', 't.first_solved_at')),
  final_resolution_calendar_minutes: whole(wholeMinutes('t.created_at', 't.solved_at')),
  first_resolution_business_minutes: exact('t.first_solution_business_seconds / 60.0'),
  full_resolution_business_minutes: exact('t.resolution_business_seconds / 60.0'),
  count_public_agent_comments: 't.replies::text',
  count_reopens: 'case when t.first_solved_at is not null or t.reopens > 0 then t.reopens::text end',
  is_one_touch_resolution: "case when t.solved_at is not null and t.replies = 1 then 't' else 'f' end",
  ticket_satisfaction_score:
    "(select kind from ticket_event e where e.ticket_id = t.id and e.metric = 'csat' and e.kind in ('good', 'bad') and e.until is null)",
};

/** Statuses by which the reference sums up the spells of a ticket. */
const clocks: Record<string, readonly string[]> = {
  new_status_duration_in: ['new'],
  open_status_duration_in: ['open'],
  on_hold_time_in: ['hold'],
  agent_wait_time_in: ['pending'],
  agent_work_time_in: ['new', 'open'],
  requester_wait_time_in: ['new', 'open', 'hold'],
  solve_time_in: ['new', 'open', 'hold', 'pending'],
};
const spells = (statuses: readonly string[], minutes: string) =>
  `(select coalesce(sum(${minutes}), 0) from ticket_event e where e.ticket_id = t.id and e.metric = 'status' and e.value in (${statuses.map((status) => `'${status}'`).join(', ')}))`;
const until = `coalesce(e.until, '${referenceNow}'::timestamptz)`;

async function ours(expression: string): Promise<Record<string, string | number>> {
  const rows = await db.sql.unsafe<{ id: string; value: string | null }[]>(
    `select t.id, ${expression} as value from ticket t where t.system = 'zendesk'`,
  );
  return Object.fromEntries(rows.map(({ id, value }) => [id, read(value ?? '')]));
}
/** "0" and "0.0000" are one number. */
const read = (text: string) => (/^-?[0-9.]+$/.test(text) ? Number(text) : text);
const theirs = (column: string, rows = metrics) =>
  Object.fromEntries(rows.map((row) => [row.ticket_id!, read(row[column]!)]));

describe('each of 400 tickets', () => {
  test.each(Object.entries(columns))('has the %s of the reference', async (column, expression) => {
    expect(await ours(expression)).toEqual(theirs(column));
  });

  test.each(Object.entries(clocks))(
    'spent as many calendar minutes as the reference says: %s',
    async (name, statuses) => {
      const sum = whole(spells(statuses, wholeMinutes('e.at', until)));
      expect(await ours(sum)).toEqual(theirs(`${name}_calendar_minutes`));
    },
  );

  test.each(Object.entries(clocks))(
    'spent as many working minutes as the reference says, once it is solved: %s',
    async (name, statuses) => {
      const sum = exact(spells(statuses, `ticket_business_seconds(t.system, t.id, e.at, e.until) / 60.0`));
      const ended = metrics.filter((row) => row.status === 'solved');
      const own = await ours(sum);
      expect(ended).toHaveLength(322);
      expect(Object.fromEntries(ended.map(({ ticket_id }) => [ticket_id!, own[ticket_id!]]))).toEqual(
        theirs(`${name}_business_minutes`, ended),
      );
    },
  );
});

describe('service levels', () => {
  const all = readTable('expected/zendesk__sla_policies.csv');
  const replies = all.filter((row) => row.metric === 'first_reply_time');
  const waits = all.filter((row) => row.metric === 'requester_wait_time');
  const open = new Set(metrics.filter((row) => row.status !== 'solved').map((row) => row.ticket_id!));
  const unanswered = new Set(
    metrics.filter((row) => row.first_reply_time_calendar_minutes === '').map((row) => row.ticket_id!),
  );
  const verdict = (metric: string) =>
    ours(
      `(select case when e.breached then 't' else 'f' end from ticket_event e where e.ticket_id = t.id and e.metric = '${metric}' and e.kind = 'apply_sla')`,
    );
  const only = <T>(values: Record<string, T>, rows: readonly CsvRow[]) =>
    Object.fromEntries(rows.map(({ ticket_id }) => [ticket_id!, values[ticket_id!]]));

  test('are as many as the reference has: 400 first replies and 365 waits', () => {
    expect([replies.length, waits.length]).toEqual([400, 365]);
  });

  test('for the first reply have the verdicts of the reference', async () => {
    expect(await verdict('first_reply_time')).toEqual(theirs('is_sla_breach', replies));
  });

  test('for the first reply end when the reference says: when time was up, or when the reply came', async () => {
    const end = await ours(
      `(select ${stamp('case when e.breached then e.due_at else t.first_replied_at end')} from ticket_event e where e.ticket_id = t.id and e.metric = 'first_reply_time' and e.kind = 'apply_sla')`,
    );
    expect(end).toEqual(theirs('sla_breach_at', replies));
  });

  test('for the first reply used the time that the reference says, where there was one', async () => {
    const used = await ours(
      `(select ${exact('e.elapsed_seconds / 60.0')} from ticket_event e where e.ticket_id = t.id and e.metric = 'first_reply_time' and e.kind = 'apply_sla')`,
    );
    const answered = replies.filter((row) => !unanswered.has(row.ticket_id!));
    expect(answered).toHaveLength(365);
    expect(only(used, answered)).toEqual(theirs('sla_elapsed_time', answered));
  });

  test('for the wait of a solved ticket have the verdicts of the reference', async () => {
    const ended = waits.filter((row) => !open.has(row.ticket_id!));
    expect(ended).toHaveLength(322);
    expect(only(await verdict('requester_wait_time'), ended)).toEqual(theirs('is_sla_breach', ended));
  });

  test('for the wait count a spell that is not over, which the reference leaves out', async () => {
    const running = waits.filter((row) => open.has(row.ticket_id!));
    const own = only(await verdict('requester_wait_time'), running);
    expect(new Set(Object.values(own))).toEqual(new Set(['t']));
    expect(Object.values(theirs('is_sla_breach', running))).toContain('f');
  });

  /** The reference's waits: whole minutes of spells that are over. */
  const spellOf = `select e.at, ${wholeMinutes('e.at', 'e.until')} as used, sla.value::int as target,
      coalesce(sum(${wholeMinutes('e.at', 'e.until')}) over (order by e.at rows between unbounded preceding and 1 preceding), 0) as before
    from ticket_event e, ticket_event sla where sla.ticket_id = t.id and sla.metric = 'requester_wait_time' and sla.kind = 'apply_sla'
      and e.ticket_id = t.id and e.metric = 'status' and e.value in ('new', 'open', 'hold') and e.until is not null`;

  test('for the wait used the whole minutes that the reference says', async () => {
    expect(only(await ours(`(select ${exact('sum(used)')} from (${spellOf}) s)`), waits)).toEqual(
      theirs('sla_elapsed_time', waits),
    );
  });

  // The reference lays the rest of the target to the beginning of every spell and takes the latest: past a breach, it
  // goes on adding the pauses. Herald's due time is the spell in which the target was used up.
  test('for the wait end when the reference says, by its rule over our spells', async () => {
    const latest = `max(s.at + make_interval(mins => (s.target - s.before)::int))`;
    const due = await ours(`(select ${stamp(latest)} from (${spellOf}) s)`);
    expect(only(due, waits)).toEqual(theirs('sla_breach_at', waits));
  });

  test('for the wait of a breached ticket are due as soon as the waits before add up to the target', async () => {
    const rows = await db.sql<{ id: string; waited: number; target: number }[]>`
      select t.id, d.value::int * 60 as target, (
        select sum(extract(epoch from least(s.until, d.due_at) - s.at))::int from ticket_event s
        where s.ticket_id = t.id and s.metric = 'status' and s.value in ('new', 'open', 'hold') and s.at < d.due_at) as waited
      from ticket t join ticket_event d on d.ticket_id = t.id and d.metric = 'requester_wait_time' and d.kind = 'apply_sla'
      where d.breached and t.solved_at is not null`;
    expect(rows.length).toBeGreaterThan(200);
    expect(rows.filter(({ waited, target }) => waited !== target)).toEqual([]);
  });

  test('for the wait of a solved ticket end within a minute a spell of it, counted in seconds', async () => {
    const off = await db.sql<{ id: string; seconds: number; spells: number }[]>`
      select t.id, e.elapsed_seconds::int as seconds, (select count(*)::int from ticket_event s where s.ticket_id = t.id and s.metric = 'status') as spells
      from ticket t join ticket_event e on e.ticket_id = t.id and e.metric = 'requester_wait_time' and e.kind = 'apply_sla' where t.solved_at is not null`;
    const told = theirs('sla_elapsed_time', waits);
    expect(off.filter(({ id, seconds, spells: n }) => Math.abs(seconds / 60 - Number(told[id])) > n)).toEqual(
      [],
    );
    expect(off).toHaveLength(322);
  });
});

test('the backlog of every day, by status, is that of the reference', async () => {
  const expected = readTable('expected/backlog_by_day_status.csv');
  const days = expected.map((row) => row.date_day!);
  const rows = await db.sql<{ day: string; status: string; n: number }[]>`
    select d.day, s.status, sum(m.value)::int as n
    from (select distinct unnest(${days}::text[]) as day) d
    cross join (values ('new', 'tickets_new'), ('open', 'tickets_open'), ('pending', 'tickets_pending'), ('hold', 'tickets_on_hold')) s(status, measure)
    join margin m on m.tenant = 1 and m.measure = s.measure and m.dimension = '' and m.day <= d.day::date
    group by 1, 2 having sum(m.value) <> 0`;
  const cells = (list: readonly { day: string; status: string; n: number }[]) =>
    list.map(({ day, status, n }) => `${day} ${status} ${n}`).sort();
  expect(cells(rows)).toEqual(
    cells(
      expected.map(({ date_day, status, count }) => ({ day: date_day!, status: status!, n: Number(count) })),
    ),
  );
  expect(expected).toHaveLength(1_939);
});
