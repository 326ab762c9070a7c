import { fiscalYear, fiscalYearStart, type Standpoint } from '../../../kpi/calendar.ts';
import type { Token } from '../tokens.ts';
import { skip } from './atom.ts';
import { fiscalWords, lastWords, thisWords } from './words.ts';

export type YearRef = { year: number; fiscal: boolean; length: number };

/** A year named in words or figures: "2025", "'25", "fy25", "fiscal year 2025", "last year", "a year ago". */
export function readYear(tokens: readonly Token[], i: number, at: Standpoint): YearRef | null {
  return fiscalFigure(tokens, i, at) ?? figure(tokens, i) ?? spoken(tokens, i, at);
}

/** Only years written in figures; "'25" only where a month or a quarter stands before it. */
export function figure(tokens: readonly Token[], i: number): YearRef | null {
  const text = tokens[i]?.text ?? '';
  if (/^20\d\d$/.test(text) || /^19\d\d$/.test(text)) return { year: Number(text), fiscal: false, length: 1 };
  if (/^cy(20)?\d\d$/.test(text)) return { year: twoDigits(text.slice(2)), fiscal: false, length: 1 };
  if (/^'\d\d$/.test(text)) return { year: twoDigits(text.slice(1)), fiscal: false, length: 1 };
  return null;
}

/** fy25, fy2025, fy 25, fiscal 2025, fiscal year 2025, financial year 2025 */
export function fiscalFigure(tokens: readonly Token[], i: number, at: Standpoint): YearRef | null {
  const text = tokens[i]?.text ?? '';
  const both = spanned(tokens, i, at);
  if (both) return both;
  if (/^fy(20)?\d\d$/.test(text)) return { year: twoDigits(text.slice(2)), fiscal: true, length: 1 };
  if (text !== 'fy' && !fiscalWords.has(text)) return null;
  const j = text === 'fy' ? i + 1 : skip(tokens, i + 1, 'year');
  const year = tokens[j]?.text.replace(/^'/, '') ?? '';
  if (!/^(20)?\d\d$/.test(year)) return null;
  return { year: twoDigits(year), fiscal: true, length: j - i + 1 };
}

/** FY24/25, FY 2024-25: the fiscal year from one into the other, where the books do not follow the calendar. */
function spanned(tokens: readonly Token[], i: number, at: Standpoint): YearRef | null {
  const glued = /^fy((?:20)?\d\d)$/.exec(tokens[i]?.text ?? '')?.[1];
  const j = glued ? i : tokens[i]?.text === 'fy' ? i + 1 : i + skipFiscalYear(tokens, i);
  const first = glued ?? tokens[j]?.text ?? '';
  const mark = tokens[j + 1]?.text ?? '';
  const second = tokens[j + 2]?.text ?? '';
  const years = /^(20)?\d\d$/;
  if ((!glued && j === i) || !years.test(first) || !years.test(second) || !['/', '-'].includes(mark))
    return null;
  const [from, to] = [twoDigits(first), twoDigits(second)];
  const starts = fiscalYearStart(fiscalYear(`${to}-01-01`, at.settings), at.settings);
  if (to !== from + 1 || !starts.startsWith(`${from}-`) || (mark === '-' && second.length === 4)) return null;
  return { year: fiscalYear(starts, at.settings), fiscal: true, length: j + 3 - i };
}

function skipFiscalYear(tokens: readonly Token[], i: number): number {
  return fiscalWords.has(tokens[i]?.text ?? '') && tokens[i + 1]?.text === 'year' ? 2 : 0;
}

/** last year, this fiscal year, a year ago, the year before last */
function spoken(tokens: readonly Token[], i: number, at: Standpoint): YearRef | null {
  const words = tokens.slice(i, i + 4).map((token) => token.text);
  const [a = '', b = '', c = ''] = words;
  const now = (fiscal: boolean) =>
    fiscal ? fiscalYear(at.today, at.settings) : Number(at.today.slice(0, 4));
  const back = lastWords.has(a) ? 1 : thisWords.has(a) ? 0 : null;
  if (back !== null && (b === 'year' || b === 'fy'))
    return { year: now(b === 'fy') - back, fiscal: b === 'fy', length: 2 };
  if (back !== null && fiscalWords.has(b) && c === 'year')
    return { year: now(true) - back, fiscal: true, length: 3 };
  if (['a', 'one', '1'].includes(a) && b === 'year' && (c === 'ago' || c === 'earlier')) {
    return { year: now(false) - 1, fiscal: false, length: 3 };
  }
  if (words.join(' ').startsWith('year before last'))
    return { year: now(false) - 2, fiscal: false, length: 3 };
  return null;
}

/** "25" and "2025" → 2025 */
export function twoDigits(text: string): number {
  return text.length === 2 ? 2000 + Number(text) : Number(text);
}
