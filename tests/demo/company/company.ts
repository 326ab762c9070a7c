import { createHash } from 'node:crypto';
import type { Store, Stored, World } from '../../../demo/company/records.ts';
import { createWorld } from '../../../demo/company/world.ts';

/** A Sunday, so that the surge covers a weekend as well. */
export const anchorDay = '2026-11-22';
export const timeZone = 'Europe/Berlin';
/** The first instant after the anchor day, in that zone. */
export const afterAnchor = Date.parse('2026-11-23T00:00:00+01:00');

export const build = (scale: number, seed = 7): World => createWorld({ seed, anchorDay, timeZone, scale });

export const stores = ['salesforce', 'hubspot', 'zendesk', 'intercom', 'billing', 'files'] as const;

export const objectsOf: Record<(typeof stores)[number], readonly string[]> = {
  salesforce: [
    'User',
    'Account',
    'Contact',
    'Lead',
    'Campaign',
    'CampaignMember',
    'Opportunity',
    'OpportunityHistory',
    'Task',
    'ForecastingQuota',
    'Forecast_Snapshot__c',
  ],
  hubspot: ['contacts', 'companies', 'marketing_emails', 'owners'],
  zendesk: [
    'users',
    'organizations',
    'tickets',
    'ticket_metric_events',
    'ticket_events',
    'satisfaction_ratings',
    'groups',
  ],
  intercom: ['admins', 'contacts', 'companies', 'conversations'],
  billing: ['customers', 'subscriptions', 'invoices', 'payments', 'deleted_rows'],
  files: ['spend.csv', 'nps.csv'],
};

/** Every record of every store. */
export function* everything(world: World): Generator<{ store: string; object: string; stored: Stored }> {
  for (const store of stores) {
    for (const object of objectsOf[store]) {
      for (const stored of world[store].all(object)) yield { store, object, stored };
    }
  }
}

export function digest(world: World): string {
  const hash = createHash('sha256');
  for (const { store, object, stored } of everything(world))
    hash.update(JSON.stringify([store, object, stored]));
  return hash.digest('hex');
}

/** Records that are still there, as `T`. */
export function live<T>(store: Store, object: string): T[] {
  const found: T[] = [];
  for (const stored of store.all(object)) if (!stored.gone) found.push(stored.record as T);
  return found;
}

export type Subscription = {
  id: string;
  subscription_no: string;
  customer_id: string;
  mrr_cents: number;
  started_on: string;
  ended_on: string | null;
};

/** Customers who pay on that day. */
export function payingOn(world: World, day: string): Set<string> {
  const paying = live<Subscription>(world.billing, 'subscriptions').filter(
    (s) => s.started_on <= day && (s.ended_on === null || s.ended_on > day),
  );
  return new Set(paying.map((s) => s.customer_id));
}

/** Region and segment of each billing customer: by CRM id, else by the domain, else by the name, as resolution must do it. */
export function customerMix(world: World): Map<string, { region: string; segment: string }> {
  type Account = { Id: string; Name: string; Website: string | null; Region__c: string; Segment__c: string };
  const plain = (name: string) =>
    name
      .toLowerCase()
      .split(/[^a-z]+/)
      .slice(0, 2)
      .join(' ');
  const byId = new Map<string, Account>();
  const byName = new Map<string, Account>();
  for (const account of live<Account>(world.salesforce, 'Account')) {
    byId.set(account.Id, account);
    byName.set(plain(account.Name), account);
  }
  type Customer = { id: string; name: string; crm_account_id: string | null };
  const mix = new Map<string, { region: string; segment: string }>();
  for (const customer of live<Customer>(world.billing, 'customers')) {
    const account = customer.crm_account_id
      ? byId.get(customer.crm_account_id)
      : byName.get(plain(customer.name));
    if (account) mix.set(customer.id, { region: account.Region__c, segment: account.Segment__c });
  }
  return mix;
}

/** Customers lost between two days, over those there at the first; of one kind if asked. */
export function lost(
  world: World,
  from: string,
  to: string,
  of: (mix: { region: string; segment: string }) => boolean = () => true,
) {
  const mix = customerMix(world);
  const before = [...payingOn(world, from)].filter((id) => mix.has(id) && of(mix.get(id)!));
  const after = payingOn(world, to);
  const gone = before.filter((id) => !after.has(id)).length;
  return { gone, before: before.length, rate: gone / before.length };
}

/** Won over closed, by region of the account, for close dates in [from, to). */
export function winRate(world: World, region: string, from: string, to: string): number {
  const regions = new Map(
    live<{ Id: string; Region__c: string }>(world.salesforce, 'Account').map((a) => [a.Id, a.Region__c]),
  );
  type Deal = { AccountId: string; IsClosed: boolean; IsWon: boolean; CloseDate: string };
  const closed = live<Deal>(world.salesforce, 'Opportunity').filter(
    (d) => d.IsClosed && d.CloseDate >= from && d.CloseDate < to && regions.get(d.AccountId) === region,
  );
  return closed.filter((d) => d.IsWon).length / closed.length;
}

/** Tickets created on each day that has any, by company day. */
export function ticketsByDay(world: World, product?: string): Map<string, number> {
  const days = new Map<string, number>();
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone });
  for (const stored of world.zendesk.all('tickets')) {
    if (product && stored.record.product !== product) continue;
    const day = format.format(stored.createdAt);
    days.set(day, (days.get(day) ?? 0) + 1);
  }
  return days;
}

/** Won value of each campaign over what it cost, best first. */
export function returns(world: World): { name: string; won: number; times: number }[] {
  type Deal = { IsWon: boolean; CampaignId: string | null; Amount: number | null };
  const won = new Map<string, number>();
  for (const deal of live<Deal>(world.salesforce, 'Opportunity')) {
    if (deal.IsWon && deal.CampaignId)
      won.set(deal.CampaignId, (won.get(deal.CampaignId) ?? 0) + (deal.Amount ?? 0));
  }
  return live<{ Id: string; Name: string; ActualCost: number }>(world.salesforce, 'Campaign')
    .map((c) => ({ name: c.Name, won: won.get(c.Id) ?? 0, times: (won.get(c.Id) ?? 0) / c.ActualCost }))
    .sort((a, b) => b.times - a.times);
}

export const dayBefore = (day: string, days: number): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) - days * 86_400_000).toISOString().slice(0, 10);
