import { describe, expect, test } from 'vitest';
import { knownSources } from '../../cli/known-sources.ts';
import { sourcesBehind } from '../../kpi/behind/sources-behind.ts';
import { builtIn } from '../../kpi/catalogue.ts';
import { openSource } from '../../sync/sources/registry.ts';

const salesforce = { baseUrl: 'https://acme.my.salesforce.com', clientId: 'x', clientSecret: 'y' };
const hubspot = { accessToken: 'x' };
const zendesk = { baseUrl: 'https://acme.zendesk.com', email: 'a@b.c', apiToken: 'x' };
const intercom = { token: 'x' };
const files = (entity: string, map: object) => ({
  kind: 'csv',
  folder: '/data',
  streams: { rows: { file: 'a', key: 'id', entity, map } },
});

type Sources = Parameters<typeof knownSources>[0]['sources'];
const behind = (kpi: string, sources: object) => {
  const known = Object.entries(knownSources({ mode: 'real', sources: sources as Sources }));
  return sourcesBehind(builtIn.kpiByName.get(kpi)!, {
    catalogue: builtIn,
    sources: known.map(([name, one]) => ({ name, ...one })),
  }).map(({ name }) => name);
};

describe('the sources behind an answer', () => {
  test.each([
    ['win_rate', { salesforce, hubspot }, ['salesforce']],
    ['win_rate', { hubspot: { ...hubspot, deals: true } }, ['hubspot']],
    ['win_rate', { crm: files('deal', { amount: 'a' }), salesforce }, ['crm', 'salesforce']],
    ['mqls', { salesforce, hubspot, zendesk, intercom }, ['hubspot']],
    ['new_leads', { salesforce: { ...salesforce, leads: true }, zendesk }, ['salesforce']],
    ['csat', { zendesk, intercom, salesforce }, ['zendesk', 'intercom']],
    ['churn', { money: files('subscription', { mrr: 'a' }), zendesk }, ['money']],
    ['contact_rate', { money: files('subscription', { mrr: 'a' }), zendesk }, ['money', 'zendesk']],
    ['churn', { salesforce }, []],
  ] as const)('%s', (kpi, sources, expected) => {
    expect(behind(kpi, sources)).toEqual(expected);
  });

  test.each([
    ['salesforce', { ...salesforce, leads: true }],
    ['hubspot', { ...hubspot, deals: true }],
    ['zendesk', zendesk],
    ['intercom', intercom],
  ])('%s fills with its streams what it is known to fill', async (name, settings) => {
    const source = await openSource({ name, settings, companyCurrency: 'USD' });
    const tables = new Set<string>(source.streams.map(({ table }) => table));
    const { fills } = knownSources({ mode: 'real', sources: { [name]: settings } as Sources })[name]!;
    expect(Object.keys(fills!).filter((table) => !tables.has(table))).toEqual([]);
  });
});

describe('Salesforce’s leads', () => {
  const raw = {
    Id: '1',
    FirstName: 'A',
    LastName: 'B',
    Email: 'a@b.c',
    CreatedDate: '2026-10-01T10:00:00.000+0000',
  };
  test.each([
    ['count where it alone keeps them', { ...salesforce, leads: true }, 'marketing_lead'],
    ['do not count beside a marketing platform', salesforce, 'lead'],
  ])('%s', async (_, settings, kind) => {
    const source = await openSource({ name: 'salesforce', settings, companyCurrency: 'USD' });
    expect(source.streams.find(({ name }) => name === 'Lead')!.unify(raw)).toMatchObject({ kind });
    expect(builtIn.measureByName.get('new_leads')!.when).toContain("'marketing_lead'");
  });
});
