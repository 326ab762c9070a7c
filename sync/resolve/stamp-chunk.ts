/** Stamp some facts with their company and its dimensions, in one transaction, each logged as a re-attribution. */
import type { Database } from '../../db/client.ts';
import { BULK } from '../unified.ts';
import type { Fact } from './reach-facts.ts';
import type { Stamp } from './stamps.ts';

/** Facts per transaction. */
export const CHUNK = 10_000;

/** `stamped` rows of those `seen`; `last` is the greatest key of these. */
export type Stamped = { stamped: number; seen: number; last: Fact | null };

/** Stamp the facts that are named, at most `CHUNK`. */
export async function stampNamed(db: Database, stamp: Stamp, facts: readonly Fact[]): Promise<Stamped> {
  return run(
    db,
    stamp,
    // Distinct: two roads may lead to one fact.
    `select f.* from (select distinct k.system, k.id from unnest($2::text[], $3::text[]) as k(system, id)) chosen
       join "${stamp.table}" f on f.tenant = 1 and f.system = chosen.system and f.id = chosen.id`,
    [facts.map(({ system }) => system), facts.map(({ id }) => id)],
  );
}

/** Stamp the facts after `last` in the order of their keys, at most `CHUNK`. */
export async function stampNext(db: Database, stamp: Stamp, last: Fact): Promise<Stamped> {
  return run(
    db,
    stamp,
    `select f.* from "${stamp.table}" f where f.tenant = 1 and (f.system, f.id) > ($2, $3) order by f.system, f.id limit ${CHUNK}`,
    [last.system, last.id],
  );
}

async function run(
  db: Database,
  { table, path, company, take }: Stamp,
  facts: string,
  values: (string | string[])[],
): Promise<Stamped> {
  const list = (row: string) => take.map((name) => `, ${row}.${name}`).join('');
  return db.inTransaction(async (tx) => {
    // Bulk work, not somebody's question.
    await tx`set local statement_timeout = '10min'`;
    const [row] = await tx.unsafe<
      { stamped: number; seen: number; system: string | null; id: string | null }[]
    >(
      // The facts by their keys first, whatever follows: a planner that knows little of new tables would join them last.
      // Many that had no company yet are logged by key alone: "changes_in" tells what they were.
      `with fact as materialized (${facts}),
       todo as materialized (
         select f.tenant, f.system, f.id, num_nonnulls(f.company${list('f')}) = 0 as is_bare, c.id as company${list('c')}
         from fact f ${path} left join company c on c.id = ${company}
         where (f.company is not null or c.id is not null) and (f.company${list('f')}) is distinct from (c.id${list('c')})),
       bulk as materialized (select count(*) >= ${BULK} as is_bulk from todo where is_bare),
       batch as (insert into change_batch (source, stream) select 'resolve', $1 where exists (select from todo) returning id),
       put as (
         update "${table}" f set company = todo.company${take.map((name) => `, ${name} = todo.${name}`).join('')}
         from todo cross join bulk where f.tenant = todo.tenant and f.system = todo.system and f.id = todo.id
         returning f.system, f.id, case when not (is_bulk and is_bare) then to_jsonb(old) end as o, case when not (is_bulk and is_bare) then to_jsonb(new) end as n),
       placed as (
         insert into change_log (batch_id, tbl, system, placed, n)
         select batch.id, $1, put.system, array_agg(put.id), count(*) from put cross join batch where put.o is null group by batch.id, put.system
         returning n),
       logged as (
         insert into change_log (batch_id, tbl, old, new) select batch.id, $1, put.o, put.n from put cross join batch where put.o is not null
         returning n),
       last as (select system, id from fact order by system desc, id desc limit 1)
       select ((select coalesce(sum(n), 0) from placed) + (select count(*) from logged))::int as stamped,
         (select count(*) from fact)::int as seen, (select system from last) as system, (select id from last) as id`,
      [table, ...values],
    );
    const { stamped, seen, system, id } = row!;
    return { stamped, seen, last: system === null || id === null ? null : { system, id } };
  });
}
