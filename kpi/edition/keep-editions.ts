import type { Queryable } from '../../db/client.ts';

export type Kept = {
  name: string;
  /** Null when it is not counted any more. */
  definition: string | null;
};

/** Note what is in force from a data version on, where that is not what was. */
export async function keepEditions(
  sql: Queryable,
  kind: 'measure' | 'kpi',
  all: readonly Kept[],
  since: number,
): Promise<void> {
  if (all.length === 0) return;
  await sql`
    insert into edition (kind, name, since_seq, since_at, definition)
    select ${kind}, k.name, ${since}, clock_timestamp(), k.definition
    from unnest(${all.map(({ name }) => name)}::text[], ${all.map(({ definition }) => definition)}::text[]) as k(name, definition)
    where k.definition is distinct from (
      select e.definition from edition e where e.kind = ${kind} and e.name = k.name order by e.since_seq desc limit 1)
    on conflict (kind, name, since_seq) do update set definition = excluded.definition`;
}
