import {
  addDays,
  floor,
  isDay,
  offset,
  type Standpoint,
  weekdayOf,
  weekdays,
} from '../../../kpi/calendar.ts';
import type { Day } from '../../../kpi/question.ts';
import type { Token } from '../tokens.ts';
import { type Found, longestOf, PeriodProblem, pinned, type Reader, skip, yearly } from './atom.ts';
import { dayOrYear } from './day-or-year.ts';
import { countWords, lastWords, monthNumbers, ordinals, thisWords, weekdayNumbers } from './words.ts';
import { readYear, twoDigits } from './year.ts';

/** A single day: "yesterday", "2026-11-03", "3 November", "Nov 3rd", "the 15th", "last Monday". */
export function readDay(tokens: readonly Token[], i: number, at: Standpoint): Found | null {
  return longestOf([withWeekday, dated, spoken, dayOfMonth, weekday], tokens, i, at);
}

const dated: Reader = (tokens, i, at) => longestOf([iso, glued, dayMonth, monthDay], tokens, i, at);

/** Monday 12 October, Mon, Oct 12th 2026: both have to agree. */
function withWeekday(tokens: readonly Token[], i: number, at: Standpoint): Found | null {
  const wanted = weekdayNumbers.get(tokens[i]?.text ?? '');
  if (wanted === undefined) return null;
  const j = skip(tokens, skip(tokens, i + 1, ','), 'the');
  const [numeric, ...others] = readings(tokens[j]?.text ?? '').filter((day) => weekdayOf(day) === wanted);
  if (numeric && others.length === 0) return { atom: pinned(numeric, 'day'), length: j - i + 1 };
  const found = longestOf([dated, dayOfMonth], tokens, j, at);
  if (!found) return null;
  const day = found.atom.start(at.today, 'last');
  if (weekdayOf(day) !== wanted) {
    const is = weekdays[weekdayOf(day)]!;
    throw new PeriodProblem(`${day} is a ${is}, not a ${weekdays[wanted]}.`, [
      day,
      `last ${weekdays[wanted]}`,
    ]);
  }
  return { atom: found.atom, length: j - i + found.length };
}

/** 12oct2025 */
function glued(tokens: readonly Token[], i: number): Found | null {
  const match = /^(\d{1,2})([a-z]{3,9})(\d{4})$/.exec(tokens[i]?.text ?? '');
  const month = monthNumbers.get(match?.[2] ?? '');
  if (!match || month === undefined) return null;
  const pad = (n: number) => String(n).padStart(2, '0');
  return {
    atom: pinned(existing(`${match[3]}-${pad(month)}-${pad(Number(match[1]))}`, match[0]), 'day'),
    length: 1,
  };
}

function iso(tokens: readonly Token[], i: number): Found | null {
  const text = tokens[i]?.text ?? '';
  if (/^\d{1,2}[/.]\d{1,2}[/.]\d{2,4}$/.test(text)) {
    const [day, ...others] = readings(text);
    if (day && others.length === 0) return { atom: pinned(day, 'day'), length: 1 };
    throw new PeriodProblem(
      `${text} is read as two different days in different countries. Write it as 2026-11-03 or 3 November.`,
      [...(day ? [day, ...others] : []), 'yesterday', 'last month'],
    );
  }
  const match = /^(\d{4})[-/](\d{1,2})[-/](\d{1,2})$/.exec(text);
  if (!match) return null;
  const day = `${match[1]}-${match[2]!.padStart(2, '0')}-${match[3]!.padStart(2, '0')}`;
  return { atom: pinned(existing(day, text), 'day'), length: 1 };
}

/** The days that 3/11/2026 may be, day or month first: 31/10/2026 is one only. Two figures may be any part of it. */
function readings(text: string): Day[] {
  const [, a = '', b = '', year] = /^(\d{1,2})[/.](\d{1,2})[/.](\d{4})$/.exec(text) ?? [];
  const day = (month: string, date: string) => `${year}-${month.padStart(2, '0')}-${date.padStart(2, '0')}`;
  return [...new Set([day(b, a), day(a, b)])].filter(isDay);
}

function spoken(tokens: readonly Token[], i: number, at: Standpoint): Found | null {
  const [a, b, c] = tokens.slice(i, i + 3).map((token) => token.text);
  const day = (back: number, length: number): Found => ({
    atom: pinned(addDays(at.today, -back), 'day'),
    length,
  });
  if (a === 'today' || a === 'now') return day(0, 1);
  if (a === 'right' && b === 'now') return day(0, 2);
  if (a === 'yesterday') return day(1, 1);
  if (a === 'day' && b === 'before' && c === 'yesterday') return day(2, 3);
  return null;
}

/** 3 November, 3rd of Nov 2026 */
function dayMonth(tokens: readonly Token[], i: number, at: Standpoint): Found | null {
  const { date, length } = dateAt(tokens, i);
  if (date === null) return null;
  const j = skip(tokens, i + length, 'of', '-', '/');
  const month = monthNumbers.get(tokens[j]?.text ?? '');
  return month === undefined ? null : inYear(tokens, i, j + 1, month, date, at);
}

/** November 3, Nov the 3rd 2026 */
function monthDay(tokens: readonly Token[], i: number, at: Standpoint): Found | null {
  const month = monthNumbers.get(tokens[i]?.text ?? '');
  if (month === undefined) return null;
  const j = skip(tokens, i + 1, 'the');
  const { date, length } = dateAt(tokens, j);
  // "October second half" names no day.
  if (date === null || units.includes(tokens[j + length]?.text ?? '')) return null;
  const found = inYear(tokens, i, j + length, month, date, at);
  // One says "on Sep 26" of a day; "in Sep 26" may be the month of 2026.
  const bare = tokens[j]!.text;
  if (tokens[i - 1]?.text === 'in' && /^\d\d$/.test(bare) && found.length === 2)
    throw dayOrYear(tokens[i]!.text, bare);
  return found;
}

function inYear(
  tokens: readonly Token[],
  i: number,
  j: number,
  month: number,
  date: number,
  at: Standpoint,
): Found {
  // "12-Oct-2025", "12/Oct/25": the mark in front of the month is there before the year again.
  const mark = tokens[j - 2]?.text ?? '';
  const marked = ['-', '/'].includes(mark) && tokens[j]?.text === mark;
  const k = marked ? j + 1 : skip(tokens, j, ',', 'of');
  const short = marked && /^\d\d$/.test(tokens[k]?.text ?? '');
  const year = short
    ? { year: twoDigits(tokens[k]!.text), fiscal: false, length: 1 }
    : readYear(tokens, k, at);
  const pad = (n: number) => String(n).padStart(2, '0');
  if (year && !year.fiscal) {
    const day = `${year.year}-${pad(month)}-${pad(date)}`;
    return { atom: pinned(existing(day, day), 'day'), length: k + year.length - i };
  }
  existing(
    `2024-${pad(month)}-${pad(date)}`,
    tokens
      .slice(i, j)
      .map((token) => token.raw)
      .join(' '),
  );
  const inNumbered = (y: number) =>
    isDay(`${y}-${pad(month)}-${pad(date)}`) ? `${y}-${pad(month)}-${pad(date)}` : null;
  return { atom: yearly(inNumbered, 'day'), length: j - i };
}

const units = ['quarter', 'qtr', 'half', 'week', 'month'];

/** "the 15th": the latest 15th. A bare number is not a day. */
function dayOfMonth(tokens: readonly Token[], i: number, at: Standpoint): Found | null {
  const text = tokens[i]?.text ?? '';
  const { date, length } = dateAt(tokens, i);
  // "3rd quarter" is not a day.
  if (date === null || units.includes(tokens[i + length]?.text ?? '')) return null;
  const of = i + length;
  const within = ['of', 'in'].includes(tokens[of]?.text ?? '') ? monthAt(tokens, of + 1, at) : null;
  if (within) {
    const day = `${within.start.slice(0, 8)}${String(date).padStart(2, '0')}`;
    return { atom: pinned(existing(day, day), 'day'), length: length + 1 + within.length };
  }
  if (!/^\d{1,2}(st|nd|rd|th)$/.test(text)) return null;
  for (let back = 0; back < 62; back += 1) {
    const day = addDays(at.today, -back);
    if (Number(day.slice(8)) === date) return { atom: pinned(day, 'day'), length: 1 };
  }
  return null;
}

/** "the month", "this month", "last month": its first day. */
function monthAt(tokens: readonly Token[], i: number, at: Standpoint): { start: Day; length: number } | null {
  const the = tokens[i]?.text === 'the' && tokens[i + 1]?.text !== 'month' ? 1 : 0;
  const word = tokens[i + the]?.text ?? '';
  if (tokens[i + the + 1]?.text !== 'month') return null;
  const back = lastWords.has(word) ? 1 : word === 'the' || thisWords.has(word) ? 0 : null;
  if (back === null) return null;
  return { start: offset(floor(at.today, 'month', at.settings), 'month', -back), length: the + 2 };
}

/** Monday, last Monday (before today), this Monday (the latest, today included). */
function weekday(tokens: readonly Token[], i: number, at: Standpoint): Found | null {
  const first = tokens[i]?.text ?? '';
  const before = lastWords.has(first);
  const prefixed = before || thisWords.has(first);
  const wanted = weekdayNumbers.get(tokens[prefixed ? i + 1 : i]?.text ?? '');
  if (wanted === undefined) return null;
  const latest = (anchor: Day) => addDays(anchor, -((weekdayOf(anchor) - wanted + 7) % 7));
  const length = prefixed ? 2 : 1;
  if (before) return { atom: pinned(latest(addDays(at.today, -1)), 'day'), length };
  if (prefixed) return { atom: pinned(latest(at.today), 'day'), length };
  const start = (anchor: Day, which: 'last' | 'next') =>
    which === 'last' ? latest(anchor) : latest(addDays(anchor, 6));
  return { atom: { unit: 'day', count: 1, kind: 'calendar', pinned: false, start }, length };
}

/** A date of a month in figures or words ("3", "3rd", "third", "twenty-third") and how many words it takes. */
function dateAt(tokens: readonly Token[], i: number): { date: number | null; length: number } {
  const text = tokens[i]?.text;
  const tens = text === 'twenty' || text === 'thirty' ? countWords.get(text)! : 0;
  const j = skip(tokens, i + 1, '-');
  const ones = ordinals.indexOf(tokens[j]?.text ?? '') + 1;
  if (tens > 0 && ones >= 1 && ones <= 9 && tens + ones <= 31)
    return { date: tens + ones, length: j + 1 - i };
  return { date: dateNumber(text), length: 1 };
}

/** "3", "3rd", "third" → 3; anything that is no date of a month → null. */
export function dateNumber(text: string | undefined): number | null {
  const match = /^(\d{1,2})(st|nd|rd|th)?$/.exec(text ?? '');
  const n = match ? Number(match[1]) : text === 'thirtieth' ? 30 : ordinals.indexOf(text ?? '') + 1;
  return n >= 1 && n <= 31 ? n : null;
}

function existing(day: string, typed: string): Day {
  if (isDay(day)) return day;
  throw new PeriodProblem(`There is no day ${typed}. Write a date as 2026-11-03 or 3 November.`, [
    'yesterday',
    'last month',
  ]);
}
