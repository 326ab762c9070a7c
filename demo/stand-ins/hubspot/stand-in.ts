/** HubSpot as far as Herald reads it, strict where the real one is strict. */
import type { RequestListener } from 'node:http';
import type { Store, Stored } from '../../company/records.ts';
import { answer, type Exchange, readExchange } from '../exchange.ts';
import { associated } from './associated.ts';
import { type CrmObject, createCrmView } from './crm-view.ts';
import { createJournal } from './journal.ts';
import { createQuota, type HubspotLimits } from './quota.ts';
import { batchRead, createFlatList, list, one } from './read.ts';
import { refuse } from './refuse.ts';
import { search } from './search.ts';
import { createTokens, type HubspotAuth } from './tokens.ts';

export type HubspotStandInOptions = HubspotAuth & {
  store: Store;
  /** Epoch ms. */
  now: () => number;
  limits: HubspotLimits;
  /** How long after a change search shows it; by record id, for stragglers. */
  indexLagMs: number | ((id: string) => number);
};

/** Longest request line that the real edge takes; past it comes 414. */
const maxUrl = 15_000;

export function createHubspotStandIn(options: HubspotStandInOptions): RequestListener {
  const { store, now, indexLagMs } = options;
  const tokens = createTokens(options, now);
  const quota = createQuota(options.limits, now);
  const views = {
    contacts: createCrmView(store, 'contacts'),
    companies: createCrmView(store, 'companies'),
    deals: createCrmView(store, 'deals'),
  };
  const owners = createFlatList(store, 'owners');
  const emails = createFlatList(store, 'marketing_emails');
  const journal = createJournal(store, now);
  const lagOf = typeof indexLagMs === 'number' ? () => indexLagMs : indexLagMs;
  const isIndexed = (stored: Stored) => stored.modifiedAt + lagOf(stored.id) <= now();

  function route(exchange: Exchange, urlLength: number): unknown {
    const { method, path } = exchange;
    if (urlLength > maxUrl) throw refuse(414, 'URI_TOO_LONG', 'URI Too Long');
    if (method === 'POST' && /^\/oauth\/(v1|v3|2026-03)\/token$/.test(path)) return tokens.grant(exchange);
    const file = /^\/journal-files\/([\w-]+)$/.exec(path)?.[1];
    if (method === 'GET' && file !== undefined) return journal.file(file, exchange);
    const entry = /^\/webhooks-journal\/journal\/2026-03\/(.+)$/.exec(path)?.[1];
    tokens.check(exchange, entry === undefined ? 'records' : 'journal');
    // Exempt from the limits of the account.
    if (method === 'GET' && entry !== undefined) return journal.entry(entry, exchange);
    const found = /^\/crm\/v3\/objects\/(contacts|companies|deals)(?:\/(.+))?$/.exec(path);
    const rest = found?.[2];
    quota.take(rest === 'search' ? 'search' : 'default');
    if (found) {
      const view = views[found[1] as CrmObject]();
      if (method === 'POST' && rest === 'search') return search(view, exchange, isIndexed);
      if (method === 'POST' && rest === 'batch/read') return batchRead(view, store, exchange);
      if (method === 'GET' && rest === undefined) return list(view, exchange);
      if (method === 'GET' && rest !== undefined) return one(view, store, rest, exchange);
    }
    const pair = /^\/crm\/v4\/associations\/(\w+)\/(\w+)\/batch\/read$/.exec(path);
    if (method === 'POST' && pair) return associated(store, pair[1]!, pair[2]!, exchange);
    if (method === 'GET' && path === '/crm/v3/pipelines/deals')
      return { results: [...store.all('pipelines')].map(({ id, record }) => ({ id, ...record })) };
    if (method === 'GET' && path === '/crm/v3/owners') return owners(exchange);
    if (method === 'GET' && path === '/marketing/v3/emails') return emails(exchange);
    if (method === 'GET' && path === '/account-info/v3/details') {
      return {
        portalId: 1_000_001,
        accountType: 'STANDARD',
        timeZone: 'UTC',
        uiDomain: 'app.hubspot.com',
        companyCurrency: 'USD',
      };
    }
    throw refuse(404, 'OBJECT_NOT_FOUND', `No such endpoint: ${method} ${path}`);
  }

  return async (request, response) => {
    const exchange = await readExchange(request);
    await answer(response, quota.headers, () => route(exchange, request.url?.length ?? 0));
  };
}
