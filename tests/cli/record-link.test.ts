import { expect, test } from 'vitest';
import { recordLink } from '../../cli/record-link.ts';
import type { Origin } from '../../kpi/read/lineage.ts';

const sources = {
  salesforce: { baseUrl: 'https://acme.my.salesforce.com/' },
  hubspot: { baseUrl: 'https://api.hubapi.com', portalId: 123 },
  zendesk: { baseUrl: 'https://acme.zendesk.com' },
  intercom: { appId: 'abc1' },
};
const link = (system: string, table: Origin['table'], id: string, parent: string | null = null) =>
  recordLink({ system, table, id, parent }, sources);

test.each([
  ['salesforce', 'deal', '006Qy000000001FIAQ', 'https://acme.my.salesforce.com/006Qy000000001FIAQ'],
  ['hubspot', 'person', '51', 'https://app.hubspot.com/contacts/123/record/0-1/51'],
  ['hubspot', 'account', '52', 'https://app.hubspot.com/contacts/123/record/0-2/52'],
  ['zendesk', 'ticket', '7', 'https://acme.zendesk.com/agent/tickets/7'],
  ['intercom', 'conversation', '9', 'https://app.intercom.com/a/apps/abc1/inbox/inbox/all/conversations/9'],
] as const)('a %s %s has its page', (system, table, id, page) => {
  expect(link(system, table, id)).toBe(page);
});

test('a ticket’s event leads to the ticket', () => {
  expect(link('zendesk', 'ticket_event', 'e1', '7')).toBe('https://acme.zendesk.com/agent/tickets/7');
});

test.each([
  ['an in-house system', 'billing', 'subscription', '1'],
  ['a record without a page of its own', 'hubspot', 'touch', '1'],
  ['an id that would leave its place in the address', 'zendesk', 'ticket', '7/../../evil'],
  ['a system named like a property of every object', 'constructor', 'deal', '1'],
] as const)('%s has no link', (_what, system, table, id) => {
  expect(link(system, table, id)).toBeNull();
});

test('without the account’s number HubSpot has no links', () => {
  expect(
    recordLink({ system: 'hubspot', table: 'person', id: '1', parent: null }, { hubspot: {} }),
  ).toBeNull();
});
