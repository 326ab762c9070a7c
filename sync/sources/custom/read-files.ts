/**
 * Files (CSV, JSON lines): of one that only grew, what was appended is read; any other change reads it whole, and what
 * did not change in it is dropped by its hash further on. Deletions are what the complete list of ids no longer has.
 */
import path from 'node:path';
import { type Batch, type ReadContext, ReadFault } from '../../source.ts';
import type { Mapping } from './mapping.ts';
import { type ParsedLine, type Place, parseCsv } from './parse-csv.ts';
import { parseJsonl } from './parse-jsonl.ts';
import { idsPerSweepBatch, type Reader, sweepBatch } from './reader.ts';
import { type Keyed, keyed, recordsPerBatch, toUpserts } from './records.ts';
import { type FileSettings, type FileStream, lineKey } from './settings.ts';
import { type TextFile, withTextFile } from './text-file.ts';
import { countTwins, twinsLack } from './twins.ts';
import type { Shape } from './values.ts';

/** `identity` is null while the file was being written; `read` says where the last record ended, and what came before. */
type FileCursor = { identity: string | null; read?: (Place & { digest: string | null }) | null };

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

  function parse(stream: string, file: TextFile, from: Place | null): AsyncIterable<ParsedLine> {
    const spec = specOf(stream);
    if (settings.kind === 'jsonl') return parseJsonl(placeOf(stream), file, from);
    const stamp = spec.updatedAt ? [spec.updatedAt] : [];
    const keyFields = [spec.key].flat().filter((field) => field !== lineKey);
    const needed = [...new Set([...keyFields, ...stamp, ...mappings.get(stream)!.fields])];
    return parseCsv(placeOf(stream), file, needed, spec.delimiter ?? null, from);
  }

  /** A last line that somebody may still be writing is left for the next reading. */
  async function* lines(
    stream: string,
    file: TextFile,
    from: Place | null,
    now: Date,
  ): AsyncIterable<Keyed & { place: Place }> {
    const hold = file.isBeingWritten(now);
    for await (const { line, record, place: at } of parse(stream, file, from)) {
      if (hold && at.offset >= file.size) return;
      const { key } = specOf(stream);
      const place = `line ${line}`;
      yield key === lineKey ? { id: place, record, place: at } : { ...keyed(record, key, place), place: at };
    }
  }

  async function* readRecords(
    stream: string,
    cursor: FileCursor | null,
    file: TextFile,
    context: ReadContext,
  ): AsyncIterable<Batch> {
    const now = context.now();
    if (cursor?.identity === file.identity)
      return void (yield { stream, records: [], cursor, coveredUntil: now.toISOString() });
    const { updatedAt, encoding } = specOf(stream);
    const stamp = { updatedAt, shape, readAt: now.getTime() };
    const from = await whereItGrew(cursor, file);
    let place = from;
    let twins = 0;
    for await (const page of paged(lines(stream, file, from, now), recordsPerBatch)) {
      context.signal.throwIfAborted();
      place = page.at(-1)!.place;
      twins += countTwins(page, specOf(stream).entity, mappings.get(stream)!);
      // The old cursor until the end: a reading that was cut short begins again.
      yield { stream, records: toUpserts(page, stamp), cursor, coveredUntil: null };
    }
    // Bytes are those of the text in UTF-8 alone: a file in another encoding is read whole each time.
    const read = place && encoding === 'utf-8' ? { ...place, digest: await file.digest(place.offset) } : null;
    await file.confirmUnchanged();
    const identity = file.isBeingWritten(now) ? null : file.identity;
    // A file with stamps of its own tells versions of a record so.
    const lacks = updatedAt || from ? [] : [twinsLack(twins, specOf(stream).key)];
    yield { stream, records: [], cursor: { identity, read }, coveredUntil: now.toISOString(), lacks };
  }

  async function* readIds(stream: string, file: TextFile, now: Date): AsyncIterable<Batch> {
    // Its list of ids is not complete, and says so by never being done.
    if (file.isBeingWritten(now)) return;
    const ids = async function* () {
      for await (const { id } of lines(stream, file, null, now)) yield id;
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
          for await (const _first of withFile(stream, (file) => parse(stream, file, null))) break;
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
        lane === 'sweep'
          ? readIds(stream, file, context.now())
          : readRecords(stream, cursor as FileCursor | null, file, context),
      ),
  };
}

/** Null when what was read before is not there any more, byte by byte. */
async function whereItGrew(cursor: FileCursor | null, file: TextFile): Promise<Place | null> {
  const read = cursor?.read;
  if (!read?.digest || (await file.digest(read.offset)) !== read.digest) return null;
  return { offset: read.offset, line: read.line, header: read.header };
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
