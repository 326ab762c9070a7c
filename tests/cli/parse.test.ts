import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse } from '../../cli/parse.ts';
import { openVerbHome, type VerbHome } from './run-verb.ts';

let home: VerbHome;
beforeAll(() => {
  home = openVerbHome('postgres://nobody@127.0.0.1:1/none', new Date('2026-11-22T10:00:00Z'));
});
afterAll(() => home.close());

const read = async (text: string) => JSON.parse((await home.run(parse, text)).out);

test.each<[string, string, string[]]>([
  ['churn last quarter', 'number', ['Churn', 'Q3 2026', 'compared with Q2 2026']],
  ['retention cohorts last 12 months', 'cohorts', []],
  ['funnel last quarter by source', 'funnel', []],
  ['records behind churn last quarter', 'records', ['Churn', 'Q3 2026']],
  ['why did churn rise last quarter', 'why', ['what makes up the change', 'Churn', 'Q3 2026']],
  [
    'restate bookings last quarter since 1 November',
    'restate',
    ['what changed since 1 November 2026', 'Bookings', 'Q3 2026'],
  ],
  ['what changed in churn since the last digest', 'restate', ['what changed since the last digest', 'Churn']],
  ['does tickets created lead churn', 'relate', ['Tickets created', 'and Churn', 'the last two years']],
  ['retention against ticket load last quarter', 'relate', ['retention', 'by ticket load', 'Q3 2026']],
])('"%s" is shown as asking for a %s, part by part', async (text, asks, parts) => {
  const found = await read(text);
  expect(found.asks).toBe(asks);
  expect(found.parts).toEqual(expect.arrayContaining(parts));
});

test('a number is shown with its question', async () => {
  expect(await read('bookings last month by region')).toMatchObject({
    kpi: 'bookings',
    period: { from: '2026-10-01', to: '2026-11-01' },
    by: 'region',
  });
});

test('a table that is not understood is told with what can be asked, and the exit code of a wrong question', async () => {
  const { code, out } = await home.run(parse, 'records behind churn by region');
  expect(code).toBe(2);
  expect(JSON.parse(out).problem).toMatchObject({ kind: 'ask', suggestions: [expect.any(String)] });
});
