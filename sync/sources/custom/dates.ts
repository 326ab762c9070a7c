/** Dates and stamps as people write them: calendar dates stay calendar dates, stamps become UTC instants. */
import { Temporal } from 'temporal-polyfill';
import { RecordFault } from '../../source.ts';

export type DateShape = { dateFormat: string | null; timeZone: string };

type Read = { day: string; time: string; zone: string | null };

const iso =
  /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)\s?(Z|[+-]\d{2}(?::?\d{2})?)?)?$/;

/** 'YYYY-MM-DD'. A stamp with a zone gives the day it was in the source's own time zone. @throws RecordFault */
export function parseDay(text: string, shape: DateShape): string {
  const read = parse(text, shape);
  if (read.zone === null) return read.day;
  return toInstant(read, shape).toZonedDateTimeISO(shape.timeZone).toPlainDate().toString();
}

/** ISO instant in UTC, to the millisecond. A stamp without a zone is in the source's time zone. @throws RecordFault */
export function parseInstant(text: string, shape: DateShape): string {
  return toInstant(parse(text, shape), shape).toString({ fractionalSecondDigits: 3 });
}

/** Milliseconds since 1970 of a stamp. @throws RecordFault */
export function parseStamp(text: string, shape: DateShape): number {
  return toInstant(parse(text, shape), shape).epochMilliseconds;
}

function parse(text: string, shape: DateShape): Read {
  const trimmed = text.trim();
  const found = iso.exec(trimmed);
  if (found) return checked({ day: found[1]!, time: found[2] ?? '00:00', zone: found[3] ?? null }, text);
  if (shape.dateFormat === null) {
    throw new RecordFault(
      `expected a date like 2026-12-31, got "${text}" (say \`dateFormat\` if dates look different here)`,
    );
  }
  const { pattern, order } = compile(shape.dateFormat);
  const parts = pattern.exec(trimmed);
  if (!parts) throw new RecordFault(`expected a date like ${shape.dateFormat}, got "${text}"`);
  const part = (token: string) => (order.includes(token) ? parts[order.indexOf(token) + 1] : undefined);
  const time = [(part('HH') ?? '00').padStart(2, '0'), part('mm') ?? '00', part('ss') ?? '00'].join(':');
  return checked(
    {
      day: `${part('YYYY')}-${part('MM')!.padStart(2, '0')}-${part('DD')!.padStart(2, '0')}`,
      time,
      zone: null,
    },
    text,
  );
}

/** 31 February has the right shape and is no day. */
function checked(read: Read, text: string): Read {
  try {
    Temporal.PlainDateTime.from(`${read.day}T${read.time}`, { overflow: 'reject' });
  } catch (cause) {
    throw new RecordFault(`"${text}" is no day of the calendar`, { cause });
  }
  return read;
}

function toInstant(read: Read, shape: DateShape): Temporal.Instant {
  const local = `${read.day}T${read.time}`;
  if (read.zone === null)
    return Temporal.PlainDateTime.from(local).toZonedDateTime(shape.timeZone).toInstant();
  const zone = /^[+-]\d{2}$/.test(read.zone) ? `${read.zone}:00` : read.zone;
  return Temporal.Instant.from(local + zone);
}

const compiled = new Map<string, { pattern: RegExp; order: string[] }>();

/** DD/MM/YYYY → a pattern with one group for each token. Days and months may lack their leading zero where a separator follows. */
function compile(format: string): { pattern: RegExp; order: string[] } {
  const known = compiled.get(format);
  if (known) return known;
  const order: string[] = [];
  const loose = /[^A-Za-z]/.test(format);
  const source = format.replace(/YYYY|MM|DD|HH|mm|ss|[^A-Za-z]|[A-Za-z]/g, (token) => {
    if (!/^(YYYY|MM|DD|HH|mm|ss)$/.test(token)) return token.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
    order.push(token);
    return token === 'YYYY'
      ? '(\\d{4})'
      : loose && token !== 'mm' && token !== 'ss'
        ? '(\\d{1,2})'
        : '(\\d{2})';
  });
  const made = { pattern: new RegExp(`^${source}$`), order };
  compiled.set(format, made);
  return made;
}
