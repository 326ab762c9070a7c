/** Reading CRM objects other than by search: pages in id order, batches by id, and the flat lists of owners and emails. */
import type { Store, Stored } from '../../company/records.ts';
import { cachedByRevision, compareIds, lowerBound } from '../cached-by-revision.ts';
import type { Exchange } from '../exchange.ts';
import { Refusal } from '../refusal.ts';
import { type CrmView, project } from './crm-view.ts';
import { refuse } from './refuse.ts';

function limitOf(query: URLSearchParams, max: number, fallback = 10): number {
  const limit = Number(query.get('limit') ?? fallback);
  if (!(Number.isInteger(limit) && limit >= 1 && limit <= max)) {
    throw refuse(400, 'VALIDATION_ERROR', `limit must be between 1 and ${max}`);
  }
  return limit;
}

/** A page of rows in id order, after the id `after`. */
function pageOf(rows: readonly Stored[], query: URLSearchParams, limit: number) {
  const after = query.get('after');
  const start = after === null ? 0 : lowerBound(rows, (row) => compareIds(row.id, after) > 0);
  const page = rows.slice(start, start + limit);
  const last = page.at(-1);
  const isMore = last !== undefined && start + limit < rows.length;
  return { page, ...(isMore ? { paging: { next: { after: last.id, link: '' } } } : {}) };
}

const namesIn = (query: URLSearchParams, parameter = 'properties') =>
  query.getAll(parameter).flatMap((list) => list.split(',').filter((name) => name !== ''));

/** Former values, newest first, from what records keep under `histories`. */
function historiesOf({ record }: Stored, names: readonly string[]): object {
  if (names.length === 0) return {};
  const kept = (record.histories ?? {}) as Record<string, { value: string; timestamp: string }[]>;
  const shown = names.map((name) => [name, (kept[name] ?? []).toSorted(newestFirst)] as const);
  return { propertiesWithHistory: Object.fromEntries(shown) };
}

const newestFirst = (a: { timestamp: string }, b: { timestamp: string }) =>
  Date.parse(b.timestamp) - Date.parse(a.timestamp);

/** GET /crm/v3/objects/{type} */
export function list(view: CrmView, { query }: Exchange): unknown {
  const rows = query.get('archived') === 'true' ? view.archived : view.live;
  const histories = namesIn(query, 'propertiesWithHistory');
  const { page, ...paging } = pageOf(rows, query, limitOf(query, histories.length > 0 ? 50 : 100));
  const results = page.map((stored) => ({
    ...project(view, stored, namesIn(query)),
    ...historiesOf(stored, histories),
  }));
  return { results, ...paging };
}

/** GET /crm/v3/objects/{type}/{id}: the id of a merged record gives the survivor. */
export function one(view: CrmView, store: Store, id: string, { query }: Exchange): unknown {
  const stored = survivor(view, store, id);
  if (!stored) throw refuse(404, 'OBJECT_NOT_FOUND', 'resource not found');
  return project(view, stored, namesIn(query));
}

/** POST /crm/v3/objects/{type}/batch/read: what is missing is reported beside what is there, with 207. */
export function batchRead(view: CrmView, store: Store, { body, query }: Exchange): unknown {
  const request = JSON.parse(body) as {
    inputs: { id: string }[];
    properties?: string[];
    propertiesWithHistory?: string[];
  };
  const histories = request.propertiesWithHistory ?? [];
  const most = histories.length > 0 ? 50 : 100;
  if (request.inputs.length > most)
    throw refuse(400, 'VALIDATION_ERROR', `At most ${most} ids in one batch.`);
  const isArchived = query.get('archived') === 'true';
  const missing: string[] = [];
  const results = request.inputs.flatMap(({ id }) => {
    const stored = isArchived ? view.archived.find((row) => row.id === id) : survivor(view, store, id);
    if (!stored) missing.push(id);
    return stored
      ? [{ ...project(view, stored, request.properties ?? []), ...historiesOf(stored, histories) }]
      : [];
  });
  if (missing.length === 0) return { status: 'COMPLETE', results };
  const message = 'Could not get some objects, they may be deleted or not exist.';
  const error = { status: 'error', category: 'OBJECT_NOT_FOUND', message, context: { ids: missing } };
  throw new Refusal(207, { status: 'COMPLETE', results, numErrors: 1, errors: [error] });
}

function survivor(view: CrmView, store: Store, id: string): Stored | null {
  let current = id;
  for (let next = view.mergedInto.get(current); next !== undefined; next = view.mergedInto.get(current))
    current = next;
  const stored = store.get(view.object, current);
  return stored && !stored.gone ? stored : null;
}

/** Owners and marketing emails: records as they are, archived ones only when asked for. */
export function createFlatList(store: Store, object: 'owners' | 'marketing_emails') {
  const rows = cachedByRevision(store, object, () => {
    const all = [...store.all(object)]
      .filter((stored) => stored.gone?.how !== 'hard_deleted')
      .sort((a, b) => compareIds(a.id, b.id));
    const isArchived = (stored: Stored) => stored.gone !== undefined || stored.record.archived === true;
    return { live: all.filter((stored) => !isArchived(stored)), archived: all.filter(isArchived) };
  });
  return ({ query }: Exchange): unknown => {
    const from = query.get('archived') === 'true' ? rows().archived : rows().live;
    const { page, ...paging } = pageOf(from, query, limitOf(query, object === 'owners' ? 500 : 100));
    const withStats = object === 'owners' || query.get('includeStats') === 'true';
    const results = page.map((stored) => {
      const { stats, ...rest } = stored.record;
      return {
        createdAt: new Date(stored.createdAt).toISOString(),
        updatedAt: new Date(stored.modifiedAt).toISOString(),
        ...rest,
        id: stored.id,
        archived: stored.gone !== undefined || rest.archived === true,
        ...(withStats && stats !== undefined ? { stats } : {}),
      };
    });
    return object === 'owners' ? { results, ...paging } : { total: from.length, results, ...paging };
  };
}
