/**
 * CRM search with the traits that bite: 200 rows a page, 10,000 rows a query, an index that lags behind the records,
 * archived records never shown, and a misspelt property that finds nothing and says 200.
 */
import type { Stored } from '../../company/records.ts';
import { compareIds, lowerBound } from '../cached-by-revision.ts';
import type { Exchange } from '../exchange.ts';
import { type CrmView, crmObjects, project, propertyOf } from './crm-view.ts';
import { refuse } from './refuse.ts';

const maxPage = 200;
const maxResults = 10_000;
const operators = ['EQ', 'GT', 'GTE', 'LT', 'LTE', 'HAS_PROPERTY'] as const;

type Filter = { propertyName: string; operator: (typeof operators)[number]; value?: string };
type Sort = { propertyName: string; direction?: 'ASCENDING' | 'DESCENDING' };
type Search = {
  filterGroups?: { filters: Filter[] }[];
  sorts?: (Sort | string)[];
  properties?: string[];
  limit?: number;
  after?: string | number;
};

/** POST /crm/v3/objects/{type}/search. `isIndexed` says whether the index has a record's last change yet. */
export function search(view: CrmView, exchange: Exchange, isIndexed: (stored: Stored) => boolean): unknown {
  const query = parse(exchange.body);
  const limit = query.limit ?? 10;
  const after = Number(query.after ?? 0);
  const groups = query.filterGroups ?? [];
  const found = candidates(view, groups).filter(
    (stored) =>
      isIndexed(stored) &&
      (groups.length === 0 ||
        groups.some((group) => group.filters.every((filter) => matches(view, stored, filter)))),
  );
  const rows = sorted(view, found, query.sorts?.[0]);
  const page = rows.slice(after, after + limit);
  const next = after + limit;
  return {
    total: rows.length,
    results: page.map((stored) => project(view, stored, query.properties ?? [])),
    ...(next < rows.length ? { paging: { next: { after: String(next) } } } : {}),
  };
}

function parse(body: string): Search {
  if (body.length > 3_000 + 20_000) throw refuse(400, 'VALIDATION_ERROR', 'The search request is too long.');
  let query: Search;
  try {
    query = JSON.parse(body);
  } catch {
    throw refuse(400, 'VALIDATION_ERROR', 'Invalid input JSON');
  }
  const { limit = 10, after = 0, filterGroups = [], sorts = [] } = query;
  if (!(limit >= 1 && limit <= maxPage))
    throw refuse(400, 'VALIDATION_ERROR', `limit must be between 1 and ${maxPage}`);
  if (!/^\d+$/.test(String(after))) throw refuse(400, 'VALIDATION_ERROR', 'after must be a number');
  if (Number(after) + limit > maxResults) {
    throw refuse(
      400,
      'VALIDATION_ERROR',
      `Paging past ${maxResults} results is not possible: narrow the search.`,
    );
  }
  if (filterGroups.length > 5 || filterGroups.some((group) => group.filters.length > 6)) {
    throw refuse(400, 'VALIDATION_ERROR', 'At most 5 filter groups of 6 filters each.');
  }
  if (sorts.length > 1) throw refuse(400, 'VALIDATION_ERROR', 'Only one sort is possible.');
  for (const filter of filterGroups.flatMap((group) => group.filters)) {
    if (!operators.includes(filter.operator))
      throw refuse(400, 'VALIDATION_ERROR', `${filter.operator} is not an operator`);
  }
  return query;
}

/** With one group that bounds the modification date from below, start there instead of at the first record. */
function candidates(view: CrmView, groups: { filters: Filter[] }[]): Stored[] {
  const cursor = crmObjects[view.object].cursor;
  const only = groups.length === 1 ? groups[0]!.filters : [];
  const numbers = (wanted: Filter['operator'][]) =>
    only
      .filter((f) => f.propertyName === cursor && wanted.includes(f.operator))
      .map((f) => comparable(f.value ?? ''));
  const from = Math.max(Number.NEGATIVE_INFINITY, ...numbers(['GTE', 'GT', 'EQ']));
  const to = Math.min(Number.POSITIVE_INFINITY, ...numbers(['LTE', 'LT', 'EQ']));
  const start = lowerBound(view.byModified, (stored) => stored.modifiedAt >= from);
  const end = lowerBound(view.byModified, (stored) => stored.modifiedAt > to);
  return view.byModified.slice(start, Math.max(start, end));
}

/** Numbers and dates are compared as numbers; HubSpot takes dates as milliseconds in text. */
function comparable(value: string): number {
  return /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : Date.parse(value);
}

function matches(view: CrmView, stored: Stored, filter: Filter): boolean {
  const value = propertyOf(view, stored, filter.propertyName);
  if (value === undefined || value === null || value === '') return false;
  if (filter.operator === 'HAS_PROPERTY') return true;
  const wanted = filter.value ?? '';
  const left = comparable(value);
  const right = comparable(wanted);
  const order = Number.isNaN(left) || Number.isNaN(right) ? compareText(value, wanted) : left - right;
  switch (filter.operator) {
    case 'EQ':
      return order === 0;
    case 'GT':
      return order > 0;
    case 'GTE':
      return order >= 0;
    case 'LT':
      return order < 0;
    case 'LTE':
      return order <= 0;
    default:
      return filter.operator satisfies never;
  }
}

const compareText = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

function sorted(view: CrmView, rows: Stored[], sort: Sort | string | undefined): Stored[] {
  if (sort === undefined) return rows;
  const { propertyName, direction } =
    typeof sort === 'string' ? { propertyName: sort, direction: undefined } : sort;
  const sign = direction === 'DESCENDING' ? -1 : 1;
  if (propertyName === crmObjects[view.object].cursor) return sign === 1 ? rows : rows.toReversed();
  if (propertyName === 'hs_object_id') return rows.toSorted((a, b) => sign * compareIds(a.id, b.id));
  const value = (stored: Stored) => propertyOf(view, stored, propertyName) ?? '';
  return rows.toSorted((a, b) => sign * compareText(value(a), value(b)));
}
