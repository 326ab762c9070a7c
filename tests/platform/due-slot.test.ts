import { expect, test } from 'vitest';
import { dueSlot, nextSlot } from '../../platform/due-slot.ts';

const at = (iso: string) => new Date(iso);
const due = (cron: string, zone: string, last: string, now: string) =>
  dueSlot(cron, zone, at(last), at(now))?.toISOString() ?? null;

test('a slot is due from its own second on, and not before', () => {
  const last = '2026-11-16T08:00:00Z';
  expect(due('0 8 * * 1', 'UTC', last, '2026-11-23T07:59:59.999Z')).toBeNull();
  expect(due('0 8 * * 1', 'UTC', last, '2026-11-23T08:00:00.000Z')).toBe('2026-11-23T08:00:00.000Z');
});

test('a slot that was taken is not due again', () => {
  expect(due('0 8 * * 1', 'UTC', '2026-11-23T08:00:00Z', '2026-11-23T08:00:00.500Z')).toBeNull();
});

test('of several missed slots the latest is due', () => {
  expect(due('0 8 * * *', 'UTC', '2026-11-16T08:00:00Z', '2026-11-20T11:00:00Z')).toBe(
    '2026-11-20T08:00:00.000Z',
  );
});

test('08:00 stays 08:00 on the wall when clocks go back', () => {
  expect(due('0 8 * * 1', 'Europe/Berlin', '2026-10-19T06:00:00Z', '2026-10-26T07:00:00Z')).toBe(
    '2026-10-26T07:00:00.000Z',
  );
  expect(due('0 8 * * 1', 'Europe/Berlin', '2026-10-19T06:00:00Z', '2026-10-26T06:30:00Z')).toBeNull();
});

test('an hour that comes twice counts once', () => {
  const first = due('30 2 * * *', 'Europe/Berlin', '2026-10-24T00:30:00Z', '2026-10-25T00:30:00Z');
  expect(first).toBe('2026-10-25T00:30:00.000Z');
  expect(due('30 2 * * *', 'Europe/Berlin', first!, '2026-10-25T01:45:00Z')).toBeNull();
});

test('an hour that is skipped is caught up just after the gap', () => {
  expect(due('30 2 * * *', 'Europe/Berlin', '2026-03-28T01:30:00Z', '2026-03-29T01:00:00Z')).toBe(
    '2026-03-29T01:00:00.000Z',
  );
  expect(due('15 2 * * *', 'Australia/Lord_Howe', '2026-10-02T15:45:00Z', '2026-10-03T16:00:00Z')).toBe(
    '2026-10-03T15:30:00.000Z',
  );
});

test('a clock that went back makes nothing due', () => {
  expect(due('* * * * *', 'UTC', '2026-11-23T08:00:00Z', '2026-11-23T07:00:00Z')).toBeNull();
});

test('an unreadable expression is a fault of the configuration that says how to write one', () => {
  expect(() => nextSlot('every monday', 'UTC', at('2026-11-23T08:00:00Z'))).toThrow(
    /is no schedule.*0 8 \* \* 1/,
  );
});
