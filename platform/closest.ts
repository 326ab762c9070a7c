/** The choice that a mistyped name most likely meant (a third of its letters wrong at most), or null. */
export function closest(word: string, choices: Iterable<string>): string | null {
  let best: string | null = null;
  let least = Math.max(1, Math.floor(word.length / 3)) + 1;
  for (const choice of choices) {
    const far = distance(word.toLowerCase(), choice.toLowerCase());
    if (far < least) [best, least] = [choice, far];
  }
  return best;
}

/** `did you mean "amount"? ` for the end of a fault, or nothing. */
export function didYouMean(word: string, choices: Iterable<string>): string {
  const meant = closest(word, choices);
  return meant === null ? '' : `did you mean "${meant}"? `;
}

/** Optimal string alignment: insert, delete, replace, swap neighbours. */
function distance(a: string, b: string): number {
  let above: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      next.push(
        Math.min(
          replaced,
          row[j]! + 1,
          next[j - 1]! + 1,
          swapped ? above[j - 2]! + 1 : Number.POSITIVE_INFINITY,
        ),
      );
    }
    [above, row] = [row, next];
  }
  return row[b.length]!;
}
