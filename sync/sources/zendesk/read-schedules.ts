/** The account's working hours with their holidays: https://developer.zendesk.com/api-reference/ticketing/ticket-management/schedules/ */
import { z } from 'zod';
import type { OpenTime, Schedule } from '../../business-hours/schedule.ts';
import type { NamedSchedules, ReadContext } from '../../source.ts';
import { parseRecord } from '../parse-record.ts';
import type { ZendeskSession } from './session.ts';
import { zoneNamed } from './zone-names.ts';

const DAY_MINUTES = 1440;
const DAY_MS = 86_400_000;
/** A holiday longer than this is a typing error. */
const LONGEST_HOLIDAY_DAYS = 366;

const schedulesSchema = z.object({
  schedules: z.array(
    z.object({
      id: z.number(),
      name: z.string(),
      time_zone: z.string(),
      /** Minutes since Sunday, midnight. */
      intervals: z.array(z.object({ start_time: z.number().int(), end_time: z.number().int() })).nullish(),
    }),
  ),
});
/** Both days are included. */
const holidaysSchema = z.object({
  holidays: z.array(z.object({ start_date: z.iso.date(), end_date: z.iso.date() })),
});

/** What a schedule is called in Herald: `herald.yaml` may override it by this name. */
export const scheduleName = (id: unknown) => `zendesk_${id}`;

/** The first one is the account's default: it holds for tickets that name none. @throws ReadFault, RecordFault */
export async function readSchedules(session: ZendeskSession, context: ReadContext): Promise<NamedSchedules> {
  const { schedules } = parseRecord(schedulesSchema, await session.get(context, 'business_hours/schedules'));
  const read: Record<string, Schedule> = {};
  for (const { id, name, time_zone, intervals } of schedules) {
    const timeZone = zoneNamed(time_zone);
    if (timeZone === null) {
      context.log.warn({ schedule: name, timeZone: time_zone }, 'a schedule’s time zone is not known');
      continue;
    }
    const reply = await session.get(context, `business_hours/schedules/${id}/holidays`);
    const { holidays } = parseRecord(holidaysSchema, reply);
    read[scheduleName(id)] = { timeZone, week: weekOf(intervals ?? []), holidays: holidays.flatMap(daysOf) };
  }
  const first = schedules[0] && read[scheduleName(schedules[0].id)];
  return first ? { ...read, default: first } : read;
}

/** Seven days from Monday on, each in order and without overlaps. */
function weekOf(intervals: readonly { start_time: number; end_time: number }[]): OpenTime[][] {
  const week: OpenTime[][] = Array.from({ length: 7 }, () => []);
  for (const { start_time, end_time } of [...intervals].sort((a, b) => a.start_time - b.start_time)) {
    for (let day = 0; day < 7; day++) {
      const from = Math.max(start_time - day * DAY_MINUTES, 0);
      const to = Math.min(end_time - day * DAY_MINUTES, DAY_MINUTES);
      if (from >= to) continue;
      // Theirs begins on Sunday.
      const times = week[(day + 6) % 7]!;
      const last = times.at(-1);
      if (last && last.to >= from) last.to = Math.max(last.to, to);
      else times.push({ from, to });
    }
  }
  return week;
}

function daysOf({ start_date, end_date }: { start_date: string; end_date: string }): string[] {
  const first = Date.parse(start_date);
  const days = Math.min(LONGEST_HOLIDAY_DAYS, Math.round((Date.parse(end_date) - first) / DAY_MS) + 1);
  return Array.from({ length: Math.max(0, days) }, (_, i) =>
    new Date(first + i * DAY_MS).toISOString().slice(0, 10),
  );
}
