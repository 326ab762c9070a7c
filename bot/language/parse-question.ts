import { type CalendarSettings, periodLabel, type Standpoint, today } from '../../kpi/calendar.ts';
import type { KpiDefinition } from '../../kpi/definition.ts';
import type { Dimension, Period, Question } from '../../kpi/question.ts';
import { HeraldError } from '../../platform/errors.ts';
import { agreeBreakdown, agreeFilters, agreeKpi, agreePeriods, said } from './agree.ts';
import { asOfInstant, readAsOf } from './as-of.ts';
import { type Draft, draft, type Words } from './draft.ts';
import { lexiconOf, valueIndexOf } from './lexicon.ts';
import { Misread } from './misread.ts';
import { PeriodProblem } from './period/atom.ts';
import { unitWords } from './period/words.ts';
import { readingOf } from './reading.ts';
import { type Repair, repair } from './repair.ts';
import { helpSuggestions, triesFor } from './suggest.ts';
import { type Token, tokenize } from './tokens.ts';
import { unheldIn } from './unheld.ts';

/** What a question can be about. Pass the same arrays and maps again: their indexes are kept by identity. */
export type World = {
  kpis: readonly KpiDefinition[];
  calendar: CalendarSettings;
  now: Date;
  /** Dimension value (lower case) → dimension. Without it only well-known values are understood. */
  values?: ReadonlyMap<string, Dimension>;
};

/**
 * Plain language → question, by a grammar and a vocabulary: the same text always gives the same question, and a word
 * that is not understood stops it rather than being dropped.
 *
 * `<kpi> [period] [by dimension] [vs …] [filters] [as of …] [top N]`, in any order.
 *
 * @throws HeraldError `ask` with up to three suggestions, each of which parses.
 */
export function parseQuestion(text: string, world: World): Question {
  const help = helpSuggestions(world.kpis);
  const typed = tokenize(text, help);
  if (typed.length === 0) {
    throw new HeraldError('ask', 'Ask for a KPI and a period, for example “churn last quarter by segment”.', {
      suggestions: help,
    });
  }
  const words: Words = {
    lexicon: lexiconOf(world.kpis),
    values: valueIndexOf(world.values),
    valuesComplete: world.values !== undefined,
  };
  const { tokens, repairs } = repair(typed, words.lexicon, words.values);
  try {
    return understand(tokens, repairs, world, words);
  } catch (thrown) {
    if (thrown instanceof Misread) throw asked(thrown.message, thrown.tries, world, words);
    if (!(thrown instanceof PeriodProblem)) throw thrown;
    const kpi = firstKpi(tokens, words) ?? world.kpis[0];
    throw asked(
      thrown.message,
      kpi ? thrown.tries.map((period) => `${said(kpi)} ${period}`) : [],
      world,
      words,
    );
  }
}

function understand(
  tokens: readonly Token[],
  repairs: readonly Repair[],
  world: World,
  words: Words,
): Question {
  const now: Standpoint = { today: today(world.now, world.calendar), settings: world.calendar };
  const known = readAsOf(tokens, now);
  const asOf = known && asOfInstant(known.day, now);
  const rest = known ? [...tokens.slice(0, known.from), ...tokens.slice(known.from + known.length)] : tokens;
  const at: Standpoint = known && asOf ? { today: known.day, settings: world.calendar } : now;
  const found = draft(rest, at, words);
  refuseUnread(rest, found, words, world);
  refuseFuture(rest, found);
  const kpi = agreeKpi(found, rest);
  if (found.byTime) throw byTime(kpi, found);
  const { period, comparison } = agreePeriods(found, kpi, rest, at);
  const question = {
    kpi: kpi.name,
    period: asOf ? datedPeriod(period, at) : period,
    comparison,
    ...agreeBreakdown(found, kpi),
    filters: agreeFilters(found, kpi),
    ...(found.aim ? { aim: true as const } : {}),
    asOf: asOf?.instant ?? null,
    repairs,
  };
  return { ...question, reading: readingOf(question, kpi, asOf?.label ?? null) };
}

/** "What will bookings be in December": not the one of last year. "Will we hit the target" is asked of today. */
function refuseFuture(tokens: readonly Token[], { aim }: Draft): void {
  const at = tokens.findIndex(({ text }) => text === 'will');
  if (at < 0 || aim || ['you', 'u'].includes(tokens[at + 1]?.text ?? '')) return;
  throw new PeriodProblem('That lies in the future. Herald tells what has happened.', [
    'this quarter',
    'last quarter',
  ]);
}

/** "To date" said of a past day would be misread as today: a period cut there is named by its days. */
function datedPeriod(period: Period, at: Standpoint): Period {
  if (period.complete) return period;
  return { ...period, label: periodLabel({ ...period, unit: 'day', complete: true }, at.settings) };
}

/** Every word must mean something; and a KPI must be among them. */
function refuseUnread(tokens: readonly Token[], found: Draft, words: Words, world: World): void {
  if (found.unread.length === 0 && found.kpis.length > 0) return;
  const missing = unheldIn(tokens);
  if (missing) throw new Misread(missing.message, missing.tries);
  const tries = triesFor(tokens, found, words.lexicon, world.kpis);
  const unread = found.unread.slice(0, 3).map((i) => `“${tokens[i]!.raw.slice(0, 40)}”`);
  if (unread.length === 0)
    throw new Misread('Which KPI? Ask for example “churn last quarter by segment”.', tries);
  const what = unread.length === 1 ? unread[0] : `${unread.slice(0, -1).join(', ')} and ${unread.at(-1)}`;
  throw new Misread(
    found.kpis.length > 0
      ? `${what} ${unread.length === 1 ? 'is' : 'are'} not something Herald can take into account here.`
      : `Herald does not know a KPI called ${what}.`,
    tries,
  );
}

/** The chart of every answer runs over time; a breakdown by time is a longer period. */
function byTime(kpi: KpiDefinition, { byTime: word }: Draft): Misread {
  const unit = unitWords.get(word ?? '')?.unit ?? 'month';
  const period = {
    day: 'last 30 days',
    week: 'last 12 weeks',
    month: 'last 12 months',
    quarter: 'last 4 quarters',
    year: 'last 3 years',
  };
  return new Misread('The chart of each answer already runs over time. Ask for a longer period instead.', [
    `${said(kpi)} ${period[unit]}`,
    `${said(kpi)} this year`,
  ]);
}

function firstKpi(tokens: readonly Token[], { lexicon }: Words): KpiDefinition | null {
  for (const { text } of tokens) {
    const [kpi] = lexicon.kpis.get(text) ?? [];
    if (kpi) return kpi;
  }
  return null;
}

/** The refusal, with those tries that would be understood. */
function asked(message: string, tries: readonly string[], world: World, words: Words): HeraldError {
  const works = [...new Set(tries.map(trimmed))]
    .slice(0, 12)
    .filter((text) => parses(text, world, words))
    .slice(0, 3);
  return new HeraldError('ask', message, {
    suggestions: works.length > 0 ? works : helpSuggestions(world.kpis),
  });
}

/** Without the joints that are left over at the ends when a piece was taken out: "churn and" → "churn". */
function trimmed(text: string): string {
  return text.replace(/^((and|or|for|in|on|of|by|to|vs|-|,) )+|( (and|or|for|in|on|of|by|to|vs|-|,))+$/g, '');
}

function parses(text: string, world: World, words: Words): boolean {
  try {
    understand(tokenize(text, []), [], world, words);
    return true;
  } catch (thrown) {
    if (thrown instanceof Misread || thrown instanceof PeriodProblem || thrown instanceof HeraldError)
      return false;
    throw thrown;
  }
}
