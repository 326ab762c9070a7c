import { expect, test } from 'vitest';
import { z } from 'zod';
import * as unified from '../../../db/schema/unified/index.ts';
import { builtIn } from '../../../kpi/catalogue.ts';
import { facts } from '../../../kpi/own/facts.ts';
import { ownCatalogue } from '../../../kpi/own/own-catalogue.ts';
import { ownKpiSchema, ownMeasuresSchema } from '../../../kpi/own/schema.ts';

const world = { minorPerUnit: 100, sources: ['billing', 'salesforce'] };
const basics = { title: 'Ours', area: 'sales', text: 'Ours.' };

function read(kpis: unknown[], measures: unknown = {}) {
  return ownCatalogue(
    builtIn,
    { kpis: z.array(ownKpiSchema).parse(kpis), measures: ownMeasuresSchema.parse(measures) },
    world,
  );
}

const faultsOf = (kpi: object, measures: unknown = {}) =>
  read([{ name: 'ours', ...basics, ...kpi }], measures).faults.join('\n');

test.each<[string, object, string]>([
  [
    'facts that there are not',
    { count: { of: 'deals', date: 'closed_on' } },
    'kpis.0 (ours).count.of: there are no facts called "deals"; did you mean "deal"?',
  ],
  [
    'a column that there is not',
    { count: { of: 'deal', date: 'closed_on', where: { amonut: 5 } } },
    'kpis.0 (ours).count.where.amonut: deal has no column "amonut"; did you mean "amount"?',
  ],
  ['a day that is no date', { count: { of: 'deal', date: 'stage' } }, 'count.date: "stage" is no date'],
  [
    'a sum of words',
    { sum: { of: 'deal', date: 'closed_on', value: 'stage' } },
    'sum.value: "stage" is no number',
  ],
  [
    'a number compared with a word',
    { count: { of: 'deal', date: 'closed_on', where: { amount: 'big' } } },
    '"big" cannot be compared: this column holds amounts',
  ],
  [
    'bounds of a text',
    { count: { of: 'deal', date: 'closed_on', where: { stage: { above: 3 } } } },
    '"above" compares numbers, and this column holds text',
  ],
  [
    'a dimension that the facts do not carry',
    { count: { of: 'invoice', date: 'issued_on', by: ['plan'] } },
    'invoice does not carry plan; it can be split by region, segment',
  ],
  [
    'an unknown measure',
    { formula: 'wonn_value' },
    'kpis.0 (ours).formula: there is no measure "wonn_value"; did you mean "won_value"?',
  ],
  ['a KPI written like a measure', { formula: '2 * churn' }, 'write kpi(churn) for the KPI of that name'],
  ['an unknown KPI', { formula: 'kpi(chrun)' }, 'there is no KPI "chrun"; did you mean "churn"?'],
  [
    'a level read as a sum',
    { formula: 'mrr / deals_won' },
    'mrr is a level, not a sum over the period: write mrr@end',
  ],
  [
    'a sum read as a level',
    { formula: 'deals_won@end' },
    'deals_won is summed over the period: write it without @end',
  ],
  ['money added to a count', { formula: 'won_value + deals_won' }, 'adds money and a number'],
  ['a formula that does not end', { formula: '(won_value' }, 'is not complete'],
  ['a formula without anything to read', { formula: '4 + 4' }, 'the same number for ever'],
  [
    'a source that there is not',
    { formula: 'won_value', sources: ['sap'] },
    'sources: there is no source "sap"; there are billing, salesforce',
  ],
  [
    'a breakdown of what does not carry it',
    { formula: 'won_value / tickets_created', by: ['owner', 'source'] },
    'it cannot be split by source',
  ],
  [
    'a duration without its unit',
    { average: { of: 'ticket', date: 'solved_at', value: { from: 'created_at', to: 'solved_at' } } },
    'a duration is told in minutes, hours or days',
  ],
  [
    'the time between a date and an instant',
    {
      average: { of: 'deal_stage', date: 'close_on', value: { from: 'close_on', to: 'entered_at' } },
      unit: 'days',
    },
    'needs two dates or two instants',
  ],
  [
    'a name that is taken',
    { name: 'churn', formula: 'deals_won' },
    '"churn" already means the KPI churn that Herald brings along',
  ],
  [
    'a synonym that is taken',
    { synonyms: ['win rate'], formula: 'deals_won' },
    '"win rate" already means the KPI win_rate',
  ],
])('%s is a fault that says where and what instead', (_what, kpi, fault) => {
  expect(faultsOf(kpi)).toContain(fault);
});

test('all faults are told at once', () => {
  const { faults } = read([
    { name: 'one', ...basics, title: 'One', formula: 'nothing_known' },
    { name: 'two', ...basics, title: 'Two', count: { of: 'deal', date: 'nowhere', where: { what: 1 } } },
  ]);
  expect(faults.map((fault) => fault.split(':')[0])).toEqual([
    'kpis.1 (two).count.where.what',
    'kpis.1 (two).count.date',
    'kpis.0 (one).formula',
  ]);
});

test('KPIs that are made of each other are refused with the circle named', () => {
  const { faults } = read([
    { name: 'aa', ...basics, title: 'A', formula: '2 * kpi(bb)' },
    { name: 'bb', ...basics, title: 'B', formula: '2 * kpi(cc)' },
    { name: 'cc', ...basics, title: 'C', formula: '2 * kpi(aa)' },
  ]);
  expect(faults).toEqual(['kpis: aa → bb → cc → aa goes in a circle: a KPI cannot be made of itself']);
});

test('a KPI may read one that is written further down', () => {
  const { faults, catalogue } = read([
    { name: 'twice', ...basics, title: 'Twice', formula: '2 * kpi(large_deals)' },
    {
      name: 'large_deals',
      ...basics,
      title: 'Large deals',
      count: { of: 'deal', date: 'closed_on', where: { amount: { above: 10 } } },
    },
  ]);
  expect(faults).toEqual([]);
  expect(catalogue.kpis.slice(-2).map((kpi) => kpi.name)).toEqual(['twice', 'large_deals']);
});

test('amounts are given in units of the currency', () => {
  const { catalogue } = read([
    {
      name: 'large_deals',
      ...basics,
      count: { of: 'deal', date: 'closed_on', where: { amount: { atLeast: 12.34 } } },
    },
  ]);
  expect(catalogue.measureByName.get('own_large_deals')?.when).toBe('f.amount >= 1234');
});

test('no text of the configuration reaches the SQL', () => {
  const evil = `x'); drop table deal; --`;
  const { catalogue, faults } = read([
    {
      name: 'ours',
      ...basics,
      count: { of: 'deal', date: 'closed_on', where: { stage: [evil], source: { not: evil } } },
    },
  ]);
  expect(faults).toEqual([]);
  const when = catalogue.measureByName.get('own_ours')!.when!;
  expect(when).not.toContain('drop');
  expect(when.replaceAll(Buffer.from(evil).toString('hex'), 'HEX')).toBe(
    `f.stage in (convert_from('\\xHEX'::bytea, 'UTF8')) and (f.source in (convert_from('\\xHEX'::bytea, 'UTF8'))) is not true`,
  );
});

test('a KPI that says how it is computed twice, or not at all, is refused', () => {
  for (const kpi of [{}, { formula: 'deals_won', count: { of: 'deal', date: 'closed_on' } }])
    expect(() => read([{ name: 'ours', ...basics, ...kpi }])).toThrow('needs exactly one of');
});

test('the facts that measures may read are those of the database', () => {
  const left: Record<string, readonly string[]> = {
    all: ['tenant', 'id', 'company', 'external_ids'],
    ticket: ['from_events', 'followed'],
    ticket_event: ['orphan'],
  };
  const kinds: Record<string, readonly string[]> = {
    text: ['text'],
    integer: ['number'],
    bigint: ['number', 'money'],
    boolean: ['boolean'],
    date: ['date'],
    'timestamp with time zone': ['instant'],
  };
  const tables = new Map<string, unknown>(Object.entries(unified));
  for (const [table, columns] of facts) {
    const schema = tables.get(table) as Record<symbol, unknown>;
    const there = schema[Symbol.for('drizzle:Columns')] as Record<string, { getSQLType(): string }>;
    const wanted = Object.keys(there).filter(
      (name) => !name.startsWith('original_') && !left.all!.includes(name) && !left[table]?.includes(name),
    );
    expect([table, ...columns.keys()].sort()).toEqual([table, ...wanted].sort());
    for (const [name, kind] of columns)
      expect([table, name, kinds[there[name]!.getSQLType()]]).toEqual([
        table,
        name,
        expect.arrayContaining([kind]),
      ]);
  }
});
