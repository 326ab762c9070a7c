/** Pages of a search. The cursor between them is a place in the order, not a snapshot, so the order must suit the reader. */
import { ReadFault } from '../../source.ts';
import type { Item, Reading } from './intercom-stream.ts';

export type Searched = 'conversations' | 'contacts' | 'tickets';
type Filter = { field: string; operator: '>' | '<'; value: string };
export type SearchOrder = { field: 'created_at' | 'updated_at'; order: 'ascending' | 'descending' };
export type SearchPage = { items: Item[]; next: string | null };

/** The most that a page may hold. */
const perPage = 150;

export async function* searchPages(
  { session }: Reading,
  object: Searched,
  search: { filters: Filter[]; sort: SearchOrder; after?: string | null },
): AsyncIterable<SearchPage> {
  for (let after = search.after ?? null; ; ) {
    const request = {
      query: { operator: 'AND' as const, value: search.filters },
      // Missing from the client's types, and passed on by it: without it the order is the platform's choice.
      sort: search.sort,
      pagination: { per_page: perPage, ...(after === null ? {} : { starting_after: after }) },
    };
    const response = await session.ask(async (client) => (await client[object].search(request)).response);
    const reply = response as unknown as Item;
    const items = reply[object === 'contacts' ? 'data' : object];
    if (!Array.isArray(items))
      throw new ReadFault('protocol', `Intercom answered a search of ${object} without a list`);
    const next =
      (reply.pages as { next?: { starting_after?: string | null } | null } | null)?.next?.starting_after ??
      null;
    if (next !== null && next === after)
      throw new ReadFault('no_progress', `Intercom names the same next page of ${object} twice`);
    yield { items: items as Item[], next };
    if (next === null) return;
    after = next;
  }
}
