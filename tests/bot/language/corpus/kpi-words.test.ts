import { describe, expect, test } from 'vitest';
import { parseQuestion } from '../../../../bot/language/parse-question.ts';
import { builtIn } from '../../../../kpi/catalogue.ts';
import { HeraldError } from '../../../../platform/errors.ts';
import { askedBack, kpiWords } from './kpi-words.ts';

const world = {
  kpis: builtIn.kpis,
  calendar: { timeZone: 'UTC', weekStart: 'monday', fiscalYearStart: 'january' },
  now: new Date('2026-11-22T10:00:00Z'),
} as const;
const refusal = (text: string): HeraldError | null => {
  try {
    parseQuestion(text, world);
    return null;
  } catch (thrown) {
    if (thrown instanceof HeraldError) return thrown;
    throw thrown;
  }
};

describe('what executives say', () => {
  test.each(kpiWords)('"%s" means %s, without a repair', (phrase, kpi) => {
    for (const text of [phrase, `what was our ${phrase} last quarter?`])
      expect(parseQuestion(text, world)).toMatchObject({ kpi, repairs: [] });
  });
});

describe('what no KPI is called', () => {
  test.each(askedBack)('"%s" is asked back with KPIs that are there', (phrase) => {
    const error = refusal(phrase)!;
    expect(error.kind).toBe('ask');
    expect(error.suggestions.length).toBeGreaterThan(0);
    for (const suggestion of error.suggestions) expect(refusal(suggestion)).toBeNull();
  });

  test('is said to be missing, with the reason', () => {
    expect(refusal('burn rate last quarter')!.message).toBe(
      'Herald has no KPI called “burn rate”. It needs all of a company’s cost; read are the cost of sales, and what sales and marketing spend.',
    );
    expect(refusal('retention rate')!.suggestions).toEqual([
      'customer retention',
      'net revenue retention',
      'gross revenue retention',
    ]);
  });

  test('is not claimed of a KPI that the company has defined by that name', () => {
    const burn = { ...builtIn.kpiByName.get('marketing_spend')!, name: 'burn', title: 'Burn', synonyms: [] };
    expect(parseQuestion('burn last quarter', { ...world, kpis: [...builtIn.kpis, burn] }).kpi).toBe('burn');
  });
});
