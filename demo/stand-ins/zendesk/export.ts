/**
 * Incremental exports. By cursor (tickets, users): ordered by the generated stamp, opaque position, `end_of_stream`.
 * By time (the rest): `start_time` inclusive, so a page that holds one second only repeats itself for ever. Both leave
 * out the minute before the request.
 */
import type { Store, Stored } from '../../company/records.ts';
import { cachedByRevision, compareIds, lowerBound } from '../cached-by-revision.ts';
import type { Exchange } from '../exchange.ts';
import { refuse } from './refuse.ts';
import { generatedAt } from './shape.ts';

type ExportOptions = {
  store: Store;
  now: () => number;
  exclusionMs: number;
  object: string;
  show: (stored: Stored, query: URLSearchParams) => Record<string, unknown>;
};

const maxPage = 1_000;

function createOrdered({ store, object }: ExportOptions): () => Stored[] {
  return cachedByRevision(store, object, () =>
    [...store.all(object)]
      .filter((stored) => stored.gone?.how !== 'hard_deleted')
      .sort((a, b) => generatedAt(a) - generatedAt(b) || compareIds(a.id, b.id)),
  );
}

/** Rows up to the excluded minute, from `isAtOrAfter` on, and whether that is all there is. */
function slice(
  rows: Stored[],
  isAtOrAfter: (stored: Stored) => boolean,
  options: ExportOptions,
  size: number,
) {
  const end = lowerBound(rows, (stored) => stored.modifiedAt > visibleUntil(options));
  const start = lowerBound(rows, isAtOrAfter);
  const page = rows.slice(start, Math.min(end, start + size));
  return { page, isEnd: start + size >= end };
}

/** In whole seconds, so that a second shows whole or not at all: rows are ordered by second, then id. */
const visibleUntil = ({ now, exclusionMs }: ExportOptions) =>
  Math.floor((now() - exclusionMs) / 1000) * 1000 - 1;

function pageSize(query: URLSearchParams): number {
  const size = Number(query.get('per_page') ?? maxPage);
  if (!(Number.isInteger(size) && size >= 1 && size <= maxPage)) {
    throw refuse(400, 'BadRequest', `per_page must be between 1 and ${maxPage}`);
  }
  return size;
}

function startTime(query: URLSearchParams, { now, exclusionMs }: ExportOptions): number {
  const given = query.get('start_time');
  if (given === null || !/^\d+$/.test(given))
    throw refuse(400, 'BadRequest', 'start_time must be a Unix epoch time');
  if (Number(given) * 1000 > now() - exclusionMs) {
    throw refuse(
      422,
      'StartTimeTooRecent',
      `Too recent start_time. Use a start_time older than ${exclusionMs / 1000} seconds`,
    );
  }
  return Number(given);
}

type Position = { seconds: number; id: string };

const encode = ({ seconds, id }: Position) => Buffer.from(`${seconds}|${id}`).toString('base64');

function decode(cursor: string): Position {
  const found = /^(\d+)\|(\w*)$/.exec(Buffer.from(cursor, 'base64').toString('utf8'));
  if (!found) throw refuse(422, 'InvalidValue', 'cursor is not valid');
  return { seconds: Number(found[1]), id: found[2]! };
}

/** GET /api/v2/incremental/{object}/cursor */
export function createCursorExport(options: ExportOptions) {
  const ordered = createOrdered(options);
  return ({ query, origin, path }: Exchange): unknown => {
    const given = query.get('cursor');
    const from = given === null ? { seconds: startTime(query, options), id: '' } : decode(given);
    const isAfter = (stored: Stored) => {
      const seconds = generatedAt(stored);
      if (seconds !== from.seconds) return seconds > from.seconds;
      return from.id === '' || compareIds(stored.id, from.id) > 0;
    };
    const { page, isEnd } = slice(ordered(), isAfter, options, pageSize(query));
    const last = page.at(-1);
    const after = encode(last ? { seconds: generatedAt(last), id: last.id } : from);
    const carried = new URLSearchParams(query);
    carried.delete('start_time');
    carried.set('cursor', after);
    return {
      [options.object]: page.map((stored) => options.show(stored, query)),
      after_cursor: after,
      after_url: `${origin}${path}?${carried}`,
      before_cursor: null,
      before_url: null,
      end_of_stream: isEnd,
    };
  };
}

/** GET /api/v2/incremental/{object}?start_time=… */
export function createTimeExport(options: ExportOptions) {
  const ordered = createOrdered(options);
  return ({ query, origin, path }: Exchange): unknown => {
    const from = startTime(query, options);
    const size = pageSize(query);
    const { page, isEnd } = slice(ordered(), (stored) => generatedAt(stored) >= from, options, size);
    const last = page.at(-1);
    const endTime = last ? generatedAt(last) : null;
    const carried = new URLSearchParams(query);
    if (endTime !== null) carried.set('start_time', String(endTime));
    return {
      [options.object]: page.map((stored) => options.show(stored, query)),
      count: page.length,
      end_time: endTime,
      next_page: endTime === null ? null : `${origin}${path}?${carried}`,
      end_of_stream: isEnd,
    };
  };
}
