import { describe, expect, test } from 'vitest';
import { billingTables, csvFiles, objects, type Stored } from '../../../demo/company/records.ts';
import { afterAnchor, build, everything, type Subscription } from './company.ts';

const world = build(0.05);
const first = Date.parse('2024-05-23T00:00:00+02:00');

const fieldLists: Record<string, Record<string, readonly string[]>> = objects;

test('every record has the fields that connectors rely on', () => {
  const missing = new Set<string>();
  for (const { store, object, stored } of everything(world)) {
    const listed = fieldLists[store]?.[object];
    const fields =
      store === 'hubspot' && (object === 'contacts' || object === 'companies')
        ? stored.record.properties
        : stored.record;
    for (const field of listed ?? []) if (!(field in (fields as object))) missing.add(`${object}.${field}`);
  }
  expect([...missing]).toEqual([]);
});

test('billing rows and file rows have every column', () => {
  for (const [table, columns] of Object.entries(billingTables)) {
    const names = columns.split(', ').map((c) => c.split(' ')[0]!);
    for (const { record } of world.billing.all(table))
      expect(Object.keys(record).sort()).toEqual([...names].sort());
  }
  for (const [file, columns] of Object.entries(csvFiles)) {
    for (const { record } of world.files.all(file)) expect(Object.keys(record)).toEqual(columns);
  }
});

test('HubSpot properties are strings or null', () => {
  for (const object of ['contacts', 'companies']) {
    for (const { record } of world.hubspot.all(object)) {
      for (const value of Object.values(record.properties as object))
        expect(value === null || typeof value === 'string').toBe(true);
    }
  }
});

test('Salesforce ids have 18 characters and the prefix of their object', () => {
  for (const [object, prefix] of [
    ['Account', '001'],
    ['Contact', '003'],
    ['Opportunity', '006'],
    ['Campaign', '701'],
    ['CampaignMember', '00v'],
    ['Lead', '00Q'],
    ['OpportunityHistory', '008'],
    ['Task', '00T'],
    ['User', '005'],
  ]) {
    for (const { id } of world.salesforce.all(object!)) {
      expect(id).toHaveLength(18);
      expect(id.startsWith(prefix!)).toBe(true);
    }
  }
});

test('nothing happens before the history or after the anchor day', () => {
  for (const { stored } of everything(world)) {
    expect(stored.createdAt).toBeGreaterThanOrEqual(first);
    expect(stored.createdAt).toBeLessThanOrEqual(stored.modifiedAt);
    expect(stored.modifiedAt).toBeLessThan(afterAnchor);
    if (stored.gone) expect(stored.gone.at).toBeLessThan(afterAnchor);
  }
});

/** Plans, not events: the close date of an open deal, the due date of an invoice, quotas of the running quarter. */
const planned = new Set(['CloseDate', 'due_on']);

test('no field holds a date after the anchor day, plans apart', () => {
  const late = new Set<string>();
  const walk = (value: unknown, path: string) => {
    if (typeof value === 'string' && /^\d{4}-\d\d-\d\d/.test(value)) {
      const at =
        value.length === 10 ? Date.parse(`${value}T00:00:00+01:00`) : Date.parse(value.replace('+0000', 'Z'));
      if (at >= afterAnchor) late.add(path);
    } else if (typeof value === 'object' && value !== null) {
      for (const [key, inner] of Object.entries(value)) if (!planned.has(key)) walk(inner, `${path}.${key}`);
    }
  };
  for (const { object, stored } of everything(world)) walk(stored.record, object);
  expect([...late]).toEqual([]);
});

test('closed deals closed by the anchor day', () => {
  for (const { record } of world.salesforce.all('Opportunity')) {
    if (record.IsClosed) expect((record.CloseDate as string) <= '2026-11-22').toBe(true);
  }
});

/** What each platform says about when the record last changed, epoch ms; undefined where it says nothing. */
function ownStamp(store: string, object: string, { record }: Stored): number | undefined {
  if (store === 'salesforce') return Date.parse((record.SystemModstamp as string).replace('+0000', 'Z'));
  if (store === 'hubspot') return Date.parse(record.updatedAt as string);
  if (store === 'billing')
    return object === 'deleted_rows'
      ? Date.parse(record.deleted_at as string)
      : Date.parse(record.updated_at as string);
  if (store === 'intercom') return object === 'admins' ? undefined : (record.updated_at as number) * 1000;
  if (store === 'files') return undefined;
  if (object === 'ticket_events') return (record.timestamp as number) * 1000;
  if (object === 'ticket_metric_events') return Date.parse(record.time as string);
  return Date.parse(record.updated_at as string);
}

test('the stored stamp is the one in the record', () => {
  const off = new Set<string>();
  for (const { store, object, stored } of everything(world)) {
    // What is gone for good left no record behind that could say when.
    if (stored.gone?.how === 'hard_deleted') continue;
    const own = ownStamp(store, object, stored);
    if (own !== undefined && own !== stored.modifiedAt) off.add(`${store}.${object}`);
  }
  expect([...off]).toEqual([]);
});

test('tickets carry the same instant as update and as generated timestamp', () => {
  for (const { record } of world.zendesk.all('tickets')) {
    expect((record.generated_timestamp as number) * 1000).toBe(Date.parse(record.updated_at as string));
  }
});

describe('references', () => {
  const links = [
    ['salesforce', 'Contact', 'AccountId', 'salesforce', 'Account'],
    ['salesforce', 'Lead', 'ConvertedAccountId', 'salesforce', 'Account'],
    ['salesforce', 'Lead', 'ConvertedContactId', 'salesforce', 'Contact'],
    ['salesforce', 'Lead', 'ConvertedOpportunityId', 'salesforce', 'Opportunity'],
    ['salesforce', 'CampaignMember', 'CampaignId', 'salesforce', 'Campaign'],
    ['salesforce', 'CampaignMember', 'LeadId', 'salesforce', 'Lead'],
    ['salesforce', 'CampaignMember', 'ContactId', 'salesforce', 'Contact'],
    ['salesforce', 'Opportunity', 'AccountId', 'salesforce', 'Account'],
    ['salesforce', 'Opportunity', 'OwnerId', 'salesforce', 'User'],
    ['salesforce', 'Opportunity', 'CampaignId', 'salesforce', 'Campaign'],
    ['salesforce', 'OpportunityHistory', 'OpportunityId', 'salesforce', 'Opportunity'],
    ['salesforce', 'Task', 'WhatId', 'salesforce', 'Opportunity'],
    ['salesforce', 'Task', 'OwnerId', 'salesforce', 'User'],
    ['salesforce', 'ForecastingQuota', 'QuotaOwnerId', 'salesforce', 'User'],
    ['salesforce', 'Forecast_Snapshot__c', 'OwnerId', 'salesforce', 'User'],
    ['zendesk', 'tickets', 'requester_id', 'zendesk', 'users'],
    ['zendesk', 'tickets', 'assignee_id', 'zendesk', 'users'],
    ['zendesk', 'tickets', 'organization_id', 'zendesk', 'organizations'],
    ['zendesk', 'ticket_events', 'ticket_id', 'zendesk', 'tickets'],
    ['zendesk', 'ticket_metric_events', 'ticket_id', 'zendesk', 'tickets'],
    ['zendesk', 'satisfaction_ratings', 'ticket_id', 'zendesk', 'tickets'],
    ['zendesk', 'organizations', 'external_id', 'salesforce', 'Account'],
    ['billing', 'customers', 'crm_account_id', 'salesforce', 'Account'],
    ['billing', 'subscriptions', 'customer_id', 'billing', 'customers'],
    ['billing', 'invoices', 'customer_id', 'billing', 'customers'],
    ['billing', 'payments', 'invoice_id', 'billing', 'invoices'],
    ['files', 'spend.csv', 'campaign_id', 'salesforce', 'Campaign'],
    ['files', 'nps.csv', 'customer_id', 'billing', 'customers'],
  ] as const;

  test.each(links)('%s %s.%s leads to %s %s', (store, object, field, target, of) => {
    const broken: unknown[] = [];
    for (const { record } of world[store].all(object)) {
      const to = record[field];
      if (to !== null && to !== undefined && !world[target].get(of, String(to))) broken.push(to);
    }
    expect(broken).toEqual([]);
  });

  test('conversations lead to contacts', () => {
    for (const { record } of world.intercom.all('conversations')) {
      const [contact] = (record.contacts as { contacts: { id: string }[] }).contacts;
      expect(world.intercom.get('contacts', contact!.id)).toBeDefined();
    }
  });
});

test('the spans of one subscription never overlap, and none is empty or free', () => {
  const spans = new Map<string, Subscription[]>();
  for (const { record } of world.billing.all('subscriptions')) {
    const span = record as Subscription;
    expect(span.mrr_cents).toBeGreaterThan(0);
    if (span.ended_on !== null) expect(span.ended_on > span.started_on).toBe(true);
    spans.set(span.subscription_no, [...(spans.get(span.subscription_no) ?? []), span]);
  }
  for (const list of spans.values()) {
    list.sort((a, b) => a.started_on.localeCompare(b.started_on));
    for (let i = 1; i < list.length; i++) {
      expect(list[i - 1]!.ended_on).not.toBeNull();
      expect(list[i - 1]!.ended_on! <= list[i]!.started_on).toBe(true);
    }
  }
});
