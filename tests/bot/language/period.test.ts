import { describe, expect, test } from 'vitest';
import { parseQuestion } from '../../../bot/language/parse-question.ts';
import type { CalendarSettings } from '../../../kpi/calendar.ts';
import { catalogue } from './catalogue.ts';

const now = new Date('2026-11-22T10:00:00Z'); // a Sunday; 23:00 in Auckland
const plain: CalendarSettings = { timeZone: 'UTC', weekStart: 'monday', fiscalYearStart: 'january' };
const kiwi: CalendarSettings = {
  timeZone: 'Pacific/Auckland',
  weekStart: 'sunday',
  fiscalYearStart: 'february',
};

const read = (phrase: string, calendar: CalendarSettings) => {
  const { from, to, label, complete } = parseQuestion(`bookings ${phrase}`, {
    kpis: catalogue,
    calendar,
    now,
  }).period;
  return `${from} ${to} ${complete ? 'complete' : 'running'} ${label}`;
};

/** phrase → first day, day after the last, how it is named */
const companyInLondon: readonly [string, string, string, string][] = [
  ['today', '2026-11-22', '2026-11-23', '22 November 2026 to date'],
  ['yesterday', '2026-11-21', '2026-11-22', '21 November 2026'],
  ['the day before yesterday', '2026-11-20', '2026-11-21', '20 November 2026'],
  ['3 days ago', '2026-11-19', '2026-11-20', '19 November 2026'],
  ['on 3 November', '2026-11-03', '2026-11-04', '3 November 2026'],
  ['on the 3rd of November', '2026-11-03', '2026-11-04', '3 November 2026'],
  ['Nov 3', '2026-11-03', '2026-11-04', '3 November 2026'],
  ['on November 3rd, 2025', '2025-11-03', '2025-11-04', '3 November 2025'],
  ['2026-11-03', '2026-11-03', '2026-11-04', '3 November 2026'],
  ['on 3 December', '2025-12-03', '2025-12-04', '3 December 2025'],
  ['on 29 February', '2024-02-29', '2024-03-01', '29 February 2024'],
  ['on the 15th', '2026-11-15', '2026-11-16', '15 November 2026'],
  ['last Monday', '2026-11-16', '2026-11-17', '16 November 2026'],
  ['last Sunday', '2026-11-15', '2026-11-16', '15 November 2026'],
  ['on Friday', '2026-11-20', '2026-11-21', '20 November 2026'],
  ['last 7 days', '2026-11-15', '2026-11-22', '15–21 Nov 2026'],
  ['past 90 days', '2026-08-24', '2026-11-22', '24 Aug – 21 Nov 2026'],
  ['rolling 30 days', '2026-10-23', '2026-11-22', '23 Oct – 21 Nov 2026'],
  ['L30D', '2026-10-23', '2026-11-22', '23 Oct – 21 Nov 2026'],
  ['this week', '2026-11-16', '2026-11-23', 'week 47 (16–22 Nov 2026) to date'],
  ['WTD', '2026-11-16', '2026-11-23', 'week 47 (16–22 Nov 2026) to date'],
  ['last week', '2026-11-09', '2026-11-16', 'week 46 (9–15 Nov 2026)'],
  ['last 4 weeks', '2026-10-19', '2026-11-16', '19 Oct – 15 Nov 2026'],
  ['week 45', '2026-11-02', '2026-11-09', 'week 45 (2–8 Nov 2026)'],
  ['week 53', '2020-12-28', '2021-01-04', 'week 53 (28 Dec 2020 – 3 Jan 2021)'],
  ['week 45 of 2025', '2025-11-03', '2025-11-10', 'week 45 (3–9 Nov 2025)'],
  ['the week of 4 November', '2026-11-02', '2026-11-09', 'week 45 (2–8 Nov 2026)'],
  ['this month', '2026-11-01', '2026-11-23', 'November 2026 to date'],
  ['month to date', '2026-11-01', '2026-11-23', 'November 2026 to date'],
  ['this month so far', '2026-11-01', '2026-11-23', 'November 2026 to date'],
  ['last month', '2026-10-01', '2026-11-01', 'October 2026'],
  ['the month before last', '2026-09-01', '2026-10-01', 'September 2026'],
  ['two months ago', '2026-09-01', '2026-10-01', 'September 2026'],
  ['last three months', '2026-08-01', '2026-11-01', 'August–October 2026'],
  ['trailing twelve months', '2025-11-01', '2026-11-01', 'November 2025 – October 2026'],
  ['TTM', '2025-11-01', '2026-11-01', 'November 2025 – October 2026'],
  ['October', '2026-10-01', '2026-11-01', 'October 2026'],
  ['November', '2026-11-01', '2026-11-23', 'November 2026 to date'],
  ['December', '2025-12-01', '2026-01-01', 'December 2025'],
  ['last November', '2025-11-01', '2025-12-01', 'November 2025'],
  ['last October', '2026-10-01', '2026-11-01', 'October 2026'],
  ['Oct 2025', '2025-10-01', '2025-11-01', 'October 2025'],
  ["Oct '25", '2025-10-01', '2025-11-01', 'October 2025'],
  ['in October of last year', '2025-10-01', '2025-11-01', 'October 2025'],
  ['2025-10', '2025-10-01', '2025-11-01', 'October 2025'],
  ['this quarter', '2026-10-01', '2026-11-23', 'Q4 2026 to date'],
  ['QTD', '2026-10-01', '2026-11-23', 'Q4 2026 to date'],
  ['Q4', '2026-10-01', '2026-11-23', 'Q4 2026 to date'],
  ['last quarter', '2026-07-01', '2026-10-01', 'Q3 2026'],
  ['the previous quarter', '2026-07-01', '2026-10-01', 'Q3 2026'],
  ['the last completed quarter', '2026-07-01', '2026-10-01', 'Q3 2026'],
  ['the quarter before last', '2026-04-01', '2026-07-01', 'Q2 2026'],
  ['last 4 quarters', '2025-10-01', '2026-10-01', 'Q4 2025 – Q3 2026'],
  ['Q3', '2026-07-01', '2026-10-01', 'Q3 2026'],
  ['Q3 2025', '2025-07-01', '2025-10-01', 'Q3 2025'],
  ['2025-Q3', '2025-07-01', '2025-10-01', 'Q3 2025'],
  ['3Q25', '2025-07-01', '2025-10-01', 'Q3 2025'],
  ['the third quarter of last year', '2025-07-01', '2025-10-01', 'Q3 2025'],
  ["last year's Q3", '2025-07-01', '2025-10-01', 'Q3 2025'],
  ['same quarter last year', '2025-10-01', '2026-01-01', 'Q4 2025'],
  ['H1', '2026-01-01', '2026-07-01', 'H1 2026'],
  ['H2 2025', '2025-07-01', '2026-01-01', 'H2 2025'],
  ['in the first half of 2025', '2025-01-01', '2025-07-01', 'H1 2025'],
  ['last half', '2026-01-01', '2026-07-01', 'H1 2026'],
  ['this year', '2026-01-01', '2026-11-23', '2026 to date'],
  ['YTD', '2026-01-01', '2026-11-23', '2026 to date'],
  ['last year', '2025-01-01', '2026-01-01', '2025'],
  ['in 2024', '2024-01-01', '2025-01-01', '2024'],
  ['past 2 years', '2024-01-01', '2026-01-01', '2024–2025'],
  ['FY25', '2025-01-01', '2026-01-01', 'FY2025'],
  ['FY2025 Q2', '2025-04-01', '2025-07-01', 'FY2025 Q2'],
  ['last fiscal quarter', '2026-07-01', '2026-10-01', 'FY2026 Q3'],
  ['from 1 Oct to 15 Oct', '2026-10-01', '2026-10-16', '1–15 Oct 2026'],
  ['1–15 October', '2026-10-01', '2026-10-16', '1–15 Oct 2026'],
  ['Oct 1-15, 2025', '2025-10-01', '2025-10-16', '1–15 Oct 2025'],
  ['from 1 to 30 November', '2026-11-01', '2026-11-23', 'November 2026 to date'],
  ['from 2026-10-05 until 2026-10-09', '2026-10-05', '2026-10-10', '5–9 Oct 2026'],
  ['between January and March', '2026-01-01', '2026-04-01', 'January–March 2026'],
  ['between November and January', '2025-11-01', '2026-02-01', 'November 2025 – January 2026'],
  ['Jan–Mar 2026', '2026-01-01', '2026-04-01', 'January–March 2026'],
  ['from October 2025 to March', '2025-10-01', '2026-04-01', 'October 2025 – March 2026'],
  ['Q1–Q3', '2026-01-01', '2026-10-01', 'Q1–Q3 2026'],
  ['2023-2025', '2023-01-01', '2026-01-01', '2023–2025'],
  ['since March', '2026-03-01', '2026-11-23', 'March–November 2026 to date'],
  ['since 1 September', '2026-09-01', '2026-11-23', '1 Sep – 22 Nov 2026 to date'],
  ['since Monday', '2026-11-16', '2026-11-23', '16–22 Nov 2026 to date'],
  ['since the beginning of the year', '2026-01-01', '2026-11-23', '2026 to date'],
  ['from March onwards', '2026-03-01', '2026-11-23', 'March–November 2026 to date'],
];

const companyInAuckland: readonly [string, string, string, string][] = [
  ['today', '2026-11-22', '2026-11-23', '22 November 2026 to date'],
  ['yesterday', '2026-11-21', '2026-11-22', '21 November 2026'],
  ['this week', '2026-11-22', '2026-11-23', 'week 48 (22 November 2026) to date'],
  ['last week', '2026-11-15', '2026-11-22', 'week 47 (15–21 Nov 2026)'],
  ['last 4 weeks', '2026-10-25', '2026-11-22', '25 Oct – 21 Nov 2026'],
  ['week 45', '2026-11-01', '2026-11-08', 'week 45 (1–7 Nov 2026)'],
  ['week 1', '2025-12-28', '2026-01-04', 'week 1 (28 Dec 2025 – 3 Jan 2026)'],
  ['last quarter', '2026-07-01', '2026-10-01', 'Q3 2026'],
  ['Q3', '2026-07-01', '2026-10-01', 'Q3 2026'],
  ['YTD', '2026-01-01', '2026-11-23', '2026 to date'],
  ['this fiscal year', '2026-02-01', '2026-11-23', 'FY2027 to date'],
  ['fiscal year to date', '2026-02-01', '2026-11-23', 'FY2027 to date'],
  ['FYTD', '2026-02-01', '2026-11-23', 'FY2027 to date'],
  ['last fiscal year', '2025-02-01', '2026-02-01', 'FY2026'],
  ['FY25', '2024-02-01', '2025-02-01', 'FY2025'],
  ['fiscal year 2026', '2025-02-01', '2026-02-01', 'FY2026'],
  ['this fiscal quarter', '2026-11-01', '2026-11-23', 'FY2027 Q4 to date'],
  ['last fiscal quarter', '2026-08-01', '2026-11-01', 'FY2027 Q3'],
  ['FY2025 Q2', '2024-05-01', '2024-08-01', 'FY2025 Q2'],
  ['Q3 FY25', '2024-08-01', '2024-11-01', 'FY2025 Q3'],
  ['fiscal Q3', '2026-08-01', '2026-11-01', 'FY2027 Q3'],
  ['FY26 H1', '2025-02-01', '2025-08-01', 'FY2026 H1'],
  ['since the start of the fiscal year', '2026-02-01', '2026-11-23', 'FY2027 to date'],
  ['last 2 fiscal years', '2024-02-01', '2026-02-01', 'FY2025–FY2026'],
];

const expected = ([, from, to, label]: readonly [string, string, string, string]) =>
  `${from} ${to} ${to > '2026-11-22' ? 'running' : 'complete'} ${label}`;

describe('periods of a company in London: weeks from Monday, fiscal year from January', () => {
  test.each(companyInLondon)('%s', (...row) => expect(read(row[0], plain)).toBe(expected(row)));
});

describe('periods of a company in Auckland: weeks from Sunday, fiscal year from February', () => {
  test.each(companyInAuckland)('%s', (...row) => expect(read(row[0], kiwi)).toBe(expected(row)));
  test('an hour later it is Monday there, and the days move on', () => {
    const later = { kpis: catalogue, calendar: kiwi, now: new Date('2026-11-22T11:00:00Z') };
    expect(parseQuestion('bookings yesterday', later).period.from).toBe('2026-11-22');
  });
});

describe('periods that cannot be answered', () => {
  const refuse = (phrase: string) => {
    try {
      return read(phrase, plain);
    } catch (thrown) {
      return (thrown as Error).message;
    }
  };
  test.each([
    ['next quarter', /future/],
    ['Q1 2027', /future/],
    ['tomorrow', /future/],
    ['11/3/2026', /two different days/],
    ['2026-02-30', /no day/],
    ['on 31 June', /no day/],
    ['2026-13', /no month/],
    ['week 54', /no week/],
    ['until October', /no beginning/],
    ['Q2 Q3', /two periods/],
    ['last 0 days', /look back/],
    ['last year to date', /“to” and “date”/],
  ])('%s', (phrase, message) => expect(refuse(phrase)).toMatch(message));
});
