import type { Lexicon, ValueIndex } from './lexicon.ts';
import { lastWords, thisWords, unitWords } from './period/words.ts';
import { realWords } from './real-words.ts';
import { meant } from './spelling.ts';
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
 * Replace misspelt words where exactly one known word is a slip of the finger away, and part words that were typed
 * without the blank ("lastmonth"). Words of three letters are repaired only when letters changed places or one is
 * missing ("lst"): with one letter exchanged, "nrr" would become "mrr", another number. Ordinary English words are no
 * slips, however near: "cases" asks about cases.
 */
export function repair(
  tokens: readonly Token[],
  lexicon: Lexicon,
  values: ValueIndex,
): { tokens: Token[]; repairs: Repair[] } {
  const unknown = new Set(unknownWords(tokens, lexicon, values));
  if (unknown.size === 0 || unknown.size > mostUnknown) return { tokens: [...tokens], repairs: [] };
  const repairs: Repair[] = [];
  const repaired = tokens.flatMap((token, i) => {
    if (!unknown.has(token)) return [token];
    const parted = parts(token.text);
    const better = parted?.join(' ') ?? certain(token.text, lexicon, tokens[i + 1]?.text ?? '');
    if (better === null) return [token];
    repairs.push({ from: token.raw, to: better });
    return better.split(' ').map((text) => ({ raw: token.raw, text }));
  });
  return { tokens: repaired, repairs };
}

function certain(word: string, lexicon: Lexicon, next: string): string | null {
  if (word.length < 3 || realWords.has(word)) return null;
  const found = meant(word, lexicon.repairable);
  // Swapped letters are the likelier slip: "lsat" is "last", not "csat".
  const swapped = found.filter((candidate) => letters(candidate) === letters(word));
  const lengthened = found.filter((candidate) => candidate.length > word.length);
  const likely = swapped.length > 0 ? swapped : word.length === 3 ? lengthened : found;
  if (likely.length === 1) return likely[0]!;
  // "lst" before a month is "last", not "lost".
  const before = likely.filter((candidate) => lastWords.has(candidate));
  if (before.length === 1 && unitWords.has(next)) return before[0]!;
  if (found.length > 0 || word.length < 4) return null;
  const polite = meant(word, politeWords).filter((candidate) => sameBut(word, candidate));
  return polite.length === 1 ? polite[0]! : null;
}

/** A filler takes nothing from a question, so it is believed only where no letter was exchanged. */
function sameBut(word: string, candidate: string): boolean {
  return word.length !== candidate.length || letters(word) === letters(candidate);
}

/** "lastmonth" → last, month */
function parts(word: string): [string, string] | null {
  for (const first of [...lastWords, ...thisWords])
    if (word.startsWith(first) && unitWords.get(word.slice(first.length)) && word.length > first.length + 3)
      return [first, word.slice(first.length)];
  return null;
}

function letters(word: string): string {
  return [...word].sort().join('');
}
