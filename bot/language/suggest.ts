import type { KpiDefinition } from '../../kpi/definition.ts';
import { said } from './agree.ts';
import type { Draft } from './draft.ts';
import type { Lexicon } from './lexicon.ts';
import { distance } from './spelling.ts';
import type { Token } from './tokens.ts';

/** Questions that always make sense, for when nothing was understood. */
export function helpSuggestions(kpis: readonly KpiDefinition[]): string[] {
  const periods = ['last quarter', 'this month', 'vs last year'];
  return kpis.slice(0, 3).map((kpi, i) => `${said(kpi)} ${periods[i]}`);
}

/** The question with each unread word replaced by a near one, then left out; whether they parse is checked later. */
export function triesFor(
  tokens: readonly Token[],
  draft: Draft,
  lexicon: Lexicon,
  kpis: readonly KpiDefinition[],
): string[] {
  const words = tokens.map((token) => token.text);
  const left = new Set([...draft.unread, ...draft.idle]);
  const rest = words.filter((_, i) => !left.has(i)).join(' ');
  const replaced = draft.unread
    .slice(0, 2)
    .flatMap((i) =>
      similar(words[i]!, lexicon.repairable).map((word) =>
        [...words.slice(0, i), word, ...words.slice(i + 1)].join(' '),
      ),
    );
  // With two KPIs a joint may matter: "csat on tickets".
  const joined = draft.kpis.length > 1 ? [words.filter((_, i) => !draft.unread.includes(i)).join(' ')] : [];
  if (draft.kpis.length > 0) return [...replaced, rest, ...joined];
  const named = draft.unread.flatMap((i) => kpisLike(words[i]!, lexicon));
  const likely = [...new Set([...named, ...kpis.slice(0, 3)])].map(said);
  const period = draft.periods.slice(0, 1).flatMap(({ at, length }) => words.slice(at, at + length));
  return [...replaced, ...likely.map((kpi) => [kpi, ...period].join(' '))];
}

/** Known words that look like this one, nearest first. */
function similar(word: string, vocabulary: Iterable<string>): string[] {
  if (word.length < 3 || word.length > 24) return [];
  const limit = word.length < 5 ? 1 : word.length < 8 ? 2 : 3;
  return [...vocabulary]
    .map((known) => ({ known, d: distance(word, known, limit) }))
    .filter(({ d }) => d <= limit)
    .sort((a, b) => a.d - b.d || (a.known < b.known ? -1 : 1))
    .slice(0, 4)
    .map(({ known }) => known);
}

/** KPIs with a word that begins like this one: "retained" → net revenue retention. */
function kpisLike(word: string, lexicon: Lexicon): KpiDefinition[] {
  if (word.length < 4) return [];
  const stem = word.slice(0, 4);
  return [...lexicon.kpis]
    .filter(([key]) => key.split(' ').some((part) => part.startsWith(stem)))
    .flatMap(([, kpis]) => kpis);
}
