/**
 * What was modified between two instants, by CRM search. Search ends at 10,000 rows a query, and offsets slip when a
 * row leaves the window between two pages; so no offset is used at all: each page starts at the last millisecond seen
 * (inclusive), and a millisecond that fills a page (a bulk import) is drained by id.
 */
import type { Batch, Cursor } from '../../source.ts';
import { ReadFault } from '../../source.ts';
import { modifiedMs, type Reading, recordsIn } from './hubspot-stream.ts';
import { type Page, type Row, readPage } from './page.ts';
import { closedAt, parsePosition, type WindowPosition } from './position.ts';

/** Largest page that search gives. */
const pageSize = 200;
/** Search lags "a few moments" behind; re-read this much, and claim no coverage of it. */
export const overlapMs = 2 * 60_000;
/** Rows turn up in the index later than that, too: closed windows are read again after an hour. */
export const settleLagMs = 60 * 60_000;
/** A settled window shorter than this is not worth its calls. */
const settleMinMs = 5 * 60_000;
/** HubSpot answers 500 to a search from the epoch itself. */
const earliestMs = 1_000;

/** From the cursor to now. */
export async function* readRealtime(reading: Reading, cursor: Cursor): AsyncGenerator<Batch> {
  const kept = windowOf(cursor);
  const now = reading.context.now().getTime();
  // Without a position this is the whole history: complete, only slower than a backfill.
  const from = kept === null ? earliestMs : kept.to === null ? kept.from - overlapMs : kept.from;
  const to = kept?.to ?? now;
  yield* readWindow(reading, { from, to, drained: kept?.drained ?? null, coveredUntil: to - overlapMs });
}

/** From the cursor to an hour ago; nothing while that is less than five minutes. */
export async function* readSettle(reading: Reading, cursor: Cursor): AsyncGenerator<Batch> {
  const kept = windowOf(cursor);
  const until = reading.context.now().getTime() - settleLagMs;
  const from = kept?.from ?? until - settleLagMs;
  const to = kept?.to ?? until;
  if (kept?.to == null && to - from < settleMinMs) return;
  yield* readWindow(reading, { from, to, drained: kept?.drained ?? null, coveredUntil: to });
}

function windowOf(cursor: Cursor): WindowPosition | null {
  const position = parsePosition(cursor);
  if (position === null || position.kind === 'window') return position;
  throw new ReadFault('cursor_expired', 'the kept HubSpot position is that of a list, not of a window');
}

type Window = { from: number; to: number; drained: string | null; coveredUntil: number };

async function* readWindow(reading: Reading, window: Window): AsyncGenerator<Batch> {
  const { stream } = reading;
  const { to } = window;
  let from = Math.max(window.from, earliestMs);
  let seen = new Set<string>();
  const batch = async (
    rows: Row[],
    position: WindowPosition,
    coveredUntil: number | null,
  ): Promise<Batch> => ({
    stream: stream.name,
    records: await recordsIn(reading, rows),
    cursor: position,
    coveredUntil: coveredUntil === null ? null : new Date(coveredUntil).toISOString(),
  });
  const at = (ms: number, drained: string | null = null): WindowPosition => ({
    v: 1,
    kind: 'window',
    from: ms,
    to,
    drained,
  });
  const stampOf = (row: Row) => modifiedMs(row, reading.stream.search?.cursorProperty);

  if (window.drained !== null) {
    yield* drain(from, window.drained);
    from += 1;
  }
  while (from <= to) {
    const page = await searchBetween(reading, from, to);
    // The index may hold a stale row: what lies outside the window belongs to another one.
    const rows = page.rows.filter((row) => stampOf(row) >= from && stampOf(row) <= to);
    const fresh = rows.filter((row) => !seen.has(row.id));
    if (page.after === null) {
      yield await batch(fresh, closedAt(to), window.coveredUntil);
      return;
    }
    const last = Math.max(...rows.map(stampOf));
    if (rows.length === 0) {
      throw new ReadFault(
        'no_progress',
        `HubSpot search of ${stream.name} gave a page without a row of its window`,
      );
    }
    if (last > from) {
      yield await batch(fresh, at(last), null);
      seen = new Set(rows.filter((row) => stampOf(row) === last).map((row) => row.id));
      from = last;
    } else {
      yield* drain(from, '0');
      seen = new Set();
      from += 1;
    }
  }
  yield await batch([], closedAt(to), window.coveredUntil);

  /** All rows of one millisecond, in id order after `id`. */
  async function* drain(ms: number, id: string): AsyncGenerator<Batch> {
    for (let after = id; ; ) {
      const page = await searchAt(reading, ms, after);
      const last = page.rows.at(-1)?.id ?? after;
      if (page.after !== null && Number(last) <= Number(after)) {
        throw new ReadFault('no_progress', `HubSpot search of ${stream.name} does not get past id ${after}`);
      }
      yield await batch(
        page.rows.filter((row) => stampOf(row) === ms),
        at(ms, last),
        null,
      );
      if (page.after === null) return;
      after = last;
    }
  }
}

type Filter = { propertyName: string; operator: 'GTE' | 'LTE' | 'EQ' | 'GT'; value: string };

const searchBetween = (reading: Reading, from: number, to: number): Promise<Page> => {
  const propertyName = reading.stream.search!.cursorProperty;
  return search(reading, propertyName, [
    { propertyName, operator: 'GTE', value: String(from) },
    { propertyName, operator: 'LTE', value: String(to) },
  ]);
};

const searchAt = (reading: Reading, ms: number, after: string): Promise<Page> =>
  search(reading, 'hs_object_id', [
    { propertyName: reading.stream.search!.cursorProperty, operator: 'EQ', value: String(ms) },
    { propertyName: 'hs_object_id', operator: 'GT', value: after },
  ]);

function search({ session, stream, context }: Reading, sortBy: string, filters: Filter[]): Promise<Page> {
  return readPage(session, context, {
    method: 'POST',
    path: stream.search!.path,
    body: {
      filterGroups: [{ filters }],
      sorts: [{ propertyName: sortBy, direction: 'ASCENDING' }],
      properties: stream.search!.properties,
      limit: pageSize,
    },
  });
}
