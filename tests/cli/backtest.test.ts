import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { backtest } from '../../cli/backtest.ts';
import { addDays } from '../../kpi/calendar.ts';
import { type AlertHouse, now, openAlertHouse, yesterday } from '../bot/alert/alert-house.ts';
import { openVerbHome, type VerbHome } from './run-verb.ts';

let house: AlertHouse;
let terminal: VerbHome;
const spiked = addDays(yesterday, -20);

beforeAll(async () => {
  house = await openAlertHouse();
  house.plant(yesterday, 41, (i) => (i % 4 === 0 ? 'Edge' : 'Core'));
  house.plant(spiked, 90, () => 'Edge');
  await house.sync();
  terminal = openVerbHome(house.db.url, now, 'sources:\n  zendesk:\n    baseUrl: https://acme.zendesk.com\n');
});
afterAll(async () => {
  terminal.close();
  await house.close();
});

describe('herald backtest', () => {
  test('tells what would have fired, on which day, and how many a month', async () => {
    const { code, lines } = await terminal.run(backtest, 'tickets', 'created');
    expect(code).toBe(0);
    expect(lines[0]).toMatch(
      /^Tickets created, 2026-05-\d\d to 2026-11-24: judged by day: 4\d events on the median day\.$/,
    );
    expect(lines[1]).toMatch(
      /^2026-11-04 {2}alert {2}z +\d+\.\d {2}Tickets created was 13\d on Tuesday 3 November 2026, \d+ % above the \d+ usual for a Tuesday \(\d+–\d+\)\.$/,
    );
    expect(lines.slice(2)).toEqual(['By month: 2026-11 1.']);
  });

  test('looks into segments, and where nothing fired says so', async () => {
    const json = await terminal.run(backtest, 'tickets_created', '--segment', 'product', '--format', 'json');
    expect(JSON.parse(json.out)).toMatchObject({
      judged: expect.stringMatching(
        /^Core by day: [0-9]+ events on the median day; Edge by week: 1[0-9] events/,
      ),
      fired: [{ segment: { dimension: 'product', value: 'Edge' }, day: '2026-11-02', firedOn: '2026-11-09' }],
      perMonth: { '2026-11': 1 },
    });
    const quiet = await terminal.run(backtest, 'tickets_created', '--from', '2026-11-10');
    expect(quiet.lines.at(-1)).toBe('Nothing would have been told.');
  });

  test('of a KPI that has no days says why', async () => {
    await expect(terminal.run(backtest, 'churn')).rejects.toThrow(/Logo churn|Churn has no daily sums/);
    await expect(terminal.run(backtest, 'tickets_created', '--segment', 'colour=red')).rejects.toThrow(
      /cannot be split by "colour"/,
    );
  });
});

describe('herald backtest --file', () => {
  const write = (name: string, text: string) => {
    const file = path.join(terminal.folder, name);
    writeFileSync(file, text);
    return file;
  };
  const hours = Array.from({ length: 600 }, (_, i) => {
    const at = new Date(Date.UTC(2014, 3, 1) + i * 3_600_000).toISOString().slice(0, 19).replace('T', ' ');
    return `${at},${i === 500 ? 400 : 50 + ((i * 7) % 11)}`;
  });

  test('reads quoted numbers with thousands, months and gaps', async () => {
    const file = write('sales.csv', 'month,value\n2026-01,"1,234.50"\n2026-02,n/a\n2026-03,7\n');
    const { lines } = await terminal.run(backtest, '--file', file, '--all');
    expect(lines.filter((line) => line.startsWith('2026'))).toEqual([
      expect.stringMatching(/^2026-01,1234\.5,/),
      expect.stringMatching(/^2026-03,7,/),
    ]);
  });
  test('a number that can be read two ways is told, not left out', async () => {
    const file = write('odd.csv', 'day,value\n2026-01-01,"1,234"\n');
    await expect(terminal.run(backtest, '--file', file)).rejects.toThrow(/Line 2 .* is no number/);
  });
  test('prints flagged points with their scores, under the times that the file has', async () => {
    const file = write('hours.csv', ['timestamp,value', ...hours].join('\n'));
    const { lines } = await terminal.run(backtest, '--file', file);
    expect(lines[0]).toBe('timestamp,value,expected,low,high,z,score,flagged,episode');
    expect(lines).toHaveLength(2);
    expect(lines[1]).toMatch(/^2014-04-21 20:00:00,400,\d/);
  });

  test('prints every point with --all, and gaps are none', async () => {
    const file = write(
      'gaps.csv',
      ['time,y', ...hours.slice(0, 300), '2014-05-01 00:00:00,NaN'].join('\r\n'),
    );
    const { lines } = await terminal.run(backtest, '--file', file, '--all');
    expect(lines).toHaveLength(301);
  });

  test('says how much history is missing', async () => {
    const file = write('short.csv', 'date,value\n2026-01-01,1\n2026-01-02,2\n2026-01-03,3\n');
    const { said, out } = await terminal.run(backtest, '--file', file, '--format', 'json');
    expect(JSON.parse(out)).toMatchObject({
      grain: 'day',
      refusal: 'not enough history: 3 of 35 days',
      points: [],
    });
    expect(said).toEqual([]);
  });

  test('names the line of a time that is none', async () => {
    const file = write('bad.csv', 'timestamp,value\n2026-01-01,1\nyesterday,2\n');
    await expect(terminal.run(backtest, '--file', file)).rejects.toThrow(
      /^Line 3 of .*"yesterday" is no time/,
    );
  });
});
