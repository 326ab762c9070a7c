import { describe, expect, test } from 'vitest';
import type { Answerer } from '../../../bot/commands/answer-text.ts';
import { askedRelation } from '../../../bot/commands/relation.ts';
import { askedRestate } from '../../../bot/commands/restate.ts';
import { parseQuestion } from '../../../bot/language/parse-question.ts';
import type { CalendarSettings } from '../../../kpi/calendar.ts';
import { builtIn } from '../../../kpi/catalogue.ts';

const calendar: CalendarSettings = {
  timeZone: 'America/New_York',
  weekStart: 'monday',
  fiscalYearStart: 'january',
};
/** A Sunday. */
const now = new Date('2026-11-22T15:00:00Z');
const nobody = () => {
  throw new Error('not asked here');
};
const answerer: Answerer = {
  catalogue: builtIn,
  parse: (text) => parseQuestion(text, { kpis: builtIn.kpis, calendar, now }),
  vary: nobody,
  answer: nobody,
};
const relation = (text: string) => askedRelation(text, answerer);

describe('two KPIs over time', () => {
  test.each([
    ['does tickets created lead churn', 'tickets_created', 'churn'],
    ['Does support load lead churn?', 'tickets_created', 'churn'],
    ['relate tickets created and churn', 'tickets_created', 'churn'],
    ['correlate csat with nrr', 'csat', 'nrr'],
    ['correlation between tickets created and churn', 'tickets_created', 'churn'],
    ['lead and lag between tickets created and churn', 'tickets_created', 'churn'],
    ['tickets created vs churn', 'tickets_created', 'churn'],
    ['tickets created against churn', 'tickets_created', 'churn'],
    ['do new leads lead pipeline created', 'new_leads', 'pipeline_created'],
    ['does marketing spend lead new leads', 'marketing_spend', 'new_leads'],
    ['is csat related to churn', 'csat', 'churn'],
    ['churn vs churn', 'churn', 'churn'],
  ])('%s', (text, first, second) => {
    expect(relation(text)).toMatchObject({ kind: 'lag', first, second, window: null, filters: [] });
  });

  test('a period that is named, and filters of either side, hold for both', () => {
    expect(relation('tickets created vs bookings segment SMB last 12 months')).toMatchObject({
      window: { from: '2025-11-01', to: '2026-11-01' },
      filters: [{ dimension: 'segment', values: ['SMB'] }],
    });
  });

  test.each([
    'churn vs last quarter',
    'bookings vs target',
    'win rate by region this year vs last',
    'churn',
    'is churn up',
  ])('is not what "%s" asks', (text) => {
    expect(relation(text)).toBeNull();
  });

  test('has no breakdown', () => {
    expect(() => relation('does csat lead churn by segment')).toThrow('without a breakdown');
  });
});

describe('retention by what another system knows', () => {
  test.each([
    ['retention against ticket load', 'ticket_load'],
    ['retention against ticket load last quarter', 'ticket_load'],
    ['churn by ticket load', 'ticket_load'],
    ['churn by support load last quarter', 'ticket_load'],
    ['nrr vs ticket load', 'ticket_load'],
    ['relate ticket load and retention', 'ticket_load'],
    ['churn by campaign', 'campaign'],
    ['churn by campaign of origin last quarter', 'campaign'],
    ['retention by first campaign', 'campaign'],
  ])('%s', (text, by) => {
    expect(relation(text)).toMatchObject({ kind: 'retention', by });
  });

  test('reads the period and the filters around it', () => {
    expect(relation('churn by campaign of origin last quarter segment SMB')).toMatchObject({
      period: { from: '2026-07-01', to: '2026-10-01' },
      filters: [{ dimension: 'segment', values: ['SMB'] }],
    });
    expect(relation('retention against ticket load in Q2 2026')).toMatchObject({
      period: { label: 'Q2 2026' },
    });
  });

  test.each(['churn by source last quarter', 'retention', 'campaign responses', 'tickets per customer'])(
    'is not what "%s" asks',
    (text) => {
      expect(relation(text)).toBeNull();
    },
  );
});

describe('what changed', () => {
  const restated = (text: string) => askedRestate(text, answerer, calendar);

  test.each([
    ['what changed in churn since Monday', 'churn', '2026-11-16T05:00:00.000Z'],
    ['restate bookings last quarter since 1 November', 'bookings', '2026-11-01T04:00:00.000Z'],
    ['What has changed in churn last quarter since 2026-10-15?', 'churn', '2026-10-15T04:00:00.000Z'],
  ])('%s', (text, kpi, at) => {
    const found = restated(text);
    expect(found).toMatchObject({ question: { kpi, asOf: null }, since: { kind: 'instant' } });
    expect(found!.since.kind === 'instant' && found!.since.at.toISOString()).toBe(at);
  });

  test('the period is read as of now, not as of then', () => {
    expect(restated('restate bookings last quarter since 3 July')!.question.period.label).toBe('Q3 2026');
  });

  test.each([
    'why is Q3 churn different from last week’s digest',
    "why is Q3 churn different from last week's digest?",
    'what changed in Q3 churn since the last digest',
  ])('"%s" is set against the last digest', (text) => {
    expect(restated(text)).toMatchObject({
      question: { kpi: 'churn', period: { label: 'Q3 2026' } },
      since: { kind: 'digest' },
    });
  });

  test('since when has to be said', () => {
    expect(() => restated('what changed in churn')).toThrow('Since when?');
    expect(() => restated('what changed in churn since today')).toThrow('not over yet');
  });

  test.each(['why did churn change last quarter', 'churn', 'what is churn'])(
    'is not what "%s" asks',
    (text) => {
      expect(restated(text)).toBeNull();
    },
  );
});

test('the channel that deals came by is their source; tickets have a channel of their own', () => {
  expect(answerer.parse('pipeline velocity by channel')).toMatchObject({
    kpi: 'sales_velocity',
    by: 'source',
  });
  expect(answerer.parse('tickets created by channel')).toMatchObject({ by: 'channel' });
});
