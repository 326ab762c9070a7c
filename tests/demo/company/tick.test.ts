import { expect, test } from 'vitest';
import { afterAnchor, build, everything, type Subscription, stores } from './company.ts';

const TICKS = 3000;
const EVERY_MS = 45_000;
const world = build(0.05);
const before = new Map([...everything(world)].map(({ stored }) => [stored, true]));
const told = Array.from({ length: TICKS }, (_, i) => world.tick(afterAnchor + 250 + i * EVERY_MS));

test('each tick says what it did and where', () => {
  for (const { systems, what } of told) {
    expect(what.length).toBeGreaterThan(5);
    for (const system of systems) expect(stores).toContain(system);
  }
});

test('every system sees changes', () => {
  expect(new Set(told.flatMap((t) => t.systems))).toEqual(
    new Set(['salesforce', 'hubspot', 'zendesk', 'intercom', 'billing', 'files']),
  );
});

test('what a tick writes is dated by the tick', () => {
  for (const { stored } of everything(world)) {
    if (before.has(stored)) continue;
    expect(stored.modifiedAt).toBeGreaterThanOrEqual(afterAnchor - 86_400_000);
    expect(stored.modifiedAt).toBeLessThanOrEqual(afterAnchor + 250 + TICKS * EVERY_MS);
    expect(stored.modifiedAt % 1000).toBe(0);
  }
});

test('spans still follow one another after thousands of ticks', () => {
  const open = new Map<string, number>();
  for (const { record } of world.billing.all('subscriptions')) {
    const span = record as Subscription;
    expect(span.mrr_cents).toBeGreaterThan(0);
    if (span.ended_on === null) open.set(span.subscription_no, (open.get(span.subscription_no) ?? 0) + 1);
    else expect(span.ended_on > span.started_on).toBe(true);
  }
  for (const count of open.values()) expect(count).toBe(1);
});

test('new days bring the spend of the days before', () => {
  const days = new Set([...world.files.all('spend.csv')].map((s) => s.record.day));
  expect(days.has('2026-11-23')).toBe(true);
});

test('a tick in the middle of the anchor day dates everything it writes at itself', () => {
  const company = build(0.02);
  const known = new Set([...everything(company)].map(({ stored }) => stored));
  const noon = afterAnchor - 12 * 3_600_000;
  for (let i = 0; i < 150; i++) {
    const at = noon + i * 60_000;
    company.tick(at);
    for (const { stored } of everything(company)) {
      if (known.has(stored)) continue;
      expect(stored.modifiedAt).toBe(at);
      known.add(stored);
    }
  }
});
