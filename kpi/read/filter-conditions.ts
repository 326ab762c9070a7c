import type { Filter } from '../question.ts';

/** Filters as conditions: dimensions come from the fixed list, their values are parameters. */
export function filterConditions(filters: readonly Filter[], alias: string, values: unknown[]): string {
  return filters
    .map((filter) => {
      values.push(filter.values);
      return `and ${alias}.${filter.dimension} = any($${values.length}::text[])`;
    })
    .join(' ');
}
