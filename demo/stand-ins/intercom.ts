/**
 * A stand-in for Intercom's REST API over a store of records, as strict as the real one where connectors get hurt:
 * contacts are filtered by day only, companies have one scroll at a time, what is deleted vanishes without a trace
 * below 2.16, and limits count in slices of ten seconds.
 */
import type { RequestListener } from 'node:http';
import type { Store, Stored } from '../company/records.ts';
import { answer, type Exchange, readExchange } from './exchange.ts';
import { present } from './intercom/present.ts';
import { refuse } from './intercom/refuse.ts';
import { createScroll } from './intercom/scroll.ts';
import { search } from './intercom/search.ts';
import { createVisible } from './intercom/visible.ts';

export type IntercomStandInOptions = {
  store: Store;
  /** Epoch ms. */
  now: () => number;
  /** 10,000 a minute for an app, counted in slices of ten seconds. */
  limits: { perMinute: number };
  token: string;
  /** How late the search index is. */
  searchLagMs: number | (() => number);
  /** Time zone of the workspace, whose days the contacts' dates are matched by. Default UTC. */
  timeZone?: string;
};

const sliceMs = 10_000;
const versions = ['2.7', '2.8', '2.9', '2.10', '2.11', '2.12', '2.13', '2.14', '2.15', '2.16'];
/** The list ends here; further companies need the scroll. */
const listCap = 10_000;

export function createIntercomStandIn(options: IntercomStandInOptions): RequestListener {
  const { store, now, token, timeZone = 'UTC' } = options;
  const lag = options.searchLagMs;
  const visible = (object: string) =>
    createVisible(store, object, { now, lagMs: typeof lag === 'number' ? () => lag : lag });
  const conversations = visible('conversations');
  const tickets = visible('tickets');
  const contacts = visible('contacts');
  const companies = createVisible(store, 'companies', { now, lagMs: () => 0 });
  const scroll = createScroll({ items: companies, now });
  const slice = { number: -1, used: 0 };
  const sliceLimit = Math.max(1, Math.floor(options.limits.perMinute / 6));

  function countCall(): void {
    const number = Math.floor(now() / sliceMs);
    if (slice.number !== number) Object.assign(slice, { number, used: 0 });
    if (slice.used >= sliceLimit) throw refuse(429, 'rate_limit_exceeded', 'Exceeded rate limit');
    slice.used += 1;
  }

  function limitHeaders(): Record<string, string> {
    return {
      'x-ratelimit-limit': String(sliceLimit),
      'x-ratelimit-remaining': String(Math.max(0, sliceLimit - slice.used)),
      'x-ratelimit-reset': String(((slice.number + 1) * sliceMs) / 1000),
    };
  }

  function route(exchange: Exchange): unknown {
    if (exchange.headers.authorization !== `Bearer ${token}`)
      throw refuse(401, 'unauthorized', 'Access Token Invalid');
    countCall();
    const version = String(exchange.headers['intercom-version'] ?? '2.14');
    if (!versions.includes(version))
      throw refuse(400, 'intercom_version_invalid', `The requested version could not be found: ${version}`);
    const call = `${exchange.method} ${exchange.path}`;
    switch (call) {
      case 'GET /me':
        return {
          type: 'admin',
          id: '1',
          name: 'Herald',
          email: 'herald@demo.example',
          app: { type: 'app', id_code: 'demo', name: 'Demo workspace', timezone: timeZone },
        };
      case 'GET /admins':
        return { type: 'admin.list', admins: live('admins').map((stored) => present('admins', stored)) };
      case 'POST /conversations/search': {
        const page = search(conversations(), exchange.body, {
          dates: 'second',
          timeZone,
          defaultPerPage: 20,
        });
        return {
          type: 'conversation.list',
          pages: page.pages,
          total_count: page.total,
          conversations: page.items,
        };
      }
      case 'POST /tickets/search': {
        const page = search(tickets(), exchange.body, { dates: 'second', timeZone, defaultPerPage: 20 });
        return { type: 'ticket.list', pages: page.pages, total_count: page.total, tickets: page.items };
      }
      case 'POST /contacts/search': {
        const page = search(contacts(), exchange.body, { dates: 'day', timeZone, defaultPerPage: 50 });
        return { type: 'list', data: page.items, total_count: page.total, pages: page.pages };
      }
      case 'GET /companies/scroll':
        return scroll(exchange.query.get('scroll_param'));
      case 'POST /companies/list':
        return listCompanies(exchange.query);
      case 'GET /conversations/deleted':
        if (version !== '2.16')
          throw refuse(
            400,
            'intercom_version_invalid',
            'Requested resource is not available in current API version.',
          );
        return listDeleted(exchange);
    }
    const [, object, id] = /^GET \/(conversations|contacts|companies|tickets)\/([^/]+)$/.exec(call) ?? [];
    const stored = object && id ? store.get(object, id) : undefined;
    // A contact that was merged away is simply not there, nor is what was deleted.
    if (!object || !stored || stored.gone) throw refuse(404, 'not_found', 'Resource Not Found');
    return present(object, stored);
  }

  function live(object: string): Stored[] {
    return [...store.all(object)].filter((stored) => !stored.gone);
  }

  function listCompanies(query: URLSearchParams): unknown {
    const { page, perPage } = pageOf(query, 15, 60);
    if (page * perPage > listCap)
      throw refuse(400, 'page_limit_reached', 'page limit reached, please use scroll API');
    const all = companies();
    const data = all.slice((page - 1) * perPage, page * perPage);
    const pages = { type: 'pages', page, per_page: perPage, total_pages: Math.ceil(all.length / perPage) };
    return { type: 'list', data, pages, total_count: all.length };
  }

  function listDeleted({ query, origin }: Exchange): unknown {
    const { page, perPage } = pageOf(query, 20, 60);
    const sign = query.get('order') === 'asc' ? 1 : -1;
    const gone = [...store.all('conversations')].flatMap((stored) =>
      stored.gone ? [{ id: stored.id, at: stored.gone.at }] : [],
    );
    gone.sort((a, b) => (a.at - b.at || Number(a.id) - Number(b.id)) * sign);
    const conversations = gone.slice((page - 1) * perPage, page * perPage).map(({ id, at }) => ({
      type: 'conversation',
      id,
      metrics_retained: false,
      deleted_at: Math.floor(at / 1000),
    }));
    const total = Math.ceil(gone.length / perPage);
    const next = page < total ? `${origin}/conversations/deleted?per_page=${perPage}&page=${page + 1}` : null;
    return {
      type: 'conversations.list',
      conversations,
      total_count: gone.length,
      pages: { type: 'pages', next, page, per_page: perPage, total_pages: total },
    };
  }

  return async (request, response) => {
    const exchange = await readExchange(request);
    await answer(response, limitHeaders, () => route(exchange));
  };
}

function pageOf(query: URLSearchParams, otherwise: number, max: number): { page: number; perPage: number } {
  const page = Number(query.get('page') ?? 1);
  const perPage = Number(query.get('per_page') ?? otherwise);
  if (Number.isInteger(page) && page >= 1 && Number.isInteger(perPage) && perPage >= 1 && perPage <= max)
    return { page, perPage };
  throw refuse(400, 'parameter_invalid', `page counts from 1 and per_page goes to ${max}`);
}
