import type { KpiDefinition } from '../../kpi/definition.ts';
import type { Dimension, Filter } from '../../kpi/question.ts';
import type { NamedValue, ValueIndex } from './lexicon.ts';
import { longestName } from './longest-name.ts';
import { Misread } from './misread.ts';
import { distance } from './spelling.ts';
import type { Token } from './tokens.ts';
import { dimensionOf, dimensionWords, wellKnownValues } from './vocabulary.ts';

export type FilterFound = NamedValue & { length: number };

const equals: ReadonlySet<string> = new Set(['=', ':']);

/**
 * "region=EMEA", "segment SMB", "EMEA", "high priority". The dimension named beside the value wins over the one the
 * value is usually of. `complete` tells that all values are known, so that an unknown one is a mistake.
 */
export function readFilter(
  tokens: readonly Token[],
  i: number,
  index: ValueIndex,
  complete: boolean,
): FilterFound | null {
  const dimension = longestName(tokens, i, dimensionOf, 3);
  if (dimension) {
    const after = i + dimension.length;
    const sign = equals.has(tokens[after]?.text ?? '');
    const linked = sign || ['is', 'equals'].includes(tokens[after]?.text ?? '');
    const j = linked ? after + 1 : after;
    const value = longestName(tokens, j, index.values, index.longest);
    if (value && (linked || value.found.dimension === dimension.found || !complete)) {
      return { dimension: dimension.found, value: value.found.value, length: j - i + value.length };
    }
    if (!sign) return null;
    const typed = tokens[j]?.raw;
    if (typed !== undefined && !complete)
      return { dimension: dimension.found, value: typed, length: j - i + 1 };
    throw unknownValue(tokens, dimension.found, j, index);
  }
  const value = longestName(tokens, i, index.values, index.longest);
  if (!value) return null;
  const after = longestName(tokens, i + value.length, dimensionOf, 3);
  // "high priority": the word behind it says the dimension once more.
  const same = after?.found === value.found.dimension ? after.length : 0;
  return { ...value.found, length: value.length + same };
}

function unknownValue(tokens: readonly Token[], dimension: Dimension, j: number, index: ValueIndex): Misread {
  const typed = tokens[j]?.raw.toLowerCase() ?? '';
  const near = [...index.values]
    .filter(([, named]) => named.dimension === dimension)
    .map(([key, named]) => ({ named, d: distance(typed, key, 4) }))
    .sort((a, b) => a.d - b.d)
    .slice(0, 3);
  const words = tokens.map((token) => token.text);
  return new Misread(
    typed === '' ? `Which ${dimension}?` : `There is no ${dimension} called “${typed}”.`,
    near.map(({ named }) => [...words.slice(0, j), named.value, ...words.slice(j + 1)].join(' ')),
  );
}

/** Values of one dimension belong together ("EMEA and APAC"); those of different dimensions all have to hold. */
export function mergeFilters(found: readonly NamedValue[]): Filter[] {
  const filters = new Map<Dimension, string[]>();
  for (const { dimension, value } of found) {
    const values = filters.get(dimension) ?? [];
    if (!values.includes(value)) filters.set(dimension, [...values, value]);
  }
  return [...filters].map(([dimension, values]) => ({ dimension, values }));
}

/** A value that is both a plan and a segment is of the dimension that the KPI has. */
export function fitting(named: NamedValue, kpi: KpiDefinition): NamedValue {
  if (kpi.dimensions.includes(named.dimension)) return named;
  const other = wellKnownValues.get(named.value.toLowerCase());
  return other && kpi.dimensions.includes(other.dimension) ? other : named;
}

/** "region, segment or plan" */
export function dimensionList(kpi: KpiDefinition): string {
  const words = kpi.dimensions.map((dimension) => dimensionWords[dimension][0]!);
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}
