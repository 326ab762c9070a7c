import type { Lexicon, ValueIndex } from './lexicon.ts';
import { nearest, tolerance } from './spelling.ts';
import type { Token } from './tokens.ts';
import { fillers } from './vocabulary.ts';

export type Repair = { from: string; to: string };

/** More than this many unknown words are no typos but another subject. */
const mostUnknown = 4;

const politeWords = [...fillers].filter((word) => word.length >= 4);

/** Words that nobody taught Herald: not a name, not a number, not filler. */
export function unknownWords(tokens: readonly Token[], lexicon: Lexicon, values: ValueIndex): Token[] {
  return tokens.filter(
    ({ text }) =>
      /\p{L}/u.test(text) && !/\d/.test(text) && !lexicon.known.has(text) && !values.words.has(text),
  );
}

/**
 * Replace misspelt words where exactly one known word is nearest. Words of three letters are repaired only when
 * letters changed places or one is missing ("lst"): with one letter exchanged, "nrr" would become "mrr", another number.
 */
export function repair(
  tokens: readonly Token[],
  lexicon: Lexicon,
  values: ValueIndex,
): { tokens: Token[]; repairs: Repair[] } {
  const unknown = new Set(unknownWords(tokens, lexicon, values));
  if (unknown.size === 0 || unknown.size > mostUnknown) return { tokens: [...tokens], repairs: [] };
  const repairs: Repair[] = [];
  const repaired = tokens.map((token) => {
    const better = unknown.has(token) ? certain(token.text, lexicon) : null;
    if (better === null) return token;
    repairs.push({ from: token.raw, to: better });
    return { raw: token.raw, text: better };
  });
  return { tokens: repaired, repairs };
}

function certain(word: string, lexicon: Lexicon): string | null {
  if (word.length < 3) return null;
  const found = nearest(word, lexicon.repairable, tolerance(word));
  // Swapped letters are the likelier slip: "lsat" is "last", not "csat".
  const swapped = found.filter((candidate) => letters(candidate) === letters(word));
  const lengthened = found.filter((candidate) => candidate.length > word.length);
  const likely = swapped.length > 0 ? swapped : word.length === 3 ? lengthened : found;
  if (likely.length === 1) return likely[0]!;
  if (found.length > 0 || word.length < 4) return null;
  const polite = nearest(word, politeWords, 1);
  return polite.length === 1 ? polite[0]! : null;
}

function letters(word: string): string {
  return [...word].sort().join('');
}
