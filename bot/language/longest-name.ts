import type { Token } from './tokens.ts';

const marks: ReadonlySet<string> = new Set(['-', ',', ':', '/']);

/**
 * The longest name that starts at token `i`; marks between its words do not count ("first response, 90th percentile").
 * Returns what was found and how many tokens it took.
 */
export function longestName<T>(
  tokens: readonly Token[],
  i: number,
  names: { get(key: string): T | undefined },
  mostWords: number,
): { found: T; length: number } | null {
  let key = '';
  let words = 0;
  let best: { found: T; length: number } | null = null;
  for (let j = i; j < tokens.length && words < mostWords; j += 1) {
    const { text } = tokens[j]!;
    if (j > i && marks.has(text)) continue;
    key = key === '' ? text : `${key} ${text}`;
    words += 1;
    const found = names.get(key);
    if (found !== undefined) best = { found, length: j - i + 1 };
  }
  return best;
}
