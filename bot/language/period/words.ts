import { months, weekdays } from '../../../kpi/calendar.ts';
import type { Grain } from '../../../kpi/question.ts';

/** "oct" and "october" → 1–12. */
export const monthNumbers: ReadonlyMap<string, number> = new Map([
  ...months.flatMap((name, i) => [[name, i + 1] as const, [name.slice(0, 3), i + 1] as const]),
  ['sept', 9],
]);

/** "mon" and "monday" → 0 (Sunday) to 6. */
export const weekdayNumbers: ReadonlyMap<string, number> = new Map([
  ...weekdays.flatMap((name, i) => [[name, i] as const, [name.slice(0, 3), i] as const]),
  ['tues', 2],
  ['thur', 4],
  ['thurs', 4],
]);

/** Units people say. A half is two quarters, a fortnight two weeks; `fy` is a fiscal year. */
export type UnitWord = { unit: Grain; each: number; fiscal?: true };
export const unitWords: ReadonlyMap<string, UnitWord> = new Map<string, UnitWord>([
  ...many('day d days', { unit: 'day', each: 1 }),
  ...many('week w wk wks weeks', { unit: 'week', each: 1 }),
  ...many('fortnight fortnights', { unit: 'week', each: 2 }),
  ...many('month m mo mos mth months', { unit: 'month', each: 1 }),
  ...many('quarter q qtr qtrs quarters', { unit: 'quarter', each: 1 }),
  ...many('half halves', { unit: 'quarter', each: 2 }),
  ...many('year y yr yrs years', { unit: 'year', each: 1 }),
  ...many('fy fys', { unit: 'year', each: 1, fiscal: true }),
]);

const smallNumbers =
  'one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty';

export const countWords: ReadonlyMap<string, number> = new Map([
  ...smallNumbers.split(' ').map((word, i): [string, number] => [word, i + 1]),
  ...Object.entries({ thirty: 30, forty: 40, fifty: 50, sixty: 60, ninety: 90, hundred: 100, dozen: 12 }),
]);

export const ordinalWords: ReadonlyMap<string, number> = new Map([
  ...many('first 1st', 1),
  ...many('second 2nd', 2),
  ...many('third 3rd', 3),
  ...many('fourth 4th', 4),
]);

/** "first" to "twentieth", in order: days of a month. */
export const ordinals: readonly string[] = (
  'first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth ' +
  'sixteenth seventeenth eighteenth nineteenth twentieth'
).split(' ');

export const lastWords: ReadonlySet<string> = new Set('last past previous prior preceding'.split(' '));
export const rollingWords: ReadonlySet<string> = new Set('trailing rolling'.split(' '));
export const thisWords: ReadonlySet<string> = new Set('this current'.split(' '));
/** They change nothing: the last month is complete anyway, and a month is a calendar month. */
export const wholeWords: ReadonlySet<string> = new Set(
  'complete completed full whole calendar entire'.split(' '),
);
export const fiscalWords: ReadonlySet<string> = new Set('fiscal financial'.split(' '));

/** For spelling: words that occur in periods. */
export const periodWords: readonly string[] = [
  ...[
    ...monthNumbers.keys(),
    ...weekdayNumbers.keys(),
    ...unitWords.keys(),
    ...countWords.keys(),
    ...ordinalWords.keys(),
    ...ordinals,
    'thirtieth',
  ],
  ...[...lastWords, ...rollingWords, ...thisWords, ...wholeWords, ...fiscalWords],
  ...(
    'today yesterday tomorrow next date since until till through thru between from same ago before earlier ytd qtd mtd wtd fytd ' +
    'ttm ltm now beginning start end starting ending commencing latest right ended weekend weekday business working couple q1 q2 q3 q4 h1 h2'
  ).split(' '),
];

function many<const T>(words: string, value: T): [string, T][] {
  return words.split(' ').map((word) => [word, value]);
}
