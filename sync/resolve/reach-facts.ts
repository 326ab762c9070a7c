/** Which facts a change may concern, as keys: of what leads to them, and of what was logged. */
import type { Queryable } from '../../db/client.ts';
import type { Stamp } from './stamps.ts';

export type Fact = { system: string; id: string };
export type Slice = { from: number; to: number };
/** A fact's key, or an account's; a domain stands for itself, as `id`. */
export type Leading = Fact & { email: string | null; old_email: string | null };
/** A row of the log. `own`: to be stamped itself, for it came from elsewhere than resolution. `moved`: what leans on it may be placed elsewhere. */
export type Changed = Leading & { tbl: string; own: boolean; moved: boolean };

/** Rows of the log that are held in memory at once; a batch is never divided. */
const SLICE = 10_000;

/** The facts to which some leads of one kind may lead. */
export async function reachFacts(
  sql: Queryable,
  { from }: Stamp['reach'][number],
  leads: readonly Leading[],
): Promise<Fact[]> {
  return sql.unsafe<Fact[]>(
    `with k as materialized (select * from unnest($1::text[], $2::text[], $3::text[], $4::text[]) as k(system, id, email, old_email))
     select f.system, f.id from ${from}`,
    [
      leads.map(({ system }) => system),
      leads.map(({ id }) => id),
      leads.map(({ email }) => email),
      leads.map(({ old_email }) => old_email),
    ],
  );
}

/** The batches after `since` that tell of these tables, as ranges of numbers, each with some thousand rows. */
export async function logSlices(sql: Queryable, since: number, tables: readonly string[]): Promise<Slice[]> {
  const batches = await sql<{ seq: number; n: number }[]>`
    select b.seq, l.n::int as n from change_batch b
      cross join lateral (select sum(n) as n from change_log where batch_id = b.id and tbl = any(${[...tables]}::text[])) l
    where b.seq > ${since} and l.n > 0 order by b.seq`;
  const slices: (Slice & { n: number })[] = [];
  for (const { seq, n } of batches) {
    const last = slices.at(-1);
    if (last && last.n + n <= SLICE) {
      last.to = seq;
      last.n += n;
    } else slices.push({ from: seq, to: seq, n });
  }
  return slices;
}

/** What a slice of the log says of these tables; what leaned on a row that is gone is placed anew too. */
export async function movedIn(
  sql: Queryable,
  { from, to }: Slice,
  tables: readonly string[],
): Promise<Changed[]> {
  return sql<Changed[]>`
    select distinct l.tbl, r.doc->>'system' as system, r.doc->>'id' as id, b.source <> 'resolve' and l.new is not null as own,
      ((l.old->>'company', l.old->>'region', l.old->>'segment') is distinct from (l.new->>'company', l.new->>'region', l.new->>'segment')
        or r.doc->>'company' is not null and l.old->>'email' is distinct from l.new->>'email') as moved,
      l.new->>'email' as email, l.old->>'email' as old_email
    from change_batch b cross join lateral changes_in(b.id) l cross join lateral (select coalesce(l.new, l.old) as doc) r
    where b.seq between ${from} and ${to} and l.tbl = any(${[...tables]}::text[])`;
}
