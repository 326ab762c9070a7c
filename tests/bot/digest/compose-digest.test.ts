import { afterAll, beforeAll, expect, test } from 'vitest';
import { rightsOf } from '../../../bot/access/roles.ts';
import { type ComposeInput, composeDigest } from '../../../bot/digest/compose-digest.ts';
import { rankMovements } from '../../../bot/digest/movement.ts';
import { createStudies } from '../../../bot/digest/studies.ts';
import { type DigestHouse, engine, openDigestHouse, slot } from './digest-house.ts';

let house: DigestHouse;
beforeAll(async () => {
  house = await openDigestHouse();
});
afterAll(() => house.close());

const kpis = ['bookings last week', 'tickets last week'];
const compose = (more: Partial<ComposeInput> = {}, texts = kpis) =>
  composeDigest({
    answerer: house.answererAt(slot),
    studies: createStudies(house.db, engine, slot),
    definition: { name: 'exec', title: 'Executive digest', kpis: texts, role: 'executive', targets: [] },
    rights: rightsOf({ role: 'executive' }),
    now: slot,
    timeZone: 'UTC',
    unusual: [],
    earlier: null,
    ...more,
  });

test('its tiles are the answers that chat gives', async () => {
  const made = await compose();
  const answerer = house.answererAt(slot);
  const asked = await Promise.all(
    kpis.map((text) => answerer.answer(answerer.parse(text), rightsOf({ role: 'executive' }))),
  );
  expect(made!.digest.tiles).toEqual(asked);
  expect(made!.digest.tiles.map(({ value }) => value)).toEqual([1500, 3]);
});

test('its first paragraph names the best and the worst, with both figures', async () => {
  const { digest } = (await compose())!;
  expect(digest.summary.replaceAll('\u00a0', ' ')).toBe(
    'Of 2 KPIs, 1 got better and 1 got worse. ' +
      'Bookings did best: up 50.0 % to $1.5 K in week 47, from $1 K in week 46. ' +
      'Tickets created did worst: up 50.0 % to 3 in week 47, from 2 in week 46.',
  );
});

test('a mover is judged and says where it comes from', async () => {
  const [mover] = (await compose())!.digest.movers;
  expect(mover!.text).toMatch(/^Better: Bookings was .* Core \(product\) makes up 100\s% of the rise\.$/);
});

test('each area has its section, in the order of the house', async () => {
  const { digest } = (await compose({}, ['tickets last week', 'bookings last week']))!;
  expect(digest.sections.map(({ area, answers }) => [area, answers.map(({ kpi }) => kpi)])).toEqual([
    ['Sales', ['bookings']],
    ['Support', ['tickets_created']],
  ]);
});

test('what its readers may not see is not even named', async () => {
  const made = await compose({
    rights: rightsOf({ role: 'viewer', areas: ['support'] }),
    unusual: [{ area: 'sales', text: 'Bookings fell.' }],
  });
  expect(made!.areas).toEqual(['support']);
  expect(JSON.stringify(made)).not.toMatch(/bookings/i);
});

test('readers who may see nothing get no digest', async () => {
  expect(await compose({ rights: rightsOf({ role: 'viewer', areas: [] }) })).toBeNull();
});

test('a question that cannot be answered is named, and the rest goes out', async () => {
  const { digest } = (await compose({}, ['bookings last week', 'frobnication of widgets']))!;
  expect(digest.tiles).toHaveLength(1);
  expect(digest.summary).toContain('could not be answered: "frobnication of widgets"');
});

test('a KPI without a figure is said to have none', async () => {
  const { digest } = (await compose({}, ['bookings 2019', 'tickets last week']))!;
  expect(digest.summary).toContain('There is no figure for Bookings in 2019.');
});

test('a source that is behind is named in the first paragraph', async () => {
  const later = new Date(slot.getTime() + 3 * 3_600_000);
  const made = await compose({ answerer: house.answererAt(later), now: later });
  expect(made!.stale).toEqual(['Salesforce', 'Zendesk']);
  expect(made!.digest.summary.replaceAll('\u00a0', ' ')).toContain(
    'Zendesk is 3 h old: later changes are missing.',
  );
});

test('open incidents are told under "Unusual"', async () => {
  const { digest } = (await compose({
    unusual: [{ area: 'support', text: 'Tickets created was 412 on Monday.' }],
  }))!;
  expect(digest.unusual).toEqual([{ text: 'Tickets created was 412 on Monday.' }]);
  expect(digest.summary).toContain('One thing is out of the ordinary');
});

test('a number that changed since the last digest is restated, an unchanged one is not', async () => {
  const [{ at } = { at: slot }] = await house.db.sql<{ at: Date }[]>`select clock_timestamp() as at`;
  house.salesforce.put('deal', 'w1', 2, house.deal(900, 'Core', '2026-11-10'));
  await house.sync();
  const lastWeek = new Date('2026-11-16T08:00:00Z');
  const made = await compose({ earlier: { answerer: house.answererAt(lastWeek), writtenAt: at } });
  expect(made!.digest.restated.map(({ text }) => text.replaceAll('\u00a0', ' '))).toEqual([
    'Bookings of week 46 (9–15 Nov 2026) is now $1.3 K; the last digest said $1 K. Won value: +$300 = +$300 records that were corrected (1).',
  ]);
});

test('a count that two equal weeks could differ by leads nothing', async () => {
  const { digest } = (await compose())!;
  const ranked = rankMovements([digest.tiles[1]!, digest.tiles[0]!]);
  expect(ranked.map(({ answer, beyondChance }) => [answer.kpi, beyondChance])).toEqual([
    ['bookings', true],
    ['tickets_created', false],
  ]);
});
