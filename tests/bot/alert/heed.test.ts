import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { rightsOf } from '../../../bot/access/roles.ts';
import { createHeed, type Heed } from '../../../bot/alert/heed.ts';
import { type AlertHouse, now, openAlertHouse, support, yesterday } from './alert-house.ts';

let house: AlertHouse;
let heed: Heed;
const manager = rightsOf({ role: 'manager', areas: ['support'] });
const person = { platform: 'slack', id: 'U1', name: 'Ann' } as const;

async function told() {
  const incidents = (await house.detect()).filter((one) => one.told > 0);
  const [row] = await house.db.sql<
    { answer_id: string }[]
  >`select answer_id from incident where kpi = 'tickets_created'`;
  return { incidents, answerId: row!.answer_id };
}
const act = (answerId: string, what: string, rights = manager) =>
  heed({ answerId, act: what, person, rights });

beforeAll(async () => {
  house = await openAlertHouse();
  house.plant(yesterday, 134, (i) => (i % 3 === 0 ? 'Edge' : 'Core'));
  await house.sync();
  heed = createHeed(
    house.db,
    () => 'Tickets created',
    () => now,
  );
});
afterAll(() => house.close());
beforeEach(async () => {
  await house.db.sql`delete from outbox`;
  await house.db.sql`delete from incident`;
  await house.db.sql`delete from alert_feedback`;
});

describe('the buttons of an alert', () => {
  test('acknowledge once, by name', async () => {
    const { answerId } = await told();
    expect((await act(answerId, 'acknowledge')).reply).toMatchObject({
      kind: 'note',
      lines: ['Acknowledged by Ann.'],
    });
    expect((await act(answerId, 'acknowledge')).reply).toMatchObject({
      lines: ['It was acknowledged before, by you.'],
    });
    expect(await house.db.sql`select acknowledged_by from incident where answer_id = ${answerId}`).toEqual([
      { acknowledged_by: 'slack:U1' },
    ]);
  });

  test('are for those with write:alert and the area', async () => {
    const { answerId } = await told();
    await expect(act(answerId, 'acknowledge', rightsOf({ role: 'analyst' }))).rejects.toThrow(/write:alert/);
    await expect(
      act(answerId, 'acknowledge', rightsOf({ role: 'manager', areas: ['sales'] })),
    ).rejects.toThrow(/does not include support/);
  });

  test('snooze the KPI until then: what is unusual is written down and told only afterwards', async () => {
    const { answerId } = await told();
    await act(answerId, 'snooze 7');
    await house.db.sql`delete from incident`;
    await house.db.sql`delete from outbox`;
    expect(await house.detect().then((all) => all.filter((one) => one.told > 0))).toEqual([]);
    expect(await house.db.sql`select state from incident where kpi = 'tickets_created'`).toEqual([
      { state: 'watch' },
    ]);
    await house.db.sql`update alert_feedback set until = ${new Date(now.getTime() - 1)}`;
    expect((await told()).incidents).toMatchObject([{ kpi: 'tickets_created', told: 1 }]);
  });

  test('"not an anomaly" closes it and keeps its days out, once however often it is pressed', async () => {
    const { answerId } = await told();
    await act(answerId, 'not an anomaly');
    await act(answerId, 'not an anomaly');
    expect(await house.db.sql`select verdict, from_day, to_day from alert_feedback`).toEqual([
      { verdict: 'not_anomaly', from_day: yesterday, to_day: yesterday },
    ]);
    await house.db.sql`delete from incident`;
    expect((await house.detect()).filter(({ key }) => key === `tickets_created:${yesterday}:spike`)).toEqual(
      [],
    );
  });

  test('do nothing else', async () => {
    const { answerId } = await told();
    await expect(act(answerId, 'snooze 9999')).rejects.toThrow(/1 to 90 days/);
    await expect(act(answerId, 'drop table')).rejects.toThrow(/cannot be "drop table"/);
    await expect(act('alert-none', 'acknowledge')).rejects.toThrow(/not in the books/);
  });
});

describe('alerts', () => {
  test('of a KPI that was told hours ago wait for tomorrow', async () => {
    const { answerId } = await told();
    await house.db
      .sql`update incident set key = 'tickets_created:2026-11-22:drop' where answer_id = ${answerId}`;
    expect((await house.detect()).filter(({ told }) => told > 0)).toEqual([]);
  });

  test('of a limit are told once a period', async () => {
    const settings = { rules: [{ kpis: ['backlog'], above: 100, targets: [support] }] };
    const crossed = await house.detect({ settings });
    expect(crossed.filter(({ told }) => told > 0)).toMatchObject([
      {
        kpi: 'backlog',
        text: expect.stringMatching(/^Ticket backlog is [\d,]+ \(.*\), above the limit of 100\.$/),
      },
    ]);
    expect(await house.detect({ settings })).toEqual([]);
    const never = { rules: [{ kpis: ['backlog'], above: 1e6, targets: [support] }] };
    expect((await house.detect({ settings: never })).filter(({ told }) => told > 0)).toEqual([]);
  });
});
