/** A CSV file of times and values, from anywhere. */
import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import type { SeriesPoint } from '../kpi/anomaly/detect-series.ts';
import { HeraldError } from '../platform/errors.ts';
import { RecordFault } from '../sync/source.ts';
import { parseExact } from '../sync/sources/custom/numbers.ts';
import { sniffDelimiter } from '../sync/sources/custom/parse-csv.ts';

/** `timestamp` is as the file wrote it. */
export type FileRow = SeriesPoint & { timestamp: string };

type Parsed = { record: string[]; info: { lines: number } };

const timeNames = ['timestamp', 'timestamps', 'time', 'date', 'datetime', 'ds', 'at'];
const valueNames = ['value', 'y', 'count', 'val'];
/** Rows numbered 1, 2, 3 … are taken as hours. */
const hour = 3_600_000;
/** Numbers below it are places, above it seconds, and above the next milliseconds since 1970. */
const leastSeconds = 1e8;
const leastMillis = 1e11;

/** Columns by name, or the first two. Throws `ask` naming the line of a time that cannot be read; a value without a figure is a gap. */
export function readSeriesFile(file: string): FileRow[] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (thrown) {
    throw new HeraldError('ask', `The file ${file} cannot be read: ${(thrown as Error).message}`);
  }
  const delimiter = sniffDelimiter(text.split(/\r?\n/, 1)[0] ?? '');
  const options = { bom: true, delimiter, relax_column_count: true, relax_quotes: true, info: true };
  const parsed: unknown = parse(text, options);
  const rows = (parsed as Parsed[])
    .map(({ record, info }) => ({ cells: record.map((cell) => cell.trim()), line: info.lines }))
    .filter(({ cells }) => cells.some((cell) => cell !== ''));
  const header = rows[0]?.cells.map((cell) => cell.toLowerCase()) ?? [];
  const hasHeader = header.length > 0 && Number.isNaN(instantOf(rows[0]!.cells[0]!));
  const place = (names: readonly string[], otherwise: number) => {
    const found = hasHeader ? header.findIndex((cell) => names.includes(cell)) : -1;
    return found < 0 ? otherwise : found;
  };
  const [time, value] = [place(timeNames, 0), place(valueNames, 1)];
  return rows.slice(hasHeader ? 1 : 0).map(({ cells, line }) => {
    const timestamp = cells[time] ?? '';
    const at = instantOf(timestamp);
    if (Number.isNaN(at))
      throw new HeraldError(
        'ask',
        `Line ${line} of ${file}: "${timestamp.slice(0, 40)}" is no time. Write 2026-11-22, 2026-11-22 10:00:00 or seconds since 1970.`,
      );
    return { timestamp, at, value: numberOf(cells[value] ?? '', `Line ${line} of ${file}`) };
  });
}

/** Words without a figure ("NaN", "n/a", "") are gaps; "1,234.50" is a number, and one that cannot be read is told. */
function numberOf(text: string, place: string): number | null {
  const plain = text === '' ? Number.NaN : Number(text);
  if (Number.isFinite(plain)) return plain;
  if (!/\d/.test(text)) return null;
  try {
    return Number(parseExact(text, { sign: 'auto' }));
  } catch (thrown) {
    if (!(thrown instanceof RecordFault)) throw thrown;
    throw new HeraldError(
      'ask',
      `${place}: "${text.slice(0, 40)}" is no number that can be read one way. Write 1234.5.`,
    );
  }
}

/** Times without a zone are UTC: a clock change must not make a gap of an hour. NaN for what is none. */
function instantOf(text: string): number {
  if (/^\d+(\.\d+)?$/.test(text)) {
    const number = Number(text);
    return number < leastSeconds ? number * hour : number < leastMillis ? number * 1000 : number;
  }
  if (/^\d{4}-(0[1-9]|1[0-2])$/.test(text)) return Date.parse(`${text}-01T00:00Z`);
  const [, day, time = '00:00', zone = 'Z'] =
    /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?))?\s*(Z|[+-]\d\d:?\d\d)?$/.exec(text) ?? [];
  return day === undefined ? Number.NaN : Date.parse(`${day}T${time}${zone}`);
}
