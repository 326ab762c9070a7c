/** A CSV file of times and values, from anywhere. */
import { readFileSync } from 'node:fs';
import type { SeriesPoint } from '../kpi/anomaly/detect-series.ts';
import { HeraldError } from '../platform/errors.ts';

/** `timestamp` is as the file wrote it. */
export type FileRow = SeriesPoint & { timestamp: string };

const timeNames = ['timestamp', 'timestamps', 'time', 'date', 'datetime', 'ds', 'at'];
const valueNames = ['value', 'y', 'count', 'val'];
/** Rows numbered 1, 2, 3 … are taken as hours. */
const hour = 3_600_000;
/** Numbers below it are places, above it seconds, and above the next milliseconds since 1970. */
const leastSeconds = 1e8;
const leastMillis = 1e11;

/** Columns by name, or the first two. Throws `ask` naming the line of a time that cannot be read; a value that is no number is a gap. */
export function readSeriesFile(file: string): FileRow[] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (thrown) {
    throw new HeraldError('ask', `The file ${file} cannot be read: ${(thrown as Error).message}`);
  }
  const rows = text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .map((line, i) => ({
      cells: line.split(/[,;\t]/).map((cell) => cell.trim().replace(/^"(.*)"$/, '$1')),
      line: i + 1,
    }))
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
    const number = cells[value] === undefined || cells[value] === '' ? Number.NaN : Number(cells[value]);
    return { timestamp, at, value: Number.isFinite(number) ? number : null };
  });
}

/** Times without a zone are UTC: a clock change must not make a gap of an hour. NaN for what is none. */
function instantOf(text: string): number {
  if (/^\d+(\.\d+)?$/.test(text)) {
    const number = Number(text);
    return number < leastSeconds ? number * hour : number < leastMillis ? number * 1000 : number;
  }
  const [, day, time = '00:00', zone = 'Z'] =
    /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?))?\s*(Z|[+-]\d\d:?\d\d)?$/.exec(text) ?? [];
  return day === undefined ? Number.NaN : Date.parse(`${day}T${time}${zone}`);
}
