/** Lanes of what is searched: the whole by creation, what changed by modification, closed windows again, ids for deletes. */
import type { Batch } from '../../source.ts';
import {
  type Item,
  idOf,
  isoOf,
  type Reading,
  type SearchCursor,
  secondsNow,
  toUpsert,
} from './intercom-stream.ts';
import { type Searched, searchPages } from './search-pages.ts';

/** Stamps are whole seconds and the index is a moment late: so much is read again each time. */
const overlapSeconds = 60;
/** How late the index is taken to be when saying up to when we are complete; not published. */
const visibilitySeconds = 10;
/** A window is read once more when it has been closed for so long. */
const settleSeconds = 15 * 60;
/** Dates of contacts are matched by whole days of the workspace's zone, and `>` begins the day after: two days are always enough. */
const daySlackSeconds = 2 * 86_400;

export type SearchedStream = {
  name: string;
  object: Searched;
  refine?: (items: Item[]) => Promise<Item[]> | Item[];
};

const everything = [{ field: 'created_at', operator: '>' as const, value: '0' }];
const byCreation = { field: 'created_at' as const, order: 'ascending' as const };

/** Oldest first: what is created meanwhile joins at the end, and nothing changes its place. */
export async function* readBackfill(
  stream: SearchedStream,
  cursor: SearchCursor,
  reading: Reading,
): AsyncIterable<Batch> {
  const from = cursor.from ?? secondsNow(reading.context);
  for await (const page of searchPages(reading, stream.object, {
    filters: everything,
    sort: byCreation,
    after: cursor.page ?? null,
  })) {
    const records = await upserts(stream, page.items, reading);
    const isLast = page.next === null;
    // What changed since the first page was asked for is the realtime lane's.
    yield {
      stream: stream.name,
      records,
      cursor: isLast ? { until: from } : { page: page.next, from },
      coveredUntil: isLast ? isoOf(from - visibilitySeconds) : null,
    };
  }
}

/** Conversations: an exact window, oldest change first, so that each page is a position. */
export async function* readWindow(
  stream: SearchedStream,
  window: { from: number; end: number; coveredUntil: number },
  reading: Reading,
): AsyncIterable<Batch> {
  const { from, end } = window;
  let until = from;
  if (end > from) {
    const filters = [
      // Some versions take > as "at or after", some as "after": one second wider is right for both.
      { field: 'updated_at', operator: '>' as const, value: String(from - overlapSeconds - 1) },
      { field: 'updated_at', operator: '<' as const, value: String(end + 1) },
    ];
    for await (const page of searchPages(reading, stream.object, {
      filters,
      sort: { field: 'updated_at', order: 'ascending' },
    })) {
      const items = page.items.filter((item) => Number(item.updated_at) <= end);
      until = Math.max(until, Number(items.at(-1)?.updated_at ?? from) - 1);
      yield {
        stream: stream.name,
        records: await upserts(stream, items, reading),
        cursor: { until },
        coveredUntil: null,
      };
    }
  }
  yield {
    stream: stream.name,
    records: [],
    cursor: { until: Math.max(from, end) },
    coveredUntil: isoOf(window.coveredUntil),
  };
}

/** Contacts: newest change first, until changes are older than the window; a position only at its end. */
export async function* readNewestFirst(
  stream: SearchedStream,
  window: { from: number; end: number; coveredUntil: number },
  reading: Reading,
): AsyncIterable<Batch> {
  const oldest = window.from - overlapSeconds;
  const filters = [
    { field: 'updated_at', operator: '>' as const, value: String(Math.max(0, oldest - daySlackSeconds)) },
  ];
  if (window.end > window.from) {
    for await (const page of searchPages(reading, stream.object, {
      filters,
      sort: { field: 'updated_at', order: 'descending' },
    })) {
      const items = page.items.filter(
        (item) => Number(item.updated_at) >= oldest && Number(item.updated_at) <= window.end,
      );
      if (items.length > 0)
        yield {
          stream: stream.name,
          records: await upserts(stream, items, reading),
          cursor: { until: window.from },
          coveredUntil: null,
        };
      if (page.items.some((item) => Number(item.updated_at) < oldest)) break;
    }
  }
  yield {
    stream: stream.name,
    records: [],
    cursor: { until: Math.max(window.from, window.end) },
    coveredUntil: isoOf(window.coveredUntil),
  };
}

export function realtimeWindow(cursor: SearchCursor, reading: Reading) {
  const end = secondsNow(reading.context);
  return { from: cursor.until ?? 0, end, coveredUntil: end - visibilitySeconds };
}

export function settleWindow(cursor: SearchCursor, reading: Reading) {
  const end = secondsNow(reading.context) - settleSeconds;
  return { from: cursor.until ?? end - settleSeconds, end, coveredUntil: end };
}

/** Every id there is. A contact that was merged or deleted is simply not among them. */
export async function* readIds(stream: SearchedStream, reading: Reading): AsyncIterable<Batch> {
  for await (const page of searchPages(reading, stream.object, { filters: everything, sort: byCreation })) {
    yield {
      stream: stream.name,
      records: [],
      cursor: { ids: page.items.map(idOf), done: page.next === null },
      coveredUntil: null,
    };
  }
}

async function upserts(stream: SearchedStream, items: Item[], { context }: Reading) {
  const readAt = context.now().getTime();
  const refined = stream.refine ? await stream.refine(items) : items;
  return refined.map((item) => toUpsert(item, readAt));
}
