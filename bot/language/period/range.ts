import {
  addDays,
  daysBetween,
  floor,
  lastYear,
  minDay,
  offset,
  periodOf,
  type Standpoint,
  type YearKind,
} from '../../../kpi/calendar.ts';
import type { Day, Grain, Period } from '../../../kpi/question.ts';
import type { Token } from '../tokens.ts';
import { type Atom, endOf, type Found, longestOf, PeriodProblem, pinned, skip, tomorrow } from './atom.ts';
import { dateNumber, readDay } from './day.ts';
import { readNamed } from './named.ts';
import { readEnding, readPartOf } from './part-of.ts';
import { lastYearWords, readRelative, readUnit, runningUnit, toDates } from './relative.ts';
import { refuseVague } from './vague.ts';
import { readBusinessDay, readDayOfWeek, readWeekend } from './weekend.ts';
import { lastWords, monthNumbers, wholeWords } from './words.ts';

export type PeriodFound = { period: Period; length: number };

type Options = Standpoint & {
  /** "compare last month to this month": `to` is not a range. */ comparing?: boolean;
};

const untilWords = ['to', 'until', 'till', 'through', 'thru', '-', 'and'];

/** The longest period that starts at token `i`. Throws `PeriodProblem` for what is a period but cannot be answered. */
export function readPeriod(tokens: readonly Token[], i: number, at: Options): PeriodFound | null {
  const found = since(tokens, i, at) ?? until(tokens, i, at) ?? fromTo(tokens, i, at);
  if (!found && tokens[i]?.text === 'from') refuseOpen(tokens, i + 1, at);
  return found ?? alone(tokens, i, at);
}

/** "from October" alone may be October, or all since: ask. */
function refuseOpen(tokens: readonly Token[], i: number, at: Options): void {
  const found = readAtom(tokens, i, at);
  if (!found) return;
  const words = tokens
    .slice(i, i + found.length)
    .map((token) => token.text)
    .join(' ');
  throw new PeriodProblem(`From ${words} until when?`, [`since ${words}`, words]);
}

/** One stretch; articles before it do not count. */
export function readAtom(tokens: readonly Token[], i: number, at: Standpoint): Found | null {
  const j = skipWhole(tokens, i);
  refuseVague(tokens, j, false);
  const found = longestOf(
    [
      readDay,
      readNamed,
      readRelative,
      readPartOf,
      readEnding,
      readWeekend,
      readBusinessDay,
      readDayOfWeek,
      startOf,
      weekOfDay,
    ],
    tokens,
    j,
    at,
  );
  return found && { atom: found.atom, length: j - i + found.length };
}

/** "the", "all of", "the whole of", "full": they change nothing. */
function skipWhole(tokens: readonly Token[], i: number): number {
  const j = skip(tokens, i, 'the');
  const word = tokens[j]?.text ?? '';
  if (word !== 'all' && word !== 'entirety' && !wholeWords.has(word)) return j;
  return skip(tokens, skip(tokens, j + 1, 'of'), 'the');
}

function alone(tokens: readonly Token[], i: number, at: Options): PeriodFound | null {
  refuseVague(tokens, skip(tokens, i, 'the'), true);
  const found = readAtom(tokens, i, at);
  // An article alone does not make a period.
  if (!found) return null;
  const start = found.atom.start(at.today, 'last');
  const end = i + found.length;
  const yearBack = toDates.has(tokens[end - 1]?.text ?? '') ? lastYearWords(tokens, end) : null;
  if (yearBack !== null) {
    return { period: lastYear(placed(found.atom, start, at), at.settings), length: found.length + yearBack };
  }
  const tail = `${tokens[end]?.text} ${tokens[end + 1]?.text}`;
  const running = endOf(found.atom, start, at) > at.today;
  if (tail === 'so far' && running)
    return { period: placed(found.atom, start, at), length: found.length + 2 };
  // "Last year to date" could be two things; "March to date" is one.
  if (tail === 'to date' && !lastWords.has(tokens[skip(tokens, i, 'the')]?.text ?? '')) {
    const period = running ? placed(found.atom, start, at) : openEnded(found.atom, start, at);
    return { period, length: found.length + 2 };
  }
  return { period: placed(found.atom, start, at), length: found.length };
}

/** since March, since last Monday, since the beginning of the year, from October on */
function since(tokens: readonly Token[], i: number, at: Options): PeriodFound | null {
  const first = tokens[i]?.text;
  const next = tokens[i + 1]?.text ?? '';
  const begins = first === 'beginning' && ['in', 'on', 'from', 'with'].includes(next);
  const explicit = first === 'since' || first === 'starting' || begins;
  if (!explicit && first !== 'from') return null;
  const j =
    first === 'since'
      ? i + 1
      : skip(tokens, i + 1, ...(first === 'from' ? [] : ['in', 'on', 'from', 'with']));
  const found = readAtom(tokens, j, at);
  if (!found) return null;
  const end = j + found.length;
  const onwards = ['on', 'onward', 'onwards', 'forward'].includes(tokens[end]?.text ?? '');
  if (!explicit && !onwards) return null;
  if (explicit) {
    const ranged = fromTo(tokens, j, at);
    if (ranged) return { period: ranged.period, length: j - i + ranged.length };
  }
  const period = openEnded(found.atom, found.atom.start(at.today, 'last'), at);
  return { period, length: end - i + (onwards ? 1 : 0) };
}

/** "until March" alone says no beginning: ask rather than invent one. */
function until(tokens: readonly Token[], i: number, at: Options): PeriodFound | null {
  const text = tokens[i]?.text;
  const j = text === 'up' && ['to', 'until'].includes(tokens[i + 1]?.text ?? '') ? i + 2 : i + 1;
  if (j === i + 1 && !['until', 'till', 'through', 'thru'].includes(text ?? '')) return null;
  const found = readAtom(tokens, skipEnd(tokens, j), at);
  if (!found) return null;
  const last = addDays(endOf(found.atom, found.atom.start(at.today, 'last'), at), -1);
  const upTo = minDay(last, at.today);
  throw new PeriodProblem('That period has an end but no beginning. Say from when.', [
    `from ${upTo.slice(0, 4)}-01-01 to ${upTo}`,
    `from ${floor(upTo, 'quarter', at.settings)} to ${upTo}`,
  ]);
}

/** from X to Y, between X and Y, X–Y; both ends included */
function fromTo(tokens: readonly Token[], i: number, at: Options): PeriodFound | null {
  const first = tokens[i]?.text;
  const between = first === 'between';
  const j = between || first === 'from' ? i + 1 : i;
  const short = sharedMonth(tokens, j, at) ?? pair(tokens, j, at, between, first === 'from');
  return short && { period: short.period, length: j - i + short.length };
}

function pair(
  tokens: readonly Token[],
  j: number,
  at: Options,
  between: boolean,
  from: boolean,
): PeriodFound | null {
  const a = readAtom(tokens, j, at);
  if (!a) return null;
  const k = j + a.length;
  // ISO 8601 writes an interval with a stroke: 2026-01-01/2026-03-31.
  const stroke = tokens[k]?.text === '/' && /^\d{4}-\d\d/.test(tokens[j]?.text ?? '');
  const word = stroke ? 'until' : (tokens[k]?.text ?? '');
  if (!untilWords.includes(word) || (word === 'and' && !between)) return null;
  if (word === 'to' && at.comparing && !from) return null;
  // "October to date" is a running period; "up to" needs no second word here.
  const second = skipEnd(tokens, skip(tokens, k + 1, 'and', 'including'));
  const b = readAtom(tokens, second, at);
  if (!b) return null;
  const [start, last] = ends(a.atom, b.atom, at);
  if (last < start)
    throw new PeriodProblem('That range ends before it starts.', ['last month', 'this month']);
  const end = endOf(b.atom, last, at);
  const length = second + b.length - j;
  return { period: ranged(start, end, a.atom, b.atom, at), length };
}

/** "to the end of May" is "to May": both ends are included anyway. */
export function skipEnd(tokens: readonly Token[], i: number): number {
  const j = skip(tokens, i, 'the');
  if (!['end', 'close'].includes(tokens[j]?.text ?? '')) return i;
  return skip(tokens, j + 1, 'of');
}

/** Each end by its past reading, the first no later than the second; a year given once holds for both. */
function ends(a: Atom, b: Atom, at: Standpoint): [Day, Day] {
  if (a.pinned) {
    const start = a.start(at.today, 'last');
    return [start, b.start(start, 'next')];
  }
  const now = a.start(at.today, 'last');
  const soon = b.start(now, 'next');
  // "1 Nov to 30 Nov", asked on the 22nd, means the month that is running.
  if (!b.pinned && endOf(b, soon, at) > at.today && soon <= offset(now, 'month', 1)) return [now, soon];
  const last = b.start(at.today, 'last');
  return [a.start(last, 'last'), last];
}

/** 1–15 October, 1 to 15 October 2026, October 1–15 */
function sharedMonth(tokens: readonly Token[], j: number, at: Standpoint): PeriodFound | null {
  const to = (k: number) =>
    ['-', 'to', 'until', 'till', 'through', 'thru', 'and'].includes(tokens[k]?.text ?? '');
  const make = (first: number, b: Found, length: number): PeriodFound => {
    const startBefore = (end: Day) => addDays(end, first - Number(end.slice(8)));
    // "1 to 30 November", asked on the 22nd, means the month that is running.
    const soon = b.atom.start(at.today, 'next');
    const last = startBefore(soon) <= at.today ? soon : b.atom.start(at.today, 'last');
    const start = startBefore(last);
    if (start > last)
      throw new PeriodProblem('That range ends before it starts.', ['last month', 'this month']);
    return { period: ranged(start, addDays(last, 1), pinned(start, 'day'), pinned(last, 'day'), at), length };
  };
  const one = skip(tokens, j, 'the');
  const date = dateNumber(tokens[one]?.text);
  if (date !== null && to(one + 1)) {
    const two = skip(tokens, one + 2, 'the');
    const b = readDay(tokens, two, at);
    if (b && b.length > 1 && dateNumber(tokens[two]?.text) !== null) return make(date, b, two + b.length - j);
  }
  const first = dateNumber(tokens[j + 1]?.text);
  if (
    !monthNumbers.has(tokens[j]?.text ?? '') ||
    first === null ||
    !to(j + 2) ||
    dateNumber(tokens[j + 3]?.text) === null
  )
    return null;
  // "Oct 1 - 15": read as "Oct 15", with the year that may follow.
  const month = tokens[j]!;
  if (monthNumbers.has(tokens[j + 4]?.text ?? '')) return null;
  const b = readDay([month, ...tokens.slice(j + 3)], 0, at);
  return b && make(first, b, 2 + b.length);
}

/** "the beginning of the year" as where a range starts: the unit itself, which `since` leaves open. */
function startOf(tokens: readonly Token[], i: number, at: Standpoint): Found | null {
  if (!['beginning', 'start'].includes(tokens[i]?.text ?? '') || tokens[i + 1]?.text !== 'of') return null;
  const j = skip(tokens, i + 2, 'the', 'this', 'current');
  const unit = readUnit(tokens, j);
  if (unit && unit.count === null) return { atom: runningUnit(unit, at), length: j + unit.length - i };
  const named = longestOf([readNamed, readRelative], tokens, j, at);
  return named && { atom: named.atom, length: j + named.length - i };
}

/** week of 2 November, w/c 2 Nov, week ending 8 November: the week that holds the day */
function weekOfDay(tokens: readonly Token[], i: number, at: Standpoint): Found | null {
  const words = tokens
    .slice(i, i + 3)
    .map((token) => token.text)
    .join(' ');
  const lead = /^(?:w \/ [cbe]\b|week (?:of|starting|beginning|commencing|ending|from|containing)\b)/.exec(
    words,
  )?.[0];
  if (lead === undefined) return null;
  const j = skip(tokens, skip(tokens, i + lead.split(' ').length, 'on'), 'the');
  const day = readDay(tokens, j, at);
  if (!day) return null;
  return {
    atom: pinned(floor(day.atom.start(at.today, 'last'), 'week', at.settings), 'week'),
    length: j + day.length - i,
  };
}

/** From the start of the atom to today. */
function openEnded(atom: Atom, start: Day, at: Standpoint): Period {
  refuseFuture(start, at);
  return periodOf(start, atom.unit, unitsUntil(start, tomorrow(at), atom.unit, at, atom.kind), at, atom.kind);
}

function placed(atom: Atom, start: Day, at: Standpoint): Period {
  refuseFuture(start, at);
  return periodOf(start, atom.unit, atom.count, at, atom.kind);
}

/** A range is made of the unit of its ends if both have the same, of months if it is whole months, else of days. */
function ranged(start: Day, end: Day, a: Atom, b: Atom, at: Standpoint): Period {
  refuseFuture(start, at);
  const same = a.unit === b.unit && a.unit !== 'day' && a.kind === b.kind;
  const months = start.endsWith('-01') && end.endsWith('-01');
  const unit: Grain = same ? a.unit : months ? 'month' : 'day';
  const kind = same ? a.kind : 'calendar';
  return periodOf(start, unit, unitsUntil(start, end, unit, at, kind), at, kind);
}

function unitsUntil(start: Day, end: Day, unit: Grain, { settings }: Standpoint, kind: YearKind): number {
  if (unit === 'day') return daysBetween(start, end);
  let n = 1;
  while (offset(start, unit, n, settings, kind) < end) n += 1;
  return n;
}

function refuseFuture(start: Day, at: Standpoint): void {
  if (start <= at.today) return;
  throw new PeriodProblem(`That starts on ${start}, in the future. Herald tells what has happened.`, [
    'this quarter',
    'last month',
  ]);
}
