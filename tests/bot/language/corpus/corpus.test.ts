import { describe, expect, test } from 'vitest';
import { parseQuestion } from '../../../../bot/language/parse-question.ts';
import type { CalendarSettings } from '../../../../kpi/calendar.ts';
import { HeraldError } from '../../../../platform/errors.ts';
import { catalogue } from '../catalogue.ts';
import { ordinaryDay } from './ordinary-day.ts';
import { otherDays } from './other-days.ts';
import { refused } from './refused.ts';

const plain: CalendarSettings = { timeZone: 'UTC', weekStart: 'monday', fiscalYearStart: 'january' };
const world = (calendar = plain, now = '2026-11-22T10:00:00Z') => ({
  kpis: catalogue,
  calendar,
  now: new Date(now),
});
const days = (text: string, where = world()) => {
  const { period, repairs } = parseQuestion(text, where);
  return [period.from, period.to, ...repairs.map(({ from }) => from)];
};

describe('phrases on an ordinary day', () => {
  test.each(ordinaryDay)('%s', (phrase, from, to) => expect(days(`bookings ${phrase}`)).toEqual([from, to]));
});

describe.each(otherDays)('phrases $name', ({ calendar, now, phrases }) => {
  test.each(phrases)('%s', (phrase, from, to) =>
    expect(days(`bookings ${phrase}`, world(calendar, now))).toEqual([from, to]),
  );
});

describe('phrases that are asked back', () => {
  test.each(refused)('%s', (phrase) => {
    let told: HeraldError | null = null;
    try {
      parseQuestion(`bookings ${phrase}`, world());
    } catch (thrown) {
      told = thrown instanceof HeraldError ? thrown : null;
    }
    expect(told?.kind).toBe('ask');
    expect(told?.suggestions.length).toBeGreaterThan(0);
    for (const suggestion of told?.suggestions ?? []) parseQuestion(suggestion, world());
  });
});

describe('the same question as people type it', () => {
  const q3 = ['2026-07-01', '2026-10-01'];
  test.each([
    "hey, what's our churn been like for the last quarter please?",
    'Hey Herald!! what’s our CHURN been like for the LAST QUARTER please??? 🙏',
    '“churn” last quarter',
    'churn – last quarter…',
    'churn (last quarter)',
    'Churn: last quarter.',
    '📉 churn, Q3 2026!',
    'could you please show me the churn for Q3',
    'last quarter: churn?',
    'CHURN FOR THE THIRD QUARTER',
  ])('%s', (text) => expect(days(text)).toEqual(q3));
  test.each([
    ['bookings quatrer to date', '2026-10-01', 'quatrer'],
    ['bookings lastt month', '2026-10-01', 'lastt'],
    ['bookings octobr', '2026-10-01', 'octobr'],
    ['bookings septmber 2025', '2025-09-01', 'septmber'],
    ['bookings yestarday', '2026-11-21', 'yestarday'],
    ['bookings last quartr', '2026-07-01', 'quartr'],
  ])('%s, with its slip told', (text, from, slip) => {
    const [start, , ...slips] = days(text);
    expect([start, slips]).toEqual([from, [slip]]);
  });
});

describe('questions about the target', () => {
  const aim = (text: string) => {
    const { kpi, period, aim: asked } = parseQuestion(text, world());
    return [kpi, period.from, asked ?? false];
  };
  test.each([
    'are we on track for bookings this quarter',
    'are we on track with bookings this quarter?',
    'bookings vs target this quarter',
    'bookings vs. plan this quarter',
    'bookings against budget Q4',
    'how are bookings tracking against plan this quarter',
    'how are bookings pacing to plan this quarter',
    'bookings attainment this quarter',
    'will we hit our bookings target this quarter',
    'are we going to make our bookings goal this quarter?',
    'is bookings ahead of plan this quarter',
    'how do bookings compare to target this quarter',
  ])('%s', (text) => expect(aim(text)).toEqual(['bookings', '2026-10-01', true]));
  test('a question without such words does not ask for it', () =>
    expect(aim('bookings this quarter')).toEqual(['bookings', '2026-10-01', false]));
  test('"by plan" is a breakdown, not a target', () => {
    const { by, aim: asked } = parseQuestion('mrr by plan', world());
    expect([by, asked]).toEqual(['plan', undefined]);
  });
  test('the reading tells it', () =>
    expect(parseQuestion('bookings vs target in Q3', world()).reading).toBe(
      'Bookings · Q3 2026 · compared with Q2 2026 · against its target',
    ));
});
