import { describe, expect, test } from 'vitest';
import { askedTable } from '../../../bot/commands/asked-table.ts';
import { parseQuestion } from '../../../bot/language/parse-question.ts';
import { builtIn } from '../../../kpi/catalogue.ts';

const now = new Date('2026-11-22T10:00:00Z');
const calendar = { timeZone: 'UTC', weekStart: 'monday', fiscalYearStart: 'january' } as const;
const grammar = {
  catalogue: builtIn,
  parse: (text: string) => parseQuestion(text, { kpis: builtIn.kpis, calendar, now }),
};

describe('a funnel of deals', () => {
  test.each([
    ['deal funnel', 'Deal funnel · entered in Q3 2026 · within 180 days'],
    ['Sales funnel last quarter?', 'Deal funnel · entered in Q3 2026 · within 180 days'],
    ['show me the deal stage funnel this year', 'Deal funnel · entered in 2026 to date · within 180 days'],
    ['stage funnel for Q2 by owner', 'Deal funnel · entered in Q2 2026 · within 180 days · by rep'],
    ['pipeline funnel last quarter within 60 days', 'Deal funnel · entered in Q3 2026 · within 60 days'],
    ['conversion by stage last quarter', 'Deal funnel · entered in Q3 2026 · within 180 days'],
    ['stage conversion by stage last quarter', 'Deal funnel · entered in Q3 2026 · within 180 days'],
    ['funnel of deals last quarter', 'Deal funnel · entered in Q3 2026 · within 180 days'],
  ])('is asked for as "%s"', (text, reading) => {
    expect(askedTable(text, grammar)).toMatchObject({ kind: 'funnel', of: { who: 'deals' }, reading });
  });

  test('is not the number of that name', () => {
    expect(askedTable('stage conversion last quarter', grammar)).toBeNull();
  });

  test('of the past as it was known is refused', () => {
    expect(() => askedTable('deal funnel last quarter as of 1 November', grammar)).toThrow('as they are now');
  });

  test('is not the one of people', () => {
    expect(askedTable('marketing funnel last quarter', grammar)).toMatchObject({ of: { who: 'people' } });
  });
});
