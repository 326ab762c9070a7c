import type { KpiDefinition } from '../../kpi/definition.ts';
import type { Dimension } from '../../kpi/question.ts';
import { aimWords } from './aim.ts';
import { orderWords } from './breakdown.ts';
import { courtesyWords } from './idle.ts';
import { vagueWords } from './period/vague.ts';
import { periodWords } from './period/words.ts';
import { sentences } from './sentences.ts';
import { keyOf } from './tokens.ts';
import { breakdownWords, comparators, dimensionOf, fillers, wellKnownValues } from './vocabulary.ts';

/** Everything that can be named, by its key (lower case, blanks between words). Built once per catalogue. */
export type Lexicon = {
  kpis: ReadonlyMap<string, readonly KpiDefinition[]>;
  /** Longest key in words, per kind of name: how far to look ahead. */
  kpiWords: number;
  /** Words that a typo may be repaired to. */
  repairable: ReadonlySet<string>;
  /** Words that are known, repairable or not. */
  known: ReadonlySet<string>;
};

export type ValueIndex = {
  values: ReadonlyMap<string, NamedValue>;
  words: ReadonlySet<string>;
  longest: number;
};

export type NamedValue = { dimension: Dimension; value: string };

const lexicons = new WeakMap<readonly KpiDefinition[], Lexicon>();
const valueIndexes = new WeakMap<ReadonlyMap<string, Dimension>, ValueIndex>();

export function lexiconOf(kpis: readonly KpiDefinition[]): Lexicon {
  const built = lexicons.get(kpis);
  if (built) return built;
  const lexicon = buildLexicon(kpis);
  lexicons.set(kpis, lexicon);
  return lexicon;
}

function buildLexicon(kpis: readonly KpiDefinition[]): Lexicon {
  const names = new Map<string, KpiDefinition[]>();
  const put = (key: string, kpi: KpiDefinition) => {
    const there = names.get(key) ?? [];
    if (key !== '' && !there.includes(kpi)) names.set(key, [...there, kpi]);
  };
  for (const kpi of kpis) {
    // Its own name always means the KPI itself; what two KPIs share as a synonym is asked back.
    for (const name of writtenNames(kpi)) for (const key of spellings(name)) put(key, kpi);
    for (const key of sentences[kpi.name] ?? []) put(key, kpi);
    put(kpi.name, kpi);
  }
  for (const kpi of kpis) for (const key of [kpi.name, kpi.name.replaceAll('_', ' ')]) names.set(key, [kpi]);
  const words = (keys: Iterable<string>) => [...keys].flatMap((key) => key.split(' '));
  const named = words(names.keys());
  const written = words(kpis.flatMap((kpi) => writtenNames(kpi)));
  const meant = [...words(dimensionOf.keys()), ...periodWords, ...words(wellKnownValues.keys())];
  const repairable = new Set([
    ...written.filter((word) => word.length >= 3 && !/\d/.test(word)),
    // "mth" and "qtr" are no better than what was typed.
    ...meant.filter((word) => word.length >= 4 || ['ytd', 'qtd', 'mtd', 'day', 'rep'].includes(word)),
  ]);
  const known = new Set([
    ...named,
    ...meant,
    ...fillers,
    ...orderWords,
    ...words(comparators),
    ...words(breakdownWords),
    ...spokenWords,
    ...vagueWords,
    ...aimWords,
    ...courtesyWords,
  ]);
  return {
    kpis: names,
    kpiWords: Math.max(1, ...[...names.keys()].map((key) => key.split(' ').length)),
    repairable,
    known,
  };
}

/** The keys of a KPI as its definition writes them, without plurals and words run together. */
export function writtenNames({ name, title, synonyms }: KpiDefinition): string[] {
  return [name, title, ...synonyms].map((written) => keyOf(written.replaceAll('_', ' ')));
}

/** A name, its simple plural or singular, and both written as one word ("winrate"). */
function spellings(key: string): string[] {
  const other = key.endsWith('s') ? key.slice(0, -1) : `${key}s`;
  // "csat" → "csats" is harmless; "loss" → "los" is kept out.
  const both = key.endsWith('ss') ? [key] : [key, other];
  return both.flatMap((name) => (name.includes(' ') ? [name, name.replaceAll(' ', '')] : [name]));
}

/** Words that other rules read, so that they are not taken for typos. */
const spokenWords = (
  'compare compared comparing comparison as no not none nothing except excluding without but before period one time ' +
  'yoy qoq mom wow most recent known end close monthly weekly daily quarterly yearly annually up including onward ' +
  'onwards forward is equals mean means'
).split(' ');

/** Dimension values by key. Values that the sync has seen win over the well-known ones. */
export function valueIndexOf(seen: ReadonlyMap<string, Dimension> | undefined): ValueIndex {
  if (!seen) return wellKnown;
  const built = valueIndexes.get(seen);
  if (built) return built;
  const values = new Map<string, NamedValue>(wellKnownValues);
  for (const [name, dimension] of seen) {
    const key = keyOf(name);
    // Written as the well-known one where it is the same value, so that it reads "EMEA", not "emea".
    const known = wellKnownValues.get(key);
    if (key !== '')
      values.set(key, { dimension, value: known?.dimension === dimension ? known.value : name });
  }
  const index = indexed(values);
  valueIndexes.set(seen, index);
  return index;
}

function indexed(values: ReadonlyMap<string, NamedValue>): ValueIndex {
  const words = new Set([...values.keys()].flatMap((key) => key.split(' ')));
  return {
    values,
    words,
    longest: Math.min(6, Math.max(1, ...[...values.keys()].map((key) => key.split(' ').length))),
  };
}

const wellKnown = indexed(wellKnownValues);
