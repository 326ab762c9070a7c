/** Herald's own trouble on its way to the operators' channel. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { tellTrouble } from '../../../bot/alert/tell-trouble.ts';
import { channel, type OutboxHouse, openOutboxHouse } from '../delivery/outbox-house.ts';

let house: OutboxHouse;
const ops = { kind: 'slack', to: channel('data-ops') } as const;
const away = {
  key: 'breaker:hubspot',
  title: 'HubSpot cannot be reached',
  lines: ['Since 09:41: <!channel> broke off'],
};
const back = { key: 'breaker-closed:hubspot', title: 'HubSpot is back', lines: [], ends: 'breaker:hubspot' };

beforeAll(async () => {
  house = await openOutboxHouse();
});
afterAll(() => house.close());
beforeEach(async () => {
  await house.empty();
  await house.db.sql`delete from lease`;
});
const texts = async () => {
  await house.open().deliverDue();
  return house.posted(ops.to).map(({ text }) => text);
};

test('is told once, whichever of many processes sees it, with what others said made harmless', async () => {
  const told = await Promise.all(Array.from({ length: 5 }, () => tellTrouble(house.db, away, [ops])));
  expect(told.filter((one) => one)).toEqual([true]);
  expect(await texts()).toEqual(['HubSpot cannot be reached\nSince 09:41: &lt;!channel&gt; broke off']);
});

test('is told again when its pause is over', async () => {
  await tellTrouble(house.db, away, [ops]);
  expect(await tellTrouble(house.db, away, [ops])).toBe(false);
  await house.db.sql`update lease set expires_at = clock_timestamp() - interval '1 s'`;
  expect(await tellTrouble(house.db, away, [ops])).toBe(true);
  expect(await texts()).toHaveLength(1);
  // Slack takes one message a second and channel.
  house.slack.pass(5_000);
  await house.hurry();
  expect(await texts()).toHaveLength(2);
});

test('that is over is told only where it was told of', async () => {
  expect(await tellTrouble(house.db, back, [ops])).toBe(false);
  await tellTrouble(house.db, away, [ops]);
  expect(await tellTrouble(house.db, back, [ops])).toBe(true);
});

test('goes to each target in its own form, and to nobody when nobody is named', async () => {
  expect(await tellTrouble(house.db, away, [])).toBe(false);
  await tellTrouble(house.db, away, [
    ops,
    { kind: 'teams', to: '19:ops@thread' },
    { kind: 'mail', to: 'ops@example.com' },
  ]);
  const rows = await house.db.sql<
    { kind: string; said: string }[]
  >`select payload->>'kind' as kind, coalesce(payload->>'subject', payload->>'fallbackText', payload->>'text') as said from outbox order by 1`;
  expect(rows.map(({ kind, said }) => [kind, said.split('\n')[0]])).toEqual([
    ['mail', 'Herald: HubSpot cannot be reached'],
    ['slack', 'HubSpot cannot be reached'],
    ['teams', 'HubSpot cannot be reached. Since 09:41: <!channel> broke off'],
  ]);
});
