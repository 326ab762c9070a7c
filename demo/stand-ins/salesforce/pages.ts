/** Query results in pages: the first with the query, the others behind a locator that does not live long. */
import { ApiFault } from './api-fault.ts';
import { project } from './read-path.ts';
import type { Rows } from './rows.ts';
import type { QueryResult } from './run-query.ts';

export type Pages = {
  /** `root` is /services/data/vNN.N. */
  first(result: QueryResult, size: number, root: string): object;
  next(locator: string, root: string): object;
};

type Open = { result: QueryResult; size: number; usedAt: number };

export function createPages(options: {
  rows: Rows;
  now: () => number;
  ttlMs: number;
  maxOpen: number;
}): Pages {
  const { rows, now, ttlMs, maxOpen } = options;
  const open = new Map<string, Open>();
  let opened = 0;

  function page(name: string, { result, size }: Open, from: number, root: string): object {
    const end = Math.min(from + size, result.rows.length);
    const records = result.rows.slice(from, end).map((row) => {
      const record: Record<string, unknown> = {
        attributes: { type: result.object, url: `${root}/sobjects/${result.object}/${row.id}` },
      };
      for (const path of result.paths) project(record, row, path, rows, root);
      return record;
    });
    const isDone = end === result.rows.length;
    if (isDone) open.delete(name);
    return {
      totalSize: result.rows.length,
      done: isDone,
      ...(isDone ? {} : { nextRecordsUrl: `${root}/query/${name}-${end}` }),
      records,
    };
  }

  return {
    first(result, size, root) {
      const name = `01g5f${String(++opened).padStart(13, '0')}`;
      const fresh = { result, size, usedAt: now() };
      if (result.rows.length > size) {
        open.set(name, fresh);
        // A user has so many cursors; one more closes the oldest.
        for (const oldest of [...open.keys()].slice(0, Math.max(0, open.size - maxOpen))) open.delete(oldest);
      }
      return page(name, fresh, 0, root);
    },
    next(locator, root) {
      const [name = '', from = ''] = locator.split('-');
      const found = open.get(name);
      if (!found || now() - found.usedAt > ttlMs || !/^\d+$/.test(from)) {
        open.delete(name);
        throw new ApiFault(400, 'INVALID_QUERY_LOCATOR', 'invalid query locator');
      }
      found.usedAt = now();
      return page(name, found, Number(from), root);
    },
  };
}
