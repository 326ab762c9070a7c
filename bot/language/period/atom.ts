import type { Standpoint, YearKind } from '../../../kpi/calendar.ts';
import { addDays, offset } from '../../../kpi/calendar.ts';
import type { Day, Grain } from '../../../kpi/question.ts';
import type { Token } from '../tokens.ts';

/** One named stretch of time, before it is placed: "October" has many starts, "October 2025" has one. */
export type Atom = {
  unit: Grain;
  count: number;
  kind: YearKind;
  /** True when the words leave no choice of year. */
  pinned: boolean;
  /** Latest start on or before the anchor, or the first on or after it. */
  start(anchor: Day, which: 'last' | 'next'): Day;
};

export type Found = { atom: Atom; length: number };

export type Reader = (tokens: readonly Token[], i: number, at: Standpoint) => Found | null;

/** Words that are a period, but not one that can be answered; `tries` are periods that can. */
export class PeriodProblem extends Error {
  readonly tries: readonly string[];

  constructor(message: string, tries: readonly string[]) {
    super(message);
    this.name = 'PeriodProblem';
    this.tries = tries;
  }
}

export function pinned(start: Day, unit: Grain, count = 1, kind: YearKind = 'calendar'): Atom {
  return { unit, count, kind, pinned: true, start: () => start };
}

/** A stretch that comes again each year: `inYear` gives its start in a numbered year. */
export function yearly(
  inYear: (year: number) => Day | null,
  unit: Grain,
  count = 1,
  kind: YearKind = 'calendar',
): Atom {
  const start = (anchor: Day, which: 'last' | 'next') => {
    // Eight years forth or back: 29 February may be that far away (1896–1904).
    const from = Number(anchor.slice(0, 4)) + (which === 'last' ? 1 : -1);
    for (let n = 0; n <= 10; n += 1) {
      const day = inYear(which === 'last' ? from - n : from + n);
      if (day !== null && (which === 'last' ? day <= anchor : day >= anchor)) return day;
    }
    return anchor;
  };
  return { unit, count, kind, pinned: false, start };
}

/** First day after the atom when it starts here. */
export function endOf(atom: Atom, start: Day, { settings }: Standpoint): Day {
  return offset(start, atom.unit, atom.count, settings, atom.kind);
}

/** First of several readings that takes most words. */
export function longestOf(
  readers: readonly Reader[],
  tokens: readonly Token[],
  i: number,
  at: Standpoint,
): Found | null {
  let best: Found | null = null;
  for (const read of readers) {
    const found = read(tokens, i, at);
    if (found && found.length > (best?.length ?? 0)) best = found;
  }
  return best;
}

/** Index after an optional word. */
export function skip(tokens: readonly Token[], i: number, ...words: readonly string[]): number {
  const text = tokens[i]?.text;
  return text !== undefined && words.includes(text) ? i + 1 : i;
}

export function tomorrow(at: Standpoint): Day {
  return addDays(at.today, 1);
}
