/** Zendesk as far as Herald reads it, strict where the real one is strict. */
import type { RequestListener } from 'node:http';
import type { Store, Stored } from '../../company/records.ts';
import { answer, type Exchange, readExchange } from '../exchange.ts';
import { createCursorExport, createTimeExport } from './export.ts';
import { createList } from './list.ts';
import { createQuota, type ZendeskLimits } from './quota.ts';
import { refuse } from './refuse.ts';
import { organizationOf, ticketOf, userOf } from './shape.ts';
import { createTokens, type ZendeskAuth } from './tokens.ts';

export type ZendeskStandInOptions = {
  store: Store;
  /** Epoch ms. */
  now: () => number;
  limits: ZendeskLimits;
  /** How much of the latest past exports leave out; the real one a minute. */
  exclusionMs?: number;
  auth: ZendeskAuth;
};

const includes = (query: URLSearchParams) => new Set((query.get('include') ?? '').split(','));

export function createZendeskStandIn(options: ZendeskStandInOptions): RequestListener {
  const { store, now, exclusionMs = 60_000 } = options;
  const tokens = createTokens(options.auth, now);
  const quota = createQuota(options.limits, now);
  const asIs = (stored: Stored) => stored.record;
  const exported = { store, now, exclusionMs };
  const byTime = (
    object: string,
    show: (stored: Stored, query: URLSearchParams) => Record<string, unknown>,
  ) => createTimeExport({ ...exported, object, show });

  const routes: Record<string, (exchange: Exchange) => unknown> = {
    'incremental/tickets/cursor': createCursorExport({
      ...exported,
      object: 'tickets',
      show: (stored, query) => ticketOf(stored, includes(query)),
    }),
    'incremental/users/cursor': createCursorExport({ ...exported, object: 'users', show: userOf }),
    'incremental/organizations': byTime('organizations', organizationOf),
    'incremental/ticket_metric_events': byTime('ticket_metric_events', asIs),
    'incremental/ticket_events': byTime('ticket_events', (stored, query) =>
      includes(query).has('comment_events') ? stored.record : withoutComments(stored.record),
    ),
    satisfaction_ratings: createList(store, 'satisfaction_ratings', { keep: isBetween }),
    groups: createList(store, 'groups'),
    users: createList(store, 'users', { show: userOf, keep: hasRole }),
    'users/me': () => ({
      user: [...store.all('users')].find((user) => user.record.role === 'admin')?.record ?? {
        id: 1,
        name: 'Herald',
        role: 'admin',
      },
    }),
    organizations: createList(store, 'organizations'),
    'business_hours/schedules': ({ origin, path }) => ({
      schedules: [...store.all('schedules')].flatMap(({ gone, record }) => (gone ? [] : [record])),
      url: `${origin}${path}`,
    }),
    'users/show_many': ({ query }) => ({
      users: idsIn(query).flatMap((id) => {
        const stored = store.get('users', id);
        return stored && stored.gone?.how !== 'hard_deleted' ? [userOf(stored)] : [];
      }),
    }),
    'tickets/show_many': ({ query }) => showMany(store, query),
    'organizations/show_many': ({ query }) => ({
      organizations: idsIn(query).flatMap((id) => {
        const stored = store.get('organizations', id);
        return stored && !stored.gone ? [stored.record] : [];
      }),
    }),
  };

  function route(exchange: Exchange): unknown {
    if (exchange.method === 'POST' && exchange.path === '/oauth/tokens') return tokens.grant(exchange);
    tokens.check(exchange);
    const name = exchange.path.replace(/^\/api\/v2\//, '').replace(/\.json$/, '');
    quota.take(name.startsWith('incremental/'));
    const holidaysOf = /^business_hours\/schedules\/(\d+)\/holidays$/.exec(name)?.[1];
    if (holidaysOf && exchange.method === 'GET') return listHolidays(store, holidaysOf);
    const found = exchange.method === 'GET' ? routes[name] : undefined;
    if (!found) throw refuse(404, 'InvalidEndpoint', 'Not found');
    return found(exchange);
  }

  return async (request, response) => {
    const exchange = await readExchange(request);
    await answer(response, quota.headers, () => route(exchange));
  };
}

/** Kept by the schedule they belong to, and shown without it. */
function listHolidays(store: Store, schedule: string): unknown {
  if (!store.get('schedules', schedule)) throw refuse(404, 'RecordNotFound', 'Not found');
  const own = [...store.all('holidays')].filter(
    ({ gone, record }) => !gone && String(record.schedule_id) === schedule,
  );
  return { holidays: own.map(({ record: { schedule_id: _, ...holiday } }) => holiday) };
}

function withoutComments(record: Record<string, unknown>): Record<string, unknown> {
  const children = (record.child_events ?? []) as { event_type?: string }[];
  return { ...record, child_events: children.filter((child) => child.event_type !== 'Comment') };
}

/** `start_time` and `end_time` bound the last change, in seconds. */
function isBetween(stored: Stored, query: URLSearchParams): boolean {
  const seconds = stored.modifiedAt / 1000;
  const from = Number(query.get('start_time') ?? 0);
  const to = Number(query.get('end_time') ?? Number.POSITIVE_INFINITY);
  return seconds >= from && seconds <= to;
}

function hasRole(stored: Stored, query: URLSearchParams): boolean {
  const roles = [...query.getAll('role[]'), ...query.getAll('role')];
  return roles.length === 0 || roles.includes(String(stored.record.role));
}

function idsIn(query: URLSearchParams): string[] {
  const ids = (query.get('ids') ?? '').split(',').filter((id) => id !== '');
  if (ids.length > 100) throw refuse(400, 'TooManyValues', 'At most 100 ids.');
  return ids;
}

function showMany(store: Store, query: URLSearchParams): unknown {
  const tickets = idsIn(query).flatMap((id) => {
    const stored = store.get('tickets', id);
    return stored && (!stored.gone || stored.gone.how === 'merged')
      ? [ticketOf(stored, includes(query))]
      : [];
  });
  return { tickets, count: tickets.length };
}
