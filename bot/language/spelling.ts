/**
 * Optimal string alignment distance (Damerau–Levenshtein without repeated edits of one place): insert, delete,
 * replace, swap neighbours. Gives up above `limit` and returns limit + 1, so that a whole vocabulary costs little.
 * `replace` is what one letter typed for another costs.
 */
export function distance(
  a: string,
  b: string,
  limit: number,
  replace: (typed: string, meant: string) => number = () => 1,
): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let twoAgo: number[] = [];
  let above = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    let best = i;
    for (let j = 1; j <= b.length; j += 1) {
      const same = a.charCodeAt(i - 1) === b.charCodeAt(j - 1);
      const exchanged = same ? 0 : replace(a[i - 1]!, b[j - 1]!);
      let cost = Math.min(above[j]! + 1, row[j - 1]! + 1, above[j - 1]! + exchanged);
      const swapped =
        a.charCodeAt(i - 1) === b.charCodeAt(j - 2) && a.charCodeAt(i - 2) === b.charCodeAt(j - 1);
      if (i > 1 && j > 1 && swapped) cost = Math.min(cost, twoAgo[j - 2]! + 1);
      row.push(cost);
      best = Math.min(best, cost);
    }
    if (best > limit) return limit + 1;
    twoAgo = above;
    above = row;
  }
  return above[b.length]!;
}

/** Letters that one finger hits for another on a QWERTY keyboard, and those that sound alike. */
const mistaken: ReadonlySet<string> = new Set(
  [
    ...['qwertyuiop', 'asdfghjkl', 'zxcvbnm'].flatMap((row) =>
      [...row].slice(1).map((letter, i) => row[i]! + letter),
    ),
    ...'ae ai ao au ei eo eu io iu ou ey iy cs ck sz st td ct'.split(' '),
  ].flatMap((two) => [two, two[1]! + two[0]!]),
);

/** An exchange that nobody types by accident is another word: "cases" is no slip for "cash". */
const unlikely = 9;
const exchange = (typed: string, meant: string) => (mistaken.has(typed + meant) ? 1 : unlikely);

/** Two slips in one word are believed of long words only: short ones have too many neighbours. */
const leastForTwo = 7;

/**
 * The words that somebody may have meant who typed this: nearest first by slips of the finger (a letter missing, doubled,
 * swapped, or hit beside), the first letter right or swapped with the second; all that are equally near.
 */
export function meant(typed: string, vocabulary: Iterable<string>): string[] {
  let best = typed.length < leastForTwo ? 1 : 2;
  let found: string[] = [];
  for (const word of vocabulary) {
    if (word[0] !== typed[0] && !(word[0] === typed[1] && word[1] === typed[0])) continue;
    const d = distance(typed, word, best, exchange);
    if (d < best) found = [];
    if (d <= best) {
      best = d;
      found.push(word);
    }
  }
  return found;
}
