/**
 * Optimal string alignment distance (Damerau–Levenshtein without repeated edits of one place): insert, delete,
 * replace, swap neighbours. Gives up above `limit` and returns limit + 1, so that a whole vocabulary costs little.
 */
export function distance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let twoAgo: number[] = [];
  let above = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    let best = i;
    for (let j = 1; j <= b.length; j += 1) {
      const same = a.charCodeAt(i - 1) === b.charCodeAt(j - 1);
      let cost = Math.min(above[j]! + 1, row[j - 1]! + 1, above[j - 1]! + (same ? 0 : 1));
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

/** How wrong a word may be: short words have too many neighbours. */
export function tolerance(word: string): number {
  return word.length < 5 ? 1 : 2;
}

/** The nearest words within `limit`, all equally near; one of them means that the repair is certain. */
export function nearest(word: string, vocabulary: Iterable<string>, limit: number): string[] {
  let best = limit;
  let found: string[] = [];
  for (const candidate of vocabulary) {
    const d = distance(word, candidate, best);
    if (d < best) found = [];
    if (d <= best) {
      best = d;
      found.push(candidate);
    }
  }
  return found;
}
