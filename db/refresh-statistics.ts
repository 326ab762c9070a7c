/**
 * Planner statistics where a table has outgrown them. Autovacuum would take them too, a minute later: until then a plan
 * takes a full table for an empty one and compares every row with every other. Told by the table's size, which the
 * server knows exactly and at once; statistics of changes come late, and none are kept of new tables.
 */
import type { Queryable } from './client.ts';

/** Pages beyond those of the last statistics. A refresh at each half costs a constant share of what was written. */
const OUTGROWN = 1.5;

/** Takes some milliseconds for each table that has outgrown its statistics, and one in all when none has. */
export async function refreshStatistics(sql: Queryable, tables: readonly string[]): Promise<void> {
  const grown = await sql<{ name: string }[]>`
    select c.relname as name from unnest(${[...tables]}::text[]) as t(name) join pg_class c on c.oid = to_regclass(quote_ident(t.name))
    where pg_relation_size(c.oid) > c.relpages * ${OUTGROWN}::float8 * current_setting('block_size')::int`;
  for (const { name } of grown) await sql`analyze ${sql(name)}`;
}
