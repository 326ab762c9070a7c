import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createDetector } from '../../../bot/alert/detector.ts';
import { createSlackSender } from '../../../bot/delivery/senders/slack.ts';
import { bot } from '../../../demo/slack/workspace.ts';
import { openSlackHouse } from '../../fixtures/slack-house.ts';
import { quiet } from '../../run-cycle.ts';
import { type AlertHouse, now, openAlertHouse, sales, support, yesterday } from './alert-house.ts';

let house: AlertHouse;
const forget = async () => {
  await house.db.sql`delete from outbox`;
  await house.db.sql`delete from incident`;
};

describe('on an ordinary day', () => {
  beforeAll(async () => {
    house = await openAlertHouse();
    house.plant(yesterday, 42, (i) => (i % 4 === 0 ? 'Edge' : 'Core'));
    await house.sync();
  });
  afterAll(() => house.close());
  beforeEach(forget);

  test('nothing is told', async () => {
    expect(await house.detect()).toEqual([]);
    expect(await house.rows()).toHaveLength(0);
  });

  test('a source that stopped days ago is not told as a drop', async () => {
    expect(await house.detect({ now: new Date('2026-11-27T09:00:00Z') })).toEqual([]);
  });

  test('a source that was never read is not told as a drop', async () => {
    await house.db.sql`update checkpoint set covered_until = null`;
    expect(await house.detect()).toEqual([]);
    await house.db.sql`update checkpoint set covered_until = ${now}`;
  });

  test('a day without tickets is a drop when its source covers it whole, and no news before', async () => {
    const tomorrow = new Date('2026-11-25T09:00:00Z');
    const covered = (until: string) => house.db.sql`update checkpoint set covered_until = ${new Date(until)}`;
    await covered('2026-11-24T23:59:00Z');
    expect(await house.detect({ now: tomorrow })).toEqual([]);
    await covered('2026-11-25T00:01:00Z');
    expect(await house.detect({ now: tomorrow })).toMatchObject([{ key: 'tickets_created:2026-11-24:drop' }]);
  });
});

describe('a day with three times the tickets', () => {
  beforeAll(async () => {
    house = await openAlertHouse();
    house.plant(yesterday, 44, (i) => (i % 4 === 0 ? 'Edge' : 'Core'));
    house.plant(yesterday, 90, () => 'Edge');
    await house.sync();
  });
  afterAll(() => house.close());
  beforeEach(forget);

  test('is told once, also when detection runs twice', async () => {
    const told = await house.detect();
    const [incident, ...more] = told.filter((one) => one.told > 0);
    expect(incident).toMatchObject({
      key: `tickets_created:${yesterday}:spike`,
      kpi: 'tickets_created',
      told: 1,
    });
    expect(more).toEqual([]);
    expect(await house.detect()).toEqual([]);
    expect(await house.rows()).toHaveLength(1);
  });

  test('is told once by two workers at once', async () => {
    const told = await Promise.all([house.detect(), house.detect(), house.detect()]);
    expect(told.flat().filter((one) => one.told > 0)).toHaveLength(1);
    expect(await house.rows()).toHaveLength(1);
  });

  test('is told in a sentence with what is usual, and the part that explains it', async () => {
    const [incident] = await house.detect();
    expect(incident!.text).toMatch(
      /^Tickets created was 134 on Monday 23 November 2026, \d+ % above the \d+ usual for a Monday \(\d+–\d+\)\. Edge \(product\) makes up \d+ % of the difference\.$/,
    );
  });

  test('is told to those who may see its area, and to nobody else', async () => {
    await house.detect();
    expect((await house.rows()).map(({ target }) => target)).toEqual([support.to]);
    expect(support.to).not.toBe(sales.to);
  });

  test('stands in the books also when nobody is to be told', async () => {
    expect(await house.detect({ settings: { rules: [] } })).toMatchObject([{ told: 0 }, { told: 0 }]);
    expect(await house.db.sql`select kpi, state, area from incident order by kpi`).toMatchObject([
      { kpi: 'backlog', state: 'open', area: 'support' },
      { kpi: 'tickets_created', state: 'open', area: 'support' },
    ]);
  });

  test('is not told again after somebody closed it', async () => {
    await house.detect();
    await house.db.sql`update incident set state = 'closed'`;
    expect(await house.detect()).toEqual([]);
  });

  test('is no news a week later', async () => {
    const later = new Date('2026-11-30T09:00:00Z');
    await house.db.sql`update checkpoint set covered_until = ${new Date('2026-11-24T09:00:00Z')}`;
    expect(await house.detect({ now: later })).toEqual([]);
    await house.db.sql`update checkpoint set covered_until = ${now}`;
  });

  test('reaches Slack as one message with a chart and buttons that know their question', async () => {
    const slack = await openSlackHouse();
    try {
      await house.detect();
      await house.outbox({ slack: createSlackSender(slack.transport, quiet) }).deliverDue();
      const posts = slack.standIn.state.messages.filter(({ author }) => author === bot.userId);
      expect(posts).toHaveLength(1);
      const blocks = posts[0]!.blocks as { type: string; elements?: { value: string }[] }[];
      expect(blocks.map(({ type }) => type)).toEqual(expect.arrayContaining(['section', 'image', 'actions']));
      const { a, v, x } = JSON.parse(blocks.at(-1)!.elements![0]!.value) as {
        a: string;
        v: string;
        x: string;
      };
      expect([v, x]).toEqual(['by', 'product']);
      const [given] = await house.db.sql<
        { question: { kpi: string } }[]
      >`select question from given_answer where id = ${a}`;
      expect(given!.question.kpi).toBe('tickets_created');
    } finally {
      await slack.close();
    }
  });

  test('is looked for once in ten minutes, whatever number of syncs and replicas', async () => {
    const detectors = [1, 2, 3].map(() => createDetector({ ...house.input, now: () => now }));
    const first = await Promise.all(detectors.map((one) => one.look()));
    await forget();
    const second = await Promise.all(detectors.map((one) => one.look()));
    expect([first.filter((told) => told.length > 0).length, second.flat().length]).toEqual([1, 0]);
  });
});
