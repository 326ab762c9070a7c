import { beforeAll, describe, expect, test } from 'vitest';
import type { World } from '../../../demo/company/records.ts';
import {
  anchorDay,
  build,
  dayBefore,
  live,
  lost,
  payingOn,
  returns,
  ticketsByDay,
  winRate,
} from './company.ts';

describe('the company at full size', () => {
  let world: World;
  beforeAll(() => {
    world = build(1);
  });

  test.each([
    ['salesforce', 'User', 38, 44],
    ['salesforce', 'Account', 1400, 1600],
    ['salesforce', 'Contact', 3500, 5000],
    ['salesforce', 'Lead', 5000, 8000],
    ['salesforce', 'Campaign', 80, 80],
    ['salesforce', 'CampaignMember', 54_000, 66_000],
    ['salesforce', 'Opportunity', 8000, 9800],
    ['salesforce', 'OpportunityHistory', 30_000, 42_000],
    ['salesforce', 'Task', 18_000, 22_000],
    ['hubspot', 'contacts', 11_400, 12_600],
    ['hubspot', 'marketing_emails', 380, 420],
    ['zendesk', 'tickets', 7600, 9200],
    ['intercom', 'conversations', 9500, 10_500],
    ['billing', 'customers', 1000, 1200],
    ['billing', 'invoices', 7000, 13_000],
    ['files', 'spend.csv', 6000, 14_000],
    ['files', 'nps.csv', 800, 1400],
  ] as const)('%s holds its share of %s', (store, object, least, most) => {
    const count = world[store].count(object);
    expect(count).toBeGreaterThanOrEqual(least);
    expect(count).toBeLessThanOrEqual(most);
  });

  test('eight to nine hundred customers are live at the end', () => {
    const { size } = payingOn(world, anchorDay);
    expect(size).toBeGreaterThanOrEqual(780);
    expect(size).toBeLessThanOrEqual(930);
  });

  test('the last ten weeks have twenty tickets on a middling day', () => {
    const days = ticketsByDay(world);
    const counts = Array.from({ length: 70 }, (_, i) => days.get(dayBefore(anchorDay, i)) ?? 0).sort(
      (a, b) => a - b,
    );
    expect(counts[35]).toBeGreaterThanOrEqual(20);
  });

  test('a quarter of solved tickets are rated, nearly nine in ten of them good', () => {
    type Ticket = { status: string; satisfaction_rating: { score: string } };
    const solved = live<Ticket>(world.zendesk, 'tickets').filter(
      (t) => t.status === 'solved' || t.status === 'closed',
    );
    const good = solved.filter((t) => t.satisfaction_rating.score === 'good').length;
    const bad = solved.filter((t) => t.satisfaction_rating.score === 'bad').length;
    expect((good + bad) / solved.length).toBeGreaterThan(0.2);
    expect((good + bad) / solved.length).toBeLessThan(0.31);
    expect(good / (good + bad)).toBeGreaterThan(0.85);
    expect(good / (good + bad)).toBeLessThan(0.91);
  });

  test('some won deals have no amount', () => {
    const won = live<{ IsWon: boolean; Amount: number | null }>(world.salesforce, 'Opportunity').filter(
      (d) => d.IsWon,
    );
    const without = won.filter((d) => d.Amount === null).length;
    expect(without).toBeGreaterThan(20);
    expect(without).toBeLessThan(won.length * 0.05);
  });

  test('about 85 in 100 billing customers name their CRM account', () => {
    const customers = live<{ crm_account_id: string | null }>(world.billing, 'customers');
    const share = customers.filter((c) => c.crm_account_id !== null).length / customers.length;
    expect(share).toBeGreaterThan(0.82);
    expect(share).toBeLessThan(0.88);
  });

  test('subscriptions start on every day of the month', () => {
    const days = new Set(
      live<{ started_on: string }>(world.billing, 'subscriptions').map((s) => s.started_on.slice(8)),
    );
    expect(days.size).toBe(31);
  });

  test('logo churn rises in the last complete quarter, by half or more', () => {
    const before = lost(world, '2026-04-01', '2026-07-01');
    const story = lost(world, '2026-07-01', '2026-10-01');
    expect(story.rate).toBeGreaterThan(before.rate * 1.4);
  });

  test('small EMEA customers explain most of the rise in churn', () => {
    const small = (mix: { region: string; segment: string }) =>
      mix.region === 'EMEA' && mix.segment === 'SMB';
    const rise = lost(world, '2026-07-01', '2026-10-01').gone - lost(world, '2026-04-01', '2026-07-01').gone;
    const theirs = lost(world, '2026-07-01', '2026-10-01', small);
    expect(theirs.rate).toBeGreaterThan(0.17);
    expect((theirs.gone - lost(world, '2026-04-01', '2026-07-01', small).gone) / rise).toBeGreaterThan(0.5);
  });

  test.each([0, 1, 2, 3])(
    'tickets are three to five times the usual number %i days before the anchor day',
    (days) => {
      const counts = ticketsByDay(world);
      const day = dayBefore(anchorDay, days);
      const usual = Array.from({ length: 8 }, (_, i) => counts.get(dayBefore(day, 7 * (i + 1))) ?? 0).sort(
        (a, b) => a - b,
      );
      const median = (usual[3]! + usual[4]!) / 2;
      expect(counts.get(day)! / median).toBeGreaterThan(2.6);
      expect(counts.get(day)! / median).toBeLessThan(5);
    },
  );

  test('the surge is about Connect', () => {
    const day = dayBefore(anchorDay, 2);
    expect(ticketsByDay(world, 'Connect').get(day)! / ticketsByDay(world).get(day)!).toBeGreaterThan(0.7);
  });

  test('the day before the surge is an ordinary one', () => {
    const counts = ticketsByDay(world);
    const day = dayBefore(anchorDay, 4);
    const week = counts.get(dayBefore(day, 7))!;
    expect(counts.get(day)! / week).toBeLessThan(1.6);
  });

  test('the webinar series returns twice what the next campaign does', () => {
    const [first, second] = returns(world);
    expect(first!.name).toBe('Webinar series: Revenue Clarity');
    expect(first!.times).toBeGreaterThan(second!.times * 2);
  });

  test('APAC wins a quarter more of its deals than the year before, the others do not', () => {
    const gain = (region: string) =>
      winRate(world, region, '2026-01-01', '2026-11-22') / winRate(world, region, '2025-01-01', '2025-11-22');
    expect(gain('APAC')).toBeGreaterThan(1.25);
    expect(gain('EMEA')).toBeLessThan(1.15);
    expect(gain('AMER')).toBeLessThan(1.15);
  });
});
