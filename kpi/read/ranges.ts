/** Days of stored measures: what many KPIs read of the same slice is read by one statement, each range once. */
import { gather, type Once } from './once.ts';
import type { Slice } from './slice.ts';

/** A measure's buckets of the days from `lo` up to, not including, `hi`. */
export type Range = { measure: string; lo: string; hi: string };

/**
 * What is found in each range, in their order; ranges asked for in the same turn are read together.
 *
 * @param read reads different ranges of the slice, in their order
 */
export async function readRanges<Found>(
  kept: Once,
  what: 'sums' | 'sketches',
  ranges: readonly Range[],
  slice: Slice,
  read: (ranges: readonly Range[]) => Promise<readonly Found[]>,
): Promise<readonly Found[]> {
  if (ranges.length === 0) return [];
  return gather(kept, [what, slice], ranges, async (asks) => {
    const different = new Map<string, { range: Range; at: number }>();
    for (const range of asks.flat()) {
      const key = keyOf(range);
      if (!different.has(key)) different.set(key, { range, at: different.size });
    }
    const found = await read([...different.values()].map(({ range }) => range));
    return asks.map((ask) => ask.map((range) => found[different.get(keyOf(range))!.at]!));
  });
}

const keyOf = ({ measure, lo, hi }: Range) => `${measure} ${lo} ${hi}`;

/** Ranges as a FROM item `p(i, measure, lo, hi)` of the statement's first four parameters. */
export const rangeTable = 'unnest($1::int[], $2::text[], $3::date[], $4::date[]) as p(i, measure, lo, hi)';

export const rangeValues = (ranges: readonly Range[]): unknown[] => [
  ranges.map((_range, i) => i),
  ranges.map(({ measure }) => measure),
  ranges.map(({ lo }) => lo),
  ranges.map(({ hi }) => hi),
];
