/** Plain lists with cursor pages: `page[size]` ≤ 100, `page[after]`, `meta.has_more`, links on the stand-in's own host. */
import type { Store, Stored } from '../../company/records.ts';
import { cachedByRevision, compareIds, lowerBound } from '../cached-by-revision.ts';
import type { Exchange } from '../exchange.ts';
import { refuse } from './refuse.ts';

const maxPage = 100;

export function createList(
  store: Store,
  object: string,
  options: {
    show?: (stored: Stored) => Record<string, unknown>;
    keep?: (stored: Stored, query: URLSearchParams) => boolean;
  } = {},
) {
  const { show = (stored: Stored) => stored.record, keep = () => true } = options;
  const rows = cachedByRevision(store, object, () =>
    [...store.all(object)].filter((stored) => !stored.gone).sort((a, b) => compareIds(a.id, b.id)),
  );
  return ({ query, origin, path }: Exchange): unknown => {
    const size = Number(query.get('page[size]') ?? maxPage);
    if (!(Number.isInteger(size) && size >= 1 && size <= maxPage)) {
      throw refuse(400, 'InvalidPaginationParameter', `page[size] must be between 1 and ${maxPage}`);
    }
    if (query.has('page')) throw refuse(400, 'InvalidPaginationParameter', 'use page[size] and page[after]');
    const after = query.get('page[after]');
    const afterId = after === null ? null : Buffer.from(after, 'base64').toString('utf8');
    const all = rows();
    const page: Stored[] = [];
    let at = afterId === null ? 0 : lowerBound(all, (row) => compareIds(row.id, afterId) > 0);
    for (; at < all.length && page.length <= size; at++) if (keep(all[at]!, query)) page.push(all[at]!);
    const hasMore = page.length > size;
    if (hasMore) page.pop();
    const last = page.at(-1);
    const next = last ? Buffer.from(last.id).toString('base64') : null;
    const carried = new URLSearchParams(query);
    if (next !== null) carried.set('page[after]', next);
    return {
      [object]: page.map(show),
      meta: { has_more: hasMore, after_cursor: next, before_cursor: null },
      links: { next: hasMore ? `${origin}${path}?${carried}` : null, prev: null },
    };
  };
}
