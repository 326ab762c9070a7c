/**
 * Full-export files (CSV, JSON lines): a file that changed is read whole, and what did not change in it is dropped by
 * its hash further on; deletions are what the complete list of ids no longer has.
 */
import path from 'node:path';
import { type Batch, type Cursor, type ReadContext, ReadFault } from '../../source.ts';
import type { Mapping } from './mapping.ts';
import { type ParsedLine, parseCsv } from './parse-csv.ts';
import { parseJsonl } from './parse-jsonl.ts';
import { idsPerSweepBatch, type Reader, sweepBatch } from './reader.ts';
import { type Keyed, keyed, recordsPerBatch, toUpserts } from './records.ts';
import type { FileSettings, FileStream } from './settings.ts';
import { type TextFile, withTextFile } from './text-file.ts';
import type { Shape } from './values.ts';

export function createFileReader(
  name: string,
  settings: FileSettings,
  mappings: ReadonlyMap<string, Mapping>,
  shape: Shape,
): Reader {
  const specOf = (stream: string) => settings.streams[stream] as FileStream;
  const placeOf = (stream: string) => `${name}.${stream} (${specOf(stream).file})`;

  function withFile<T>(stream: string, use: (file: TextFile) => AsyncIterable<T>): AsyncIterable<T> {
    const spec = specOf(stream);
    return withTextFile(placeOf(stream), path.join(settings.folder, spec.file), spec.encoding, use);
  }

  async function* lines(stream: string, file: TextFile): AsyncIterable<Keyed> {
    const spec = specOf(stream);
    const needed = [
      ...new Set([
        ...[spec.key].flat(),
        ...(spec.updatedAt ? [spec.updatedAt] : []),
        ...mappings.get(stream)!.fields,
      ]),
    ];
    const parsed: AsyncIterable<ParsedLine> =
      settings.kind === 'csv'
        ? parseCsv(placeOf(stream), file, needed, spec.delimiter ?? null)
        : parseJsonl(placeOf(stream), file);
    for await (const { line, record } of parsed) yield keyed(record, spec.key, `line ${line}`);
  }

  async function* readRecords(
    stream: string,
    cursor: Cursor,
    file: TextFile,
    context: ReadContext,
  ): AsyncIterable<Batch> {
    const now = context.now();
    if (cursor?.identity !== file.identity) {
      const stamp = { updatedAt: specOf(stream).updatedAt, shape, readAt: now.getTime() };
      for await (const page of paged(lines(stream, file), recordsPerBatch)) {
        context.signal.throwIfAborted();
        // The old cursor until the end: a reading that was cut short begins again.
        yield { stream, records: toUpserts(page, stamp), cursor, coveredUntil: null };
      }
    }
    await file.confirmUnchanged();
    yield { stream, records: [], cursor: { identity: file.identity }, coveredUntil: now.toISOString() };
  }

  async function* readIds(stream: string, file: TextFile): AsyncIterable<Batch> {
    const ids = async function* () {
      for await (const { id } of lines(stream, file)) yield id;
    };
    let held: string[] | null = null;
    for await (const page of paged(ids(), idsPerSweepBatch)) {
      if (held) yield sweepBatch(stream, held, false);
      held = page;
    }
    await file.confirmUnchanged();
    yield sweepBatch(stream, held ?? [], true);
  }

  return {
    pace: {},
    lanes: ['backfill', 'realtime', 'sweep'],
    async check() {
      const faults: string[] = [];
      for (const stream of Object.keys(settings.streams)) {
        try {
          // One record is enough to know that the file is there and that its header has every field.
          for await (const _first of withFile(stream, (file) => lines(stream, file))) break;
        } catch (thrown) {
          if (!(thrown instanceof ReadFault)) throw thrown;
          faults.push(thrown.message);
        }
      }
      if (faults.length > 0) throw new ReadFault('fatal', faults.join('\n'));
      return { identity: settings.folder, detail: `${Object.keys(settings.streams).length} files` };
    },
    read: (stream, lane, cursor, context) =>
      withFile(stream, (file) =>
        lane === 'sweep' ? readIds(stream, file) : readRecords(stream, cursor, file, context),
      ),
  };
}

async function* paged<T>(items: AsyncIterable<T>, size: number): AsyncIterable<T[]> {
  let page: T[] = [];
  for await (const item of items) {
    page.push(item);
    if (page.length === size) {
      yield page;
      page = [];
    }
  }
  if (page.length > 0) yield page;
}
