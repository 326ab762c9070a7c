import ExcelJS from 'exceljs';
import { describe, expect, test } from 'vitest';
import { messageBytes } from '../../bot/transports/teams/message-size.ts';
import { checkBlocks } from '../../demo/slack/limits.ts';
import { against } from '../../kpi/relation/against.ts';
import type { TableAnswer } from '../../kpi/table.ts';
import { drawTable } from '../../render/charts/table-card.ts';
import { contrast, mix } from '../../render/charts/tint.ts';
import { csvTable, excelTable, publicTable } from '../../render/documents/table.ts';
import { slackTable } from '../../render/messages/slack-table.ts';
import { teamsTable } from '../../render/messages/teams-table.ts';
import { terminalTable } from '../../render/messages/terminal-table.ts';
import { vegaSvg } from '../../render/picture/vega-svg.ts';

const hostile = '=1+1`` <!channel> [a](javascript:x) *b*';
const records: TableAnswer = {
  kind: 'records',
  title: 'Records behind Bookings',
  area: 'sales',
  sentence: 'Bookings were $12 K in Q3 2026. All 2 records behind it:',
  reading: 'Bookings · Q3 2026',
  columns: [
    { label: 'Record', unit: 'text' },
    { label: 'Amount', unit: 'money' },
    { label: 'Day', unit: 'day' },
  ],
  rows: [
    [hostile, 12_000, '2026-08-01'],
    ['Big deal', null, '2026-09-01'],
  ],
  links: ['https://acme.my.salesforce.com/006000000000001', null],
  currency: 'USD',
  notes: ['won: 2 records'],
  warnings: [],
  freshness: [
    { source: 'salesforce', title: 'Salesforce', coveredUntil: null, ageSeconds: 60, stale: false },
  ],
  definition: { version: '1', text: 'Sum of won deals.' },
  dataVersion: 7,
  asOf: null,
  at: '2026-11-22T10:00:00.000Z',
};
const cohorts: TableAnswer = {
  ...records,
  kind: 'cohorts',
  title: 'Customer retention by cohort',
  columns: [
    { label: 'Cohort', unit: 'text' },
    { label: 'Customers', unit: 'count' },
    ...[0, 1, 2].map((age) => ({ label: `${age} mo`, unit: 'percent' as const })),
  ],
  rows: [
    ['September 2026', 40, 100, 95, null],
    ['October 2026', 38, 100, null, null],
    ['All', 78, 100, 95, null],
  ],
  links: [],
};
const asked = { answerId: 'a1', actions: [], picture: null } as const;

describe('in Slack', () => {
  test('records are a table block whose names lead to their pages, with nothing obeyed', () => {
    const { blocks, text } = slackTable({ ...asked, table: records, form: 'table' });
    const table = blocks.find((block) => block.type === 'table');
    expect(table).toMatchObject({
      rows: [
        [{ text: 'Record' }, { text: 'Amount' }, { text: 'Day' }],
        [
          { type: 'rich_text', elements: [{ elements: [{ type: 'link', url: records.links[0] }] }] },
          { text: '$12,000' },
          {},
        ],
        [{ type: 'raw_text', text: 'Big deal' }, { type: 'raw_text', text: '–' }, { text: '2026-09-01' }],
      ],
    });
    expect(text).not.toContain('<!');
  });

  test('where the block is refused they are lines of code that no name can end', () => {
    const { blocks } = slackTable({ ...asked, table: records, form: 'code' });
    const code = blocks.find((block) => block.type === 'section' && block.text?.text.startsWith('```'));
    const said = code?.type === 'section' ? code.text!.text : '';
    expect(said.slice(3, -3)).not.toContain('`');
    expect(said).not.toContain('<');
    expect(said.length).toBeLessThan(3000);
  });
});

/** The largest cohort table there is, with the longest names. */
const large: TableAnswer = {
  ...cohorts,
  columns: [
    { label: 'Cohort', unit: 'text' },
    { label: 'Customers', unit: 'count' },
    ...Array.from({ length: 24 }, (_v, age) => ({ label: `${age} mo`, unit: 'percent' as const })),
  ],
  rows: Array.from({ length: 37 }, (_v, i) => [
    `${hostile} ${i}`.repeat(9),
    1_000_000,
    ...Array(24).fill(99.94),
  ]),
};

test.each(['table', 'code'] as const)('the largest table stays within what Slack takes, as %s', (form) => {
  for (const table of [records, cohorts, large, { ...records, rows: [], links: [] }])
    expect(checkBlocks(slackTable({ ...asked, table, form }).blocks, 'message', () => true)).toBeNull();
});

test('the largest table stays within what Teams takes', () => {
  expect(messageBytes(teamsTable({ ...asked, table: large }))).toBeLessThan(80 * 1024);
});

test('the largest table is drawn within its canvas', async () => {
  const svg = await vegaSvg(drawTable(large));
  expect(svg).not.toMatch(/NaN|undefined/);
  for (const [, x] of svg.matchAll(/translate\((-?[\d.]+),/g)) expect(Number(x)).toBeLessThanOrEqual(1200);
});

test('in Teams they are a Table element with escaped names', () => {
  const card = JSON.stringify(teamsTable({ ...asked, table: records }));
  expect(card).toContain('"type":"Table"');
  expect(card).toContain(`(${records.links[0]})`);
  expect(card).not.toContain('[a](javascript');
});

test('in the terminal blank cells are blank and columns stand in line', () => {
  expect(terminalTable(cohorts, { color: false }).replaceAll('\u00a0', ' ').split('\n').slice(2, 6)).toEqual([
    '  Cohort          Customers   0 mo    1 mo  2 mo',
    '  September 2026         40  100 %  95.0 %',
    '  October 2026           38  100 %',
    '  All                    78  100 %  95.0 %',
  ]);
});

test('a CSV has empty cells for what is blank, and no formula from a name', () => {
  expect(csvTable(cohorts)).toContain('October 2026,38,100,,\r\n');
  expect(csvTable(records)).toContain(`'=1+1`);
  expect(csvTable(records).split('\r\n')[0]).toBe('\ufeffRecord,Amount,Day,Link');
});

test('an Excel file has numbers as numbers and blank cells empty', async () => {
  const book = new ExcelJS.Workbook();
  await book.xlsx.load((await excelTable(cohorts)).buffer as ArrayBuffer);
  const sheet = book.getWorksheet('Table')!;
  expect([sheet.getCell('C2').value, sheet.getCell('D2').value, sheet.getCell('E2').value]).toEqual([
    100,
    95,
    null,
  ]);
});

test('JSON has all of it', () => {
  expect(publicTable(cohorts)).toMatchObject({ kind: 'cohorts', rows: cohorts.rows, dataVersion: 7 });
});

test('a picture names its cohorts, and draws nothing where nothing is known', async () => {
  const svg = await vegaSvg(drawTable(cohorts));
  expect(svg).toContain('September 2026');
  expect(svg.match(/>95</g)).toHaveLength(2);
  expect(svg).not.toMatch(/NaN|undefined|null/);
});

test('a tint lies between its ends, and contrast is as WCAG has it', () => {
  expect(mix('#000000', '#ffffff', 0.5)).toBe('#808080');
  expect(contrast('#000000', '#ffffff')).toBeCloseTo(21, 9);
});

describe('the picture of a relation', () => {
  const courses: TableAnswer = {
    ...records,
    kind: 'courses',
    title: `Tickets and ${hostile}`,
    sentence:
      'Tickets is ahead of Churn by 1 month: it tends to be lower 1 month later. This is an association, not a cause: more.',
    columns: [
      { label: 'Month', unit: 'day' },
      { label: 'Tickets', unit: 'count' },
      { label: hostile, unit: 'percent' },
      { label: `Tickets 1 month earlier${against}`, unit: 'count' },
    ],
    rows: [
      ['2026-01-01', 100, 2, null],
      ['2026-02-01', 300, 4, 100],
      ['2026-03-01', 200, null, 300],
      ['2026-04-01', 100, 3, 200],
      ['2026-05-01', 150, 4, 100],
    ],
    links: [],
  };
  const groups: TableAnswer = {
    ...records,
    kind: 'groups',
    title: 'Retention by campaign of origin',
    sentence: `Customers of ${hostile} left. This is an association, not a cause.`,
    columns: ['Group', 'Customers', 'Left', 'Stayed', 'From', 'To', 'Net revenue retention'].map(
      (label, i) => ({
        label,
        unit: i === 0 ? ('text' as const) : i < 3 ? ('count' as const) : ('percent' as const),
      }),
    ),
    rows: [
      [hostile, 100, 10, 90, 82, 95, 101],
      ['no known campaign', 300, 30, 90, 86, 93, 99],
    ],
    links: [],
  };
  type Row = { x: number; y: number | null };
  const dataOf = (table: TableAnswer, name: string) =>
    (drawTable(table).data!.find((one) => one.name === name) as { values: Row[] }).values;
  const wordsOf = (table: TableAnswer) =>
    (drawTable(table).data!.find((one) => one.name === 'texts') as { values: { text: string }[] }).values.map(
      ({ text }) => text,
    );

  test('says that it is no cause, in its title', () => {
    for (const table of [courses, groups])
      expect(wordsOf(table)[0]).toMatch(/ · an association, not a cause$/);
    expect(wordsOf(courses).join(' ')).not.toContain('something else');
  });

  test('has what is ahead turned over where the two go against each other, and never out of its panel', () => {
    const [lower, ghost] = [dataOf(courses, 'lower'), dataOf(courses, 'ghost')];
    const heights = lower.flatMap(({ y }) => (y === null ? [] : [y]));
    for (const { y } of ghost)
      if (y !== null) {
        expect(y).toBeGreaterThanOrEqual(Math.min(...heights));
        expect(y).toBeLessThanOrEqual(Math.max(...heights));
      }
    // 300 tickets are more than 100: turned over, they stand lower down.
    expect(ghost[2]!.y!).toBeGreaterThan(ghost[1]!.y!);
    expect(wordsOf(courses)).toContain('Tickets 1 month earlier, upside down, on this scale');
  });

  test('leaves a gap where there is no value', () => {
    expect(dataOf(courses, 'lower')[2]!.y).toBeNull();
  });

  test('marks where all groups together lie: by customers, not by groups', () => {
    expect(wordsOf(groups).map((word) => word.replaceAll('\u00a0', ' '))).toContain('all 90.0 %');
  });

  test('draws, whatever the names are', async () => {
    for (const table of [courses, groups]) expect(await vegaSvg(drawTable(table))).toContain('<svg');
  });
});
