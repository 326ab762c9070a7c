import { weekdays } from '../../../kpi/calendar.ts';
import type { Token } from '../tokens.ts';
import { PeriodProblem } from './atom.ts';

/** Words that tell of a time without saying which, and what may be asked instead. `$1` is the pattern's first group. */
type Vague = { pattern: RegExp; message: string; tries: readonly string[] };

const month = '(?:jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec)[a-z]*';
const holidays = [
  'christmas|xmas|easter|thanksgiving|halloween|hanukkah|ramadan|eid|diwali|good friday|black friday|cyber monday',
  'boxing day|labou?r day|memorial day|independence day|mother day|father day|valentine(?: day)?|new year(?: eve| day)',
  'lunar new year|chinese new year|super bowl|prime day',
].join('|');

/** In this order; the first that fits the words from here on is told. */
const vague: readonly Vague[] = [
  {
    pattern:
      /^((?:\d+|two|three|four|five|six|seven|eight|nine|ten|twelve) ?-? ?(?:day|week|month|quarter|year)s?)\b(?! (?:ago|back|ending|ended|to|from|before|until|through))/,
    message: 'From when to when? Counted back from today it is “last …”.',
    tries: ['last $1'],
  },
  {
    pattern:
      /^(?:last|past|previous|recent|next|the)? ?(?:few|several|some|many) (day|week|month|quarter|year)s?\b/,
    message: 'How many? Say a number.',
    tries: ['last 3 $1s', 'last 6 $1s'],
  },
  {
    pattern:
      /^(?:last|past|previous|this|current|every) ?(?:\d+|one|two|three|couple|few)? ?(?:hours?|hrs?|minutes?|mins?|seconds?)\b|^(?:\d+|an?|one|two|three) ?(?:hours?|hrs?|minutes?|mins?) ago\b|^(?:last night|tonight|this (?:morning|afternoon|evening))\b/,
    message: 'Herald counts in whole days.',
    tries: ['today', 'yesterday', 'last 7 days'],
  },
  {
    pattern: new RegExp(`^(?:early(?: in)?|(?:beginning|start) of) (${month}(?: \\d{4})?)\\b`),
    message: 'Where it ends is not said. Name the days.',
    tries: ['from 1 to 10 $1', '$1'],
  },
  {
    pattern: new RegExp(`^(?:mid|middle|the middle) ?-? ?(?:of )?(${month}(?: \\d{4})?)\\b`),
    message: 'Where it begins and ends is not said. Name the days.',
    tries: ['from 11 to 20 $1', '$1'],
  },
  {
    pattern: new RegExp(`^late (?:in )?(${month}(?: \\d{4})?)\\b`),
    message: 'Where it begins is not said. Name the days.',
    tries: ['from 21 to 28 $1', '$1'],
  },
  {
    pattern: /^early (?:in )?((?:19|20)\d\d)\b/,
    message: 'Where it ends is not said. Name the months.',
    tries: ['Q1 $1', 'H1 $1'],
  },
  {
    pattern: /^(?:mid|middle) ?-? ?(?:of )?((?:19|20)\d\d)\b/,
    message: 'Where it begins and ends is not said. Name the months.',
    tries: ['Q2 $1', 'Q3 $1'],
  },
  {
    pattern: /^late (?:in )?((?:19|20)\d\d)\b/,
    message: 'Where it begins is not said. Name the months.',
    tries: ['Q4 $1', 'H2 $1'],
  },
  {
    pattern:
      /^(?:early|late|earlier|later|mid|middle) (?:of |in )?(?:the |this |last )?(?:day|week|month|quarter|year)\b/,
    message: 'Where it begins and ends is not said. Name the days or months.',
    tries: ['this month', 'this quarter', 'this year'],
  },
  {
    pattern:
      /^(?:the )?(?:this|last|past|previous|next) (?:decade|century|millennium)\b|^(?:decade|century)\b/,
    message: 'Say how many years.',
    tries: ['last 10 years', 'last 3 years'],
  },
  {
    pattern: /^(?:spring|summer|autumn) (?:of )?((?:19|20)\d\d)\b/,
    message: 'Seasons begin on different days in different places. Name the months.',
    tries: ['from June to August $1', 'Q3 $1', 'Q2 $1'],
  },
  {
    pattern: /^(?:(?:this|last|past) )?(?:spring|summer|autumn|winter)\b|^(?:last|this) fall\b/,
    message: 'Seasons begin on different days in different places. Name the months.',
    tries: ['from June to August', 'from December to February', 'Q3'],
  },
  {
    pattern: /^(?:last )?(?:christmas|xmas)\b/,
    message: 'Which days are meant differs between companies. Name them.',
    tries: ['from 24 to 26 December', 'week of 25 December', 'last December'],
  },
  {
    pattern: new RegExp(`^(?:last |this )?(?:${holidays}|the holidays|holiday season)\\b`),
    message: 'Herald does not know when that is. Name the days.',
    tries: ['last month', 'last 30 days', 'last quarter'],
  },
  {
    pattern:
      /^(?:all time|all ?-? ?time|ever|lifetime|historically|inception|launch|records began|day one)\b/,
    message: 'Say since when.',
    tries: ['last 3 years', 'last 12 months', 'this year'],
  },
  {
    pattern:
      /^(?:recently|lately|recent|the other day|other day|these days|nowadays|a while ago|some time ago|long ago|once|formerly|in the past(?! [a-z0-9]))\b/,
    message: 'Say how far back.',
    tries: ['last 7 days', 'last 30 days', 'last quarter'],
  },
  {
    pattern:
      /^(?:on )?(?:every|each|all) (?:sun|mon|tues|wednes|thurs|fri|satur)day\b|^(?:on )?(?:sun|mon|tues|wednes|thurs|fri|satur)days\b|^(?:on |at )?(?:weekends|weekdays)\b/,
    message: 'Herald answers for days in a row, not for every such day.',
    tries: ['last 7 days', 'last 30 days', 'last weekend'],
  },
  {
    pattern:
      /^(?:last|past|previous) (?:\d+|two|three|four|five|six|seven|ten) (?:business|working|week) ?days\b|^(?:last|past|previous) (?:\d+|two|three|four|five|six) weekends\b/,
    message: 'Herald answers for days in a row, weekends among them.',
    tries: ['last 7 days', 'last business day', 'last weekend'],
  },
  {
    pattern:
      /^(?:the )?(?:first|second|third|fourth|fifth|last|final|1st|2nd|3rd|4th|5th) (?:full |whole |two |three |2 |3 )?weeks? (?:of|in) (?:the )?([a-z]+(?: \d{4})?)/,
    message: 'Weeks and months do not begin together. Name the days, or a day of the week you mean.',
    tries: ['from 1 to 7 $1', 'week of 1 $1', '$1', 'last week'],
  },
  {
    pattern:
      /^(?:upcoming|coming|following|tomorrow|day after tomorrow|soon|ntm|in the future|(?:\d+|a|one|two|three) (?:day|week|month|quarter|year)s? from now)\b/,
    message: 'That lies in the future. Herald tells what has happened.',
    tries: ['this quarter', 'this month'],
  },
  {
    pattern: /^(?:this|same) (?:time|period|date) (?:last|a|the previous) (?:year|month|week|quarter)\b/,
    message: 'Which period then? Say its unit.',
    tries: ['this month vs last year', 'same month last year', 'same quarter last year'],
  },
  {
    pattern:
      /^(?:the )?(?:end|close) of (?:the )?((?:last |this |previous )?[a-z0-9]+(?: \d{4})?)|^(year|month|quarter|week)(?: -)? end\b|^eo[mqyw]\b/,
    message: 'How long before the end is not said. Ask for the period, or for what was known at its end.',
    tries: ['$1', 'as of end of $1', 'this $1', 'last month'],
  },
  {
    pattern: /^(?:the )?(?:start|beginning) of (?:the )?((?:last |this |previous )?[a-z0-9]+(?: \d{4})?)/,
    message: 'How long after the start is not said. Ask for the period, or since its start.',
    tries: ['since the start of $1', '$1', 'this $1'],
  },
];

/** @throws PeriodProblem where the words from token `i` on are vague. `edges`: "the end of …" is vague here too. */
export function refuseVague(tokens: readonly Token[], i: number, edges: boolean): void {
  const text = tokens
    .slice(i, i + 8)
    .map((token) => token.text)
    .join(' ');
  for (const { pattern, message, tries } of edges ? vague : vague.slice(0, -2)) {
    const match = pattern.exec(text);
    if (!match) continue;
    const named = match[1] ?? match[2] ?? '';
    throw new PeriodProblem(
      message,
      tries
        .filter((words) => named !== '' || !words.includes('$1'))
        .map((words) => words.replaceAll('$1', named)),
    );
  }
}

/** Words of the patterns, so that they are not taken for typos of others. */
export const vagueWords: readonly string[] = [
  ...weekdays.map((day) => `${day}s`),
  ...['after', 'before', 'post', 'pre', 'back', 'by'],
  ...new Set(
    vague.flatMap(({ pattern }) =>
      (pattern.source.match(/[a-z]{3,}\??/g) ?? []).flatMap((word) =>
        word.endsWith('?') ? [word.slice(0, -2), word.slice(0, -1)] : [word],
      ),
    ),
  ),
];
