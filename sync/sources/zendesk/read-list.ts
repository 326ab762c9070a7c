/** Plain lists, 100 rows a page: whole, bounded by their last change, or for their ids only. */
import type { Batch, Cursor, SourceRecord } from '../../source.ts';
import { ReadFault } from '../../source.ts';
import { parsePosition } from './position.ts';
import { type Row, rowsOf } from './rows.ts';
import { exclusionMs, type Reading } from './zendesk-stream.ts';

const pageSize = '100';
/** Rows per transaction: a commit for each page of 100 would cost more than the reading. */
const batchRows = 1_000;
/** Lists show changes seconds to minutes late. */
const overlapSeconds = 15 * 60;
const completeEveryMs = 24 * 60 * 60_000;

type Page = { rows: Row[]; after: string | null };

export async function readListPage(
  { session, context }: Pick<Reading, 'session' | 'context'>,
  list: { path: string; key: string; query?: Record<string, string | string[]> },
  after: string | null,
): Promise<Page> {
  const position: Record<string, string> = after === null ? {} : { 'page[after]': after };
  const reply = await session.get(context, list.path, { ...list.query, ...position, 'page[size]': pageSize });
  const rows = rowsOf(reply, list.key);
  const meta = reply.meta as { has_more?: unknown; after_cursor?: unknown } | undefined;
  if (typeof meta?.has_more !== 'boolean')
    throw new ReadFault('protocol', `Zendesk answered ${list.path} without meta.has_more`);
  if (!meta.has_more) return { rows, after: null };
  if (typeof meta.after_cursor !== 'string' || meta.after_cursor === after) {
    throw new ReadFault('no_progress', `Zendesk gave the same page of ${list.path} twice`);
  }
  return { rows, after: meta.after_cursor };
}

/** What was changed since the last reading, with an overlap; everything at first. */
export async function* readByWindow(reading: Reading, cursor: Cursor): AsyncGenerator<Batch> {
  const { stream, context } = reading;
  const kept = parsePosition('window', cursor);
  const isOpen = kept !== null && kept.after !== null;
  const startedAt = isOpen ? kept.startedAt : context.now().getTime();
  const from = kept?.from ?? 1;
  const list = { ...stream, query: { ...stream.query, start_time: String(from) } };
  let after = isOpen ? kept.after : null;
  let records: SourceRecord[] = [];
  for (;;) {
    const page = await readListPage(reading, list, after);
    records.push(...(await stream.recordsOf(page.rows, reading)));
    after = page.after;
    if (after === null) break;
    if (records.length < batchRows) continue;
    yield {
      stream: stream.name,
      records,
      cursor: { v: 1, kind: 'window', from, after, startedAt },
      coveredUntil: null,
    };
    records = [];
  }
  const next = Math.max(1, Math.floor(startedAt / 1000) - overlapSeconds);
  yield {
    stream: stream.name,
    records,
    cursor: { v: 1, kind: 'window', from: next, after: null, startedAt },
    coveredUntil: new Date(startedAt - exclusionMs).toISOString(),
  };
}

/** A short list, whole. */
export async function* readSnapshot(reading: Reading): AsyncGenerator<Batch> {
  const { stream, context } = reading;
  const startedAt = context.now().getTime();
  for (let after: string | null = null; ; ) {
    const page: Page = await readListPage(reading, stream, after);
    after = page.after;
    const coveredUntil = after === null ? new Date(startedAt - exclusionMs).toISOString() : null;
    yield {
      stream: stream.name,
      records: await stream.recordsOf(page.rows, reading),
      cursor: null,
      coveredUntil,
    };
    if (after === null) return;
  }
}

/**
 * All ids, for records that were deleted for good and left no trace in the export. Costly, so once a day;
 * `completedAt` remembers (in this process) when that was.
 */
export async function* readIds(reading: Reading, completedAt: Map<string, number>): AsyncGenerator<Batch> {
  const { stream, context } = reading;
  const startedAt = context.now().getTime();
  if (startedAt - (completedAt.get(stream.name) ?? Number.NEGATIVE_INFINITY) < completeEveryMs) return;
  let ids: string[] = [];
  for (let after: string | null = null; ; ) {
    const page: Page = await readListPage(reading, { path: stream.idsPath!, key: stream.key }, after);
    ids.push(...page.rows.map((row) => String(row.id)));
    after = page.after;
    if (after === null) break;
    if (ids.length < batchRows) continue;
    yield { stream: stream.name, records: [], cursor: { ids, done: false }, coveredUntil: null };
    ids = [];
  }
  completedAt.set(stream.name, startedAt);
  yield {
    stream: stream.name,
    records: [],
    cursor: { ids, done: true },
    coveredUntil: new Date(startedAt - exclusionMs).toISOString(),
  };
}
