/** Values that occur in the facts, so that "bookings for Ann" is understood: lower case → dimension. */
import type { Queryable } from '../../db/client.ts';
import type { Dimension } from '../question.ts';

export async function readDimensionValues(sql: Queryable): Promise<Map<string, Dimension>> {
  const rows = await sql<
    { dimension: Dimension; name: string }[]
  >`select dimension, name from dimension_value where tenant = 1 and name <> ''`;
  return new Map(rows.map((row) => [row.name.toLowerCase(), row.dimension]));
}
