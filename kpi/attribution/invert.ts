import { HeraldError } from '../../platform/errors.ts';

/** Inverse of a small square matrix by Gauss–Jordan elimination with partial pivoting. */
export function invert(matrix: readonly (readonly number[])[]): number[][] {
  const n = matrix.length;
  const rows = matrix.map((row, i) => [...row, ...matrix.map((_row, j) => (i === j ? 1 : 0))]);
  for (let column = 0; column < n; column++) {
    let pivot = column;
    for (let i = column + 1; i < n; i++)
      if (Math.abs(rows[i]![column]!) > Math.abs(rows[pivot]![column]!)) pivot = i;
    [rows[column], rows[pivot]] = [rows[pivot]!, rows[column]!];
    const row = rows[column]!;
    const head = row[column]!;
    if (head === 0)
      throw new HeraldError('bug', 'The attribution model has no solution for these journeys.', {
        note: `invert: singular at column ${column} of ${n}`,
      });
    for (let j = column; j < 2 * n; j++) row[j]! /= head;
    for (let i = 0; i < n; i++) {
      const factor = rows[i]![column]!;
      if (i === column || factor === 0) continue;
      for (let j = column; j < 2 * n; j++) rows[i]![j]! -= factor * row[j]!;
    }
  }
  return rows.map((row) => row.slice(n));
}
