/**
 * Schedules from the configuration and, where it names no such one, from the sources, laid out in `open_hours` as instants with the working seconds before each, so that
 * the business time between two instants is a difference of two look-ups (`business_seconds` in the database). A
 * schedule that changed is laid out anew, and every ticket is judged again by the next resolution.
 */
import type { Database } from '../../db/client.ts';
import { openIntervals } from './open-intervals.ts';
import type { Schedule } from './schedule.ts';

/** Tickets older than this have no business time of ours. */
const FIRST = Date.UTC(2010, 0, 1);
/** Full years laid out ahead of the present one: service levels end in the future. */
const YEARS_AHEAD = 2;

/** Bring `open_hours` in line with the schedules. Returns true when anything changed. */
export async function keepSchedules(
  db: Database,
  configured: Readonly<Record<string, Schedule>>,
  now: Date,
): Promise<boolean> {
  const until = Date.UTC(now.getUTCFullYear() + YEARS_AHEAD + 1, 0, 1);
  const schedules = await known(db, configured);
  const wanted = new Map(
    [...schedules].map(([name, { schedule, source }]) => [name, JSON.stringify([schedule, until, source])]),
  );
  const rows = await db.sql<{ name: string; definition: string }[]>`
    select name, definition from support_schedule where tenant = 1`;
  const laidOut = new Map(rows.map((row) => [row.name, row.definition]));
  const gone = [...laidOut.keys()].filter((name) => !wanted.has(name));
  const changed = [...wanted.keys()].filter((name) => wanted.get(name) !== laidOut.get(name));
  if (gone.length === 0 && changed.length === 0) return false;
  await db.inTransaction(async (tx) => {
    const names = [...gone, ...changed];
    await tx`delete from open_hours where tenant = 1 and schedule = any(${names}::text[])`;
    await tx`delete from support_schedule where tenant = 1 and name = any(${names}::text[])`;
    for (const name of changed) {
      const { schedule, source } = schedules.get(name)!;
      const laid = layOut(schedule, until);
      await tx`
        insert into open_hours (schedule, opens_at, closes_at, seconds_before)
        select ${name}, to_timestamp(o.opens), to_timestamp(o.closes), o.before
        from unnest(${laid.opens}::bigint[], ${laid.closes}::bigint[], ${laid.before}::bigint[]) as o(opens, closes, before)`;
      await tx`insert into support_schedule (name, definition, source) values (${name}, ${wanted.get(name)!}, ${source})`;
    }
    // What was judged by other hours is judged again, whenever that is: the mark stays until it is done.
    await tx`delete from consumer_position where consumer = 'judge_tickets'`;
  });
  return true;
}

type Known = { schedule: Schedule; source: string | null };

/** What the configuration says wins; of two sources that call one by the same name, the first by its own. */
async function known(
  db: Database,
  configured: Readonly<Record<string, Schedule>>,
): Promise<Map<string, Known>> {
  const rows = await db.sql<{ source: string; name: string; definition: string }[]>`
    select source, name, definition from source_schedule where tenant = 1 order by source desc, name`;
  return new Map([
    ...rows.map(({ source, name, definition }): [string, Known] => [
      name,
      { schedule: JSON.parse(definition) as Schedule, source },
    ]),
    ...Object.entries(configured).map(([name, schedule]): [string, Known] => [
      name,
      { schedule, source: null },
    ]),
  ]);
}

/** Columns of `open_hours`, in epoch seconds. The last row says "nothing is known from here on". */
function layOut(schedule: Schedule, until: number) {
  const intervals = openIntervals(schedule, { from: FIRST, to: until });
  if (intervals[0]?.from !== FIRST) intervals.unshift({ from: FIRST, to: FIRST });
  let seconds = 0;
  const before = intervals.map(({ from, to }): number | null => {
    const reached = seconds;
    seconds += (to - from) / 1000;
    return reached;
  });
  return {
    opens: [...intervals.map(({ from }) => from / 1000), until / 1000],
    closes: [...intervals.map(({ to }) => to / 1000), until / 1000],
    before: [...before, null],
  };
}
