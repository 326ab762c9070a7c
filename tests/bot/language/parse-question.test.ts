import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseQuestion, type World } from '../../../bot/language/parse-question.ts';
import { offset } from '../../../kpi/calendar.ts';
import type { Dimension, Question } from '../../../kpi/question.ts';
import { HeraldError } from '../../../platform/errors.ts';
import { catalogue } from './catalogue.ts';

const world: World = {
  kpis: catalogue,
  calendar: { timeZone: 'UTC', weekStart: 'monday', fiscalYearStart: 'january' },
  now: new Date('2026-11-22T10:00:00Z'),
};
const values: ReadonlyMap<string, Dimension> = new Map<string, Dimension>([
  ['emea', 'region'],
  ['north america', 'region'],
  ['mid-market', 'segment'],
  ['maria garcía', 'owner'],
  ['email', 'channel'],
  ['pro', 'plan'],
]);
const full: World = { ...world, values };

const ask = (text: string, in_: World = world): Question => parseQuestion(text, in_);
const refusal = (text: string, in_: World = world): HeraldError => {
  try {
    parseQuestion(text, in_);
  } catch (thrown) {
    if (thrown instanceof HeraldError) return thrown;
    throw thrown;
  }
  throw new Error(`understood: ${text}`);
};

describe('readings', () => {
  test.each([
    ['what was our churn last quarter?', 'Churn · Q3 2026 · compared with Q2 2026'],
    [
      'how many tickets did we get yesterday',
      'Tickets created · 21 November 2026 · compared with 20 November 2026',
    ],
    [
      'win rate by region this year vs last',
      'Win rate · 2026 to date · compared with 1 Jan – 22 Nov 2025 · by region',
    ],
    ['top 5 reps by bookings in Q3', 'Bookings · Q3 2026 · compared with Q2 2026 · top 5 by rep'],
    ['MRR', 'MRR · November 2026 to date · compared with 1–22 Oct 2026'],
    [
      'show me NRR for enterprise',
      'Net revenue retention · Q3 2026 · compared with Q2 2026 · segment Enterprise',
    ],
    [
      'churn in EMEA last quarter by segment',
      'Churn · Q3 2026 · compared with Q2 2026 · by segment · region EMEA',
    ],
    [
      'last quarter by segment, EMEA churn',
      'Churn · Q3 2026 · compared with Q2 2026 · by segment · region EMEA',
    ],
    [
      'compare bookings this month with last month',
      'Bookings · November 2026 to date · compared with 1–22 Oct 2026',
    ],
    ['compare churn Q2 and Q3', 'Churn · Q2 2026 · compared with Q3 2026'],
    ['best 3 regions by churn', 'Churn · Q3 2026 · compared with Q2 2026 · bottom 3 by region'],
    [
      'bottom three regions by win rate ytd',
      'Win rate · 2026 to date · compared with 1 Jan – 22 Nov 2025 · bottom 3 by region',
    ],
    ['which region has the highest churn', 'Churn · Q3 2026 · compared with Q2 2026 · top 5 by region'],
    [
      'median first response for urgent tickets last week',
      'Median first response · week 46 (9–15 Nov 2026) · compared with week 45 (2–8 Nov 2026) · priority urgent',
    ],
    ['mql to customer by lead source in Q3', 'MQL to customer · Q3 2026 · compared with Q2 2026 · by source'],
    [
      'mrr as of October 15',
      'MRR · 1–15 Oct 2026 · compared with 1–15 Sep 2026 · as known on 15 October 2026',
    ],
    [
      'bookings EMEA and APAC in October, SMB',
      'Bookings · October 2026 · compared with September 2026 · region EMEA or APAC · segment SMB',
    ],
    ['monthly recurring revenue in October without comparison', 'MRR · October 2026'],
  ])('%s', (text, reading) => expect(ask(text).reading).toBe(reading));
});

describe('comparisons', () => {
  test.each<[string, 'previous' | 'last_year' | 'custom', string]>([
    ['bookings Q3 vs last year', 'last_year', 'Q3 2025'],
    ['bookings Q3 yoy', 'last_year', 'Q3 2025'],
    ['bookings Q3 vs same quarter last year', 'last_year', 'Q3 2025'],
    ['bookings Q3 2026 vs Q3 2025', 'last_year', 'Q3 2025'],
    ['bookings Q4 vs Q4 2025', 'last_year', '1 Oct – 22 Nov 2025'],
    ['bookings 2026 vs 2025', 'last_year', '1 Jan – 22 Nov 2025'],
    ['bookings Q3 vs Q2', 'previous', 'Q2 2026'],
    ['bookings Q3 qoq', 'previous', 'Q2 2026'],
    ['bookings Q4 vs Q3', 'previous', '1 Jul – 22 Aug 2026'],
    ['bookings this week vs last', 'previous', 'week 46 (9–15 Nov 2026)'],
    ['bookings Q1 versus the previous quarter', 'previous', 'Q4 2025'],
    ['bookings October month over month', 'previous', 'September 2026'],
    ['bookings yesterday vs the day before', 'previous', '20 November 2026'],
    ['bookings yesterday vs same day last week', 'custom', '14 November 2026'],
    ['bookings Q3 compared with Q1', 'custom', 'Q1 2026'],
    ['bookings last 12 months vs the prior 12 months', 'previous', 'November 2024 – October 2025'],
    ['bookings YTD vs YTD last year', 'last_year', '1 Jan – 22 Nov 2025'],
    ['bookings this fiscal quarter vs same quarter last fiscal year', 'last_year', '1 Oct – 22 Nov 2025'],
    ['bookings October against October 2024', 'custom', 'October 2024'],
  ])('%s', (text, kind, label) => {
    const { comparison } = ask(text);
    expect([comparison?.kind, comparison?.period.label]).toEqual([kind, label]);
  });
  test('"vs last quarter" alone asks about the quarter that is running', () => {
    expect(ask('bookings vs last quarter').period.label).toBe('Q4 2026 to date');
  });
  test('a period is not compared with itself', () => {
    expect(refusal('bookings Q3 vs Q3').message).toMatch(/compared with itself/);
  });
});

describe('filters', () => {
  test.each<[string, string, Dimension, string[]]>([
    ['region=EMEA', 'an equals sign', 'region', ['EMEA']],
    ['region: north america', 'two words', 'region', ['north america']],
    ['segment SMB', 'the dimension before', 'segment', ['SMB']],
    ['for the enterprise segment', 'the dimension behind', 'segment', ['Enterprise']],
    ['mid-market', 'a hyphen', 'segment', ['Mid-Market']],
    ['mid market', 'no hyphen', 'segment', ['Mid-Market']],
    ['for Maria García', 'a person', 'owner', ['maria garcía']],
    ['emea or north america', 'two of one kind', 'region', ['EMEA', 'north america']],
  ])('%s (%s)', (text, _, dimension, expected) => {
    expect(ask(`bookings ${text}`, full).filters).toEqual([{ dimension, values: expected }]);
  });
  test('an unknown value is refused, with the near ones', () => {
    const { message, suggestions } = refusal('bookings region=mars last quarter', full);
    expect(message).toBe('There is no region called “mars”.');
    expect(suggestions).toContain('bookings region = EMEA last quarter');
  });
  test('a KPI without the dimension says what it has', () => {
    expect(refusal('churn for urgent').message).toBe(
      'Churn cannot be narrowed to the priority urgent. Possible: region, segment or plan.',
    );
  });
});

describe('as of', () => {
  test('the question is read as if asked on that day', () => {
    const question = ask('churn last quarter as of 3 July');
    expect([question.period.label, question.asOf]).toEqual(['Q2 2026', '2026-07-04T00:00:00.000Z']);
  });
  test('the day ends in the company’s time zone', () => {
    const calendar = { ...world.calendar, timeZone: 'Pacific/Auckland' };
    expect(ask('mrr as of 2026-10-15', { ...world, calendar }).asOf).toBe('2026-10-15T11:00:00.000Z');
  });
  test('as of today is now', () => expect(ask('mrr as of today').asOf).toBeNull());
});

describe('repairs', () => {
  test('misspelt words are mended and told', () => {
    const { reading, repairs } = ask('chrun lsat quater by regoin');
    expect(reading).toBe('Churn · Q3 2026 · compared with Q2 2026 · by region');
    expect(repairs).toEqual([
      { from: 'chrun', to: 'churn' },
      { from: 'lsat', to: 'last' },
      { from: 'quater', to: 'quarter' },
      { from: 'regoin', to: 'region' },
    ]);
  });
  test('one letter from two KPIs is asked back, not guessed', () => {
    const { message, suggestions } = refusal('arr last quarter');
    expect(message).toContain('“arr”');
    expect(suggestions).toEqual(expect.arrayContaining(['mrr last quarter', 'nrr last quarter']));
  });
  test('a question without typos has no repairs', () =>
    expect(ask('churn last quarter').repairs).toEqual([]));
});

describe('refusals', () => {
  test.each([
    ['an unknown word', 'bookings excluding EMEA', /“excluding”/],
    ['a negation', 'bookings not in EMEA', /“not”/],
    ['a condition', 'bookings > 50k', /“>” and “50k”/],
    ['two KPIs', 'churn and nrr', /two KPIs/],
    ['a breakdown by time', 'churn by month', /over time/],
    ['a breakdown that is none', 'churn by colour', /“colour”/],
    ['a breakdown the KPI lacks', 'churn by rep', /Possible: region, segment or plan/],
    ['two breakdowns', 'bookings by region and segment', /one thing at a time/],
    ['top of nothing', 'top 5 bookings', /Top of what\?/],
    ['too many parts', 'top 500 reps by bookings', /1 to 50/],
    ['no KPI', 'last quarter by region', /Which KPI/],
    ['nothing', '   ', /Ask for a KPI/],
    ['an emoji', '🎉', /Ask for a KPI/],
    ['a property of every object', '__proto__', /__proto__/],
    ['the other one', 'constructor last quarter', /constructor/],
    ['a book', 'churn '.repeat(2000), /12000 characters/],
    ['a list', 'a b '.repeat(50), /more than one question/],
  ])('%s', (_, text, message) => {
    const error = refusal(text);
    expect(error.kind).toBe('ask');
    expect(error.message).toMatch(message);
    expect(error.suggestions.length).toBeGreaterThan(0);
  });
  test('invisible and control characters do not hide a word', () => {
    expect(ask('ch\u200burn\u202e last\u0000quarter').reading).toBe(
      'Churn · Q3 2026 · compared with Q2 2026',
    );
  });
});

describe('any text', () => {
  const pieces = fc.constantFrom(
    ...catalogue.map(({ name }) => name.replaceAll('_', ' ')),
    ..."last this previous next Q3 Q4 2025 FY26 H1 quarter month year week days 3 12 october december yesterday since from to between and until vs compare by region segment reps top 5 EMEA SMB urgent = - , as of last-year yoy half fiscal the ago before same monday 15th 2026-10-15 week-45 '25".split(
      ' ',
    ),
  );
  const questions = fc.array(pieces, { minLength: 1, maxLength: 14 }).map((words) => words.join(' '));

  test('is read or refused with suggestions that work, and a period is never empty', () => {
    fc.assert(
      fc.property(questions, (text) => {
        let question: Question;
        try {
          question = ask(text);
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(HeraldError);
          const { kind, suggestions } = thrown as HeraldError;
          expect(kind).toBe('ask');
          for (const suggestion of suggestions) ask(suggestion);
          return;
        }
        const { period, comparison } = question;
        expect(period.from < period.to && period.from <= '2026-11-22' && period.to <= '2026-11-23').toBe(
          true,
        );
        if (period.complete) expect(offset(period.from, period.unit, period.count)).toBe(period.to);
        if (comparison) expect(comparison.period.from < comparison.period.to).toBe(true);
      }),
      { numRuns: 800 },
    );
  });
  test('of any letters never crashes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 500 }), (text) => {
        try {
          ask(text, full);
        } catch (thrown) {
          expect((thrown as HeraldError).kind).toBe('ask');
        }
      }),
      { numRuns: 300 },
    );
  });
  test('says the same twice', () => {
    expect(ask('top 3 reps by bookings ytd')).toEqual(ask('top 3 reps by bookings ytd'));
  });
});
