/** Dates and stamps as people write them: calendar dates stay calendar dates, stamps become UTC instants. */
import { Temporal } from 'temporal-polyfill';
import { RecordFault } from '../../source.ts';
import { compileFormat } from './date-format.ts';

export type DateShape = {
  /** Tried in this order after ISO: formats such as DD.MM.YYYY, or `excel`, `unix`, `unix_ms` for numbers. */
  dateFormats: readonly string[];
  timeZone: string;
};

/** A wall clock (`zone` null: the source's), or an instant by its offset. */
type Read = { local: string; zone: string | null };

const iso =
  /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)\s?(Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)?)?$/;

/** 'YYYY-MM-DD'. A stamp with a zone gives the day it was in the source's own time zone. @throws RecordFault */
export function parseDay(text: string, shape: DateShape): string {
  const read = parse(text, shape);
  if (read.zone === null) return read.local.slice(0, 10);
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
  if (found) {
    const zone = found[3] === 'UTC' || found[3] === 'GMT' ? 'Z' : (found[3] ?? null);
    return checked(`${found[1]}T${found[2] ?? '00:00'}`, zone, text);
  }
  for (const format of shape.dateFormats) {
    const read = format in counted ? count(trimmed, counted[format]!) : compileFormat(format)(trimmed);
    if (read) return checked(read.local, read.zone, text);
  }
  const expected = shape.dateFormats.length === 0 ? '2026-12-31' : shape.dateFormats.join(' or ');
  throw new RecordFault(
    `expected a date like ${expected}, got "${text}"${/^\d+(\.\d+)?$/.test(trimmed) ? ' (a number is a date where `dateFormat` says excel, unix or unix_ms)' : shape.dateFormats.length === 0 ? ' (say `dateFormat` if dates look different here)' : ''}`,
  );
}

type Counted = { from: string; unitMs: number; zone: 'Z' | null };

/** Numbers that count from a day. Excel's day 1 is 1 January 1900 and its 29 February 1900 never was: from March 1900 on it counts from this one. */
const counted: Record<string, Counted> = {
  excel: { from: '1899-12-30T00:00', unitMs: 86_400_000, zone: null },
  unix: { from: '1970-01-01T00:00', unitMs: 1_000, zone: 'Z' },
  unix_ms: { from: '1970-01-01T00:00', unitMs: 1, zone: 'Z' },
};

export const countedFormats: readonly string[] = Object.keys(counted);

function count(text: string, { from, unitMs, zone }: Counted): Read | null {
  if (!/^-?\d{1,14}([.,]\d+)?$/.test(text)) return null;
  const ms = Math.round(Number(text.replace(',', '.')) * unitMs);
  // An Excel day with a fraction is a clock to the second; what is finer is the float's noise.
  const exact = unitMs > 1_000 ? Math.round(ms / 1_000) * 1_000 : ms;
  try {
    return { local: Temporal.PlainDateTime.from(from).add({ milliseconds: exact }).toString(), zone };
  } catch (thrown) {
    if (thrown instanceof RangeError) return null;
    throw thrown;
  }
}

/** 31 February has the right shape and is no day; a year far off is a number taken for a date. */
function checked(local: string, zone: string | null, text: string): Read {
  try {
    const at = Temporal.PlainDateTime.from(local, { overflow: 'reject' });
    if (at.year < 1900 || at.year > 2200) throw new RangeError('year');
    return { local, zone };
  } catch (cause) {
    throw new RecordFault(`"${text}" is no day of the calendar between 1900 and 2200`, { cause });
  }
}

function toInstant({ local, zone }: Read, shape: DateShape): Temporal.Instant {
  if (zone === null) return Temporal.PlainDateTime.from(local).toZonedDateTime(shape.timeZone).toInstant();
  return Temporal.Instant.from(local + (/^[+-]\d{2}$/.test(zone) ? `${zone}:00` : zone));
}
