/** `POST …/search`: filter, sort and a cursor that is a place in the order, not a snapshot: what moves while paging moves. */
import { type FilterScope, toTest } from './filter.ts';
import { refuse } from './refuse.ts';

type Item = Record<string, unknown>;
export type SearchPage = { items: Item[]; total: number; pages: Record<string, unknown> };
export type SearchScope = FilterScope & { defaultPerPage: number };

type Place = [value: number, id: string];

export function search(items: readonly Item[], body: string, scope: SearchScope): SearchPage {
  const request = parse(body);
  const test = toTest(request.query, scope);
  const { field, sign } = toOrder(request.sort);
  const perPage = toPerPage(request.pagination?.per_page, scope.defaultPerPage);
  const place = (item: Item): Place => [Number(item[field] ?? 0), String(item.id)];
  const compare = (a: Place, b: Place) =>
    a[0] !== b[0] ? (a[0] - b[0]) * sign : (a[1] < b[1] ? -1 : a[1] > b[1] ? 1 : 0) * sign;
  const found = items.filter(test).sort((a, b) => compare(place(a), place(b)));
  const after = toPlace(request.pagination?.starting_after);
  const rest = after ? found.filter((item) => compare(place(item), after) > 0) : found;
  const page = rest.slice(0, perPage);
  const isLast = rest.length <= perPage;
  const next = isLast ? {} : { next: { per_page: perPage, starting_after: fromPlace(place(page.at(-1)!)) } };
  const number = Math.floor((found.length - rest.length) / perPage) + 1;
  return {
    items: page,
    total: found.length,
    pages: {
      type: 'pages',
      ...next,
      page: number,
      per_page: perPage,
      total_pages: Math.ceil(found.length / perPage),
    },
  };
}

type Request = {
  query?: unknown;
  sort?: { field?: unknown; order?: unknown };
  pagination?: { per_page?: unknown; starting_after?: unknown };
};

function parse(body: string): Request {
  try {
    return JSON.parse(body) as Request;
  } catch (thrown) {
    if (thrown instanceof SyntaxError) throw refuse(400, 'bad_request', 'bad JSON');
    throw thrown;
  }
}

function toOrder(sort: Request['sort']): { field: string; sign: 1 | -1 } {
  const field = sort?.field ?? 'updated_at';
  const order = sort?.order ?? 'descending';
  if (field !== 'updated_at' && field !== 'created_at')
    throw refuse(400, 'parameter_invalid', `cannot sort by ${String(field)}`);
  if (order !== 'ascending' && order !== 'descending')
    throw refuse(400, 'parameter_invalid', 'order must be ascending or descending');
  return { field, sign: order === 'ascending' ? 1 : -1 };
}

function toPerPage(given: unknown, otherwise: number): number {
  const perPage = Number(given ?? otherwise);
  if (Number.isInteger(perPage) && perPage >= 1 && perPage <= 150) return perPage;
  throw refuse(400, 'parameter_invalid', 'per_page must be between 1 and 150');
}

function fromPlace(place: Place): string {
  return Buffer.from(JSON.stringify(place)).toString('base64');
}

function toPlace(given: unknown): Place | null {
  if (given === undefined || given === null) return null;
  try {
    const place: unknown = JSON.parse(Buffer.from(String(given), 'base64').toString());
    if (Array.isArray(place) && place.length === 2) return [Number(place[0]), String(place[1])];
  } catch (thrown) {
    if (!(thrown instanceof SyntaxError)) throw thrown;
  }
  throw refuse(400, 'parameter_invalid', 'starting_after is no cursor of ours');
}
