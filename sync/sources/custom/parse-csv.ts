/** A CSV text to records, in whatever dialect it was saved; a line that does not fit its header is marked, not lost. */
import { Readable } from 'node:stream';
import { parse } from 'csv-parse';
import { didYouMean } from '../../../platform/closest.ts';
import { ReadFault } from '../../source.ts';
import { brokenMark } from './mapping.ts';
import type { TextFile } from './text-file.ts';

/** Where reading may go on: the byte and the line after a record, and the header that its fields are named by. */
export type Place = { offset: number; line: number; header: readonly string[] | null };

export type ParsedLine = { line: number; record: Record<string, unknown>; place: Place };

/** Longer than any record people keep; a stray quote must not swallow a gigabyte into one field. */
const maxRecordCharacters = 1024 * 1024;

/** @throws ReadFault when the header lacks a field that is needed, names one twice, or the text is no CSV. */
export async function* parseCsv(
  place: string,
  file: TextFile,
  needed: readonly string[],
  delimiter: string | null,
  from: Place | null = null,
): AsyncIterable<ParsedLine> {
  const parser = parse({
    bom: true,
    delimiter: delimiter ?? sniffDelimiter(file.head),
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    max_record_size: maxRecordCharacters,
    info: true,
  });
  const source = Readable.from(file.text(from?.offset));
  const start = from ?? { offset: file.start, line: 0 };
  source.on('error', (error) => parser.destroy(error));
  let header: readonly string[] | null = from?.header ?? null;
  try {
    for await (const item of source.pipe(parser)) {
      const { record: cells, info } = item as { record: string[]; info: { lines: number; bytes: number } };
      if (header === null) {
        header = checkHeader(place, cells, needed);
        continue;
      }
      const line = start.line + info.lines;
      const after = { offset: start.offset + info.bytes, line, header };
      yield { line, record: toRecord(header, cells, line), place: after };
    }
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && String(cause.code).startsWith('CSV_')) {
      throw new ReadFault('protocol', `${place}: the file cannot be read as CSV: ${cause.message}`, {
        cause,
      });
    }
    throw cause;
  } finally {
    source.destroy();
    parser.destroy();
  }
  // An export that is still being written, or that failed, often shows as an empty file: never as "everything deleted".
  if (header === null)
    throw new ReadFault('transient', `${place}: the file is empty; a full export has a header line at least`);
}

/** The separator that the header line uses most, outside quotes. */
export function sniffDelimiter(head: string): string {
  const bare = head.replace(/"[^"]*"/g, '');
  const counts = [',', ';', '\t', '|'].map((sign) => ({ sign, count: bare.split(sign).length - 1 }));
  return counts.reduce((best, next) => (next.count > best.count ? next : best)).sign;
}

function checkHeader(place: string, cells: string[], needed: readonly string[]): string[] {
  const header = cells.map((cell) => cell.trim());
  const faults = needed
    .filter((field) => !header.includes(field))
    .map(
      (field) =>
        `${place}: the header has no column "${field}"; ${didYouMean(field, header)}it has ${header.join(', ')}`,
    );
  const twice = header.filter((field, i) => header.indexOf(field) !== i && needed.includes(field));
  faults.push(...twice.map((field) => `${place}: the header names column "${field}" twice`));
  if (faults.length > 0) throw new ReadFault('fatal', faults.join('\n'));
  return header;
}

function toRecord(header: readonly string[], cells: string[], line: number): Record<string, unknown> {
  const record: Record<string, unknown> = Object.fromEntries(
    header.map((field, i) => [field, cells[i] ?? '']),
  );
  // Lines that end with a separator have an empty field more than their header.
  const fits =
    cells.length >= header.length && cells.slice(header.length).every((cell) => cell.trim() === '');
  if (!fits) {
    record[brokenMark] = `line ${line} has ${cells.length} fields where the header has ${header.length}`;
  }
  return record;
}
