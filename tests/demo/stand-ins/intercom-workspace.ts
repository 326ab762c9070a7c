/** A small Intercom workspace for tests: its store, its stand-in on the loopback and a clock that tests move. */
import type { Store } from '../../../demo/company/records.ts';
import { createStore } from '../../../demo/company/store.ts';
import { createIntercomStandIn, type IntercomStandInOptions } from '../../../demo/stand-ins/intercom.ts';
import { serveLoopback } from '../../../demo/stand-ins/serve.ts';

export type Workspace = { store: Store; url: string; clock: { ms: number }; close(): Promise<void> };

/** 2026-11-02 10:00 UTC. */
export const opening = Date.UTC(2026, 10, 2, 10);

export async function openWorkspace(
  sizes: { companies?: number; contacts?: number; conversations?: number } = {},
  over: Partial<IntercomStandInOptions> = {},
): Promise<Workspace> {
  const store = createStore();
  const clock = { ms: opening };
  for (const [i, name] of ['Ada King', 'Bo Li'].entries()) {
    store.put(
      'admins',
      String(900 + i),
      { type: 'admin', id: String(900 + i), name, email: `a${i}@demo.example` },
      opening - 9e8,
    );
  }
  for (let i = 0; i < (sizes.companies ?? 3); i++) putCompany(store, i, opening - 8e8 + i * 1000);
  for (let i = 0; i < (sizes.contacts ?? 4); i++) putContact(store, i, opening - 7e8 + i * 1000);
  for (let i = 0; i < (sizes.conversations ?? 5); i++) putConversation(store, i, opening - 6e8 + i * 1000);
  const listener = createIntercomStandIn({
    store,
    now: () => clock.ms,
    limits: { perMinute: 10_000 },
    token: 'secret-token',
    searchLagMs: 0,
    ...over,
  });
  const { url, close } = await serveLoopback(listener);
  return { store, url, clock, close };
}

const seconds = (ms: number) => Math.floor(ms / 1000);

export function putCompany(store: Store, i: number, at: number, over: object = {}): string {
  const id = `co${i}`;
  const record = {
    type: 'company',
    id,
    company_id: `cus_${i}`,
    name: `Firm ${i}`,
    website: i % 2 ? null : `https://www.firm${i}.example/about`,
    plan: { type: 'plan', id: 'pro', name: 'Pro' },
  };
  store.put(
    'companies',
    id,
    {
      ...record,
      created_at: seconds(opening - 9e8),
      updated_at: seconds(at),
      custom_attributes: { mrr: 12 },
      ...over,
    },
    at,
  );
  return id;
}

export function putContact(store: Store, i: number, at: number, over: object = {}): string {
  const id = `ct${i}`;
  const record = {
    type: 'contact',
    id,
    external_id: i % 2 ? null : `u-${i}`,
    email: i % 3 ? `p${i}@firm.example` : null,
    name: `Person ${i}`,
    role: i % 2 ? 'lead' : 'user',
    companies: {
      type: 'list',
      data: i % 2 ? [] : [{ type: 'company', id: 'co0', url: '/companies/co0' }],
      total_count: i % 2 ? 0 : 1,
      has_more: false,
    },
    location: { type: 'location', country: 'New Zealand' },
  };
  store.put(
    'contacts',
    id,
    { ...record, created_at: seconds(opening - 7e8 + i * 1000), updated_at: seconds(at), ...over },
    at,
  );
  return id;
}

export function putConversation(store: Store, i: number, at: number, over: object = {}): string {
  const id = String(5000 + i);
  const born = seconds(opening - 6e8 + i * 1000);
  const record = {
    type: 'conversation',
    id,
    created_at: born,
    updated_at: seconds(at),
    state: 'closed',
    open: false,
    source: { type: 'conversation', author: { type: 'user', id: 'ct0', email: null } },
    contacts: { type: 'contact.list', contacts: [{ type: 'contact', id: 'ct0' }] },
    statistics: {
      type: 'conversation_statistics',
      first_admin_reply_at: born + 60,
      last_close_at: born + 600,
      count_reopens: 1,
      count_conversation_parts: 4,
      median_time_to_reply: null,
    },
    conversation_rating: i % 2 ? null : { rating: 5, remark: null, created_at: born + 700 },
    admin_assignee_id: 900 + (i % 2),
    tags: { type: 'tag.list', tags: [] },
    custom_attributes: { product: 'Core' },
  };
  store.put('conversations', id, { ...record, ...over }, at);
  return id;
}
