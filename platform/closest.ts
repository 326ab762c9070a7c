/** The choice that a mistyped name most likely meant (Levenshtein, a third of its letters at most), or null. */
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

function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const swap = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(swap, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[b.length]!;
}
