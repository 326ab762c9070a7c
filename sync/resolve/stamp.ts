/**
 * Stamp facts with their company and its dimensions, in chunks that stay short, each logged as a re-attribution.
 * A fact's own dimension (a deal's owner, a ticket's priority) is never overwritten. Looked at are the facts that
 * changed, those of companies that changed, and those that lean on a fact that was placed elsewhere; each by its key.
 */
import type { Database, Transaction } from '../../db/client.ts';
import { refreshStatistics } from '../../db/refresh-statistics.ts';
import type { ToStamp } from './match-changed.ts';
import { type Fact, factsOf, leaningOn, logSlices, movedIn, next } from './reach-facts.ts';
import { type Stamp, stamps } from './stamps.ts';

/** Facts per transaction. */
const CHUNK = 5_000;
/** Companies whose facts are held in memory at once. */
const COMPANIES = 1_000;

/** Stamp what is not stamped right. `since` is where the log was left. Returns how many rows were re-attributed. */
export async function stampFacts(db: Database, since: number, companies: ToStamp): Promise<number> {
  const direct = stamps.filter(({ reach }) => reach.of === 'company');
  const leaning = stamps.filter(({ reach }) => reach.of !== 'company');
  let total = 0;
  if (companies === 'all') {
    for (const stamp of stamps) total += await stampAll(db, stamp);
    return total;
  }
  for (let at = 0; at < companies.length; at += COMPANIES)
    for (const stamp of direct)
      total += await stampEach(db, stamp, await factsOf(db.sql, stamp, companies.slice(at, at + COMPANIES)));
  // Companies lead to people, deals and tickets; what was logged of these, just now included, leads to what leans on them.
  for (const some of [direct, leaning]) {
    const tables = new Set(some.flatMap(({ table, reach }) => [table, reach.of]));
    for (const slice of await logSlices(db.sql, since, [...tables])) {
      const changed = await movedIn(db.sql, slice, [...tables]);
      for (const stamp of some) {
        const own = changed.filter(({ tbl, own }) => own && tbl === stamp.table);
        const leads = changed.filter(({ tbl, moved }) => moved && tbl === stamp.reach.of);
        total += await stampEach(db, stamp, own);
        if (leads.length > 0) total += await stampEach(db, stamp, await leaningOn(db.sql, stamp, leads));
      }
    }
  }
  return total;
}

/** Every fact of the table, by key. */
async function stampAll(db: Database, stamp: Stamp): Promise<number> {
  let stamped = 0;
  for (let last: Fact | undefined = { system: '', id: '' }; last; ) {
    const facts: Fact[] = await next(db.sql, stamp.table, last, CHUNK);
    stamped += await stampEach(db, stamp, facts);
    last = facts.length < CHUNK ? undefined : facts.at(-1);
  }
  return stamped;
}

async function stampEach(db: Database, stamp: Stamp, facts: readonly Fact[]): Promise<number> {
  let stamped = 0;
  for (let at = 0; at < facts.length; at += CHUNK)
    stamped += await db.inTransaction((tx) => stampChunk(tx, stamp, facts.slice(at, at + CHUNK)));
  // What leans on this table is joined through the companies that it has just been given.
  if (stamped > 0) await refreshStatistics(db.sql, [stamp.table, 'change_log']);
  return stamped;
}

async function stampChunk(
  tx: Transaction,
  { table, path, take }: Stamp,
  facts: readonly Fact[],
): Promise<number> {
  const list = (row: string) => take.map((name) => `, ${row}.${name}`).join('');
  // Bulk work, not somebody's question.
  await tx`set local statement_timeout = '10min'`;
  const [row] = await tx.unsafe<{ n: number }[]>(
    // The facts by their keys first, whatever follows: a planner that knows little of new tables would join them last.
    `with chosen as (select distinct k.system, k.id from unnest($2::text[], $3::text[]) as k(system, id)),
     fact as materialized (
       select f.* from chosen k join "${table}" f on f.tenant = 1 and f.system = k.system and f.id = k.id),
     todo as materialized (
       select f.tenant, f.system, f.id, c.id as company${list('c')}
       from fact f ${path}
       where (f.company${list('f')}) is distinct from (c.id${list('c')})),
     batch as (insert into change_batch (source, stream) select 'resolve', $1 where exists (select from todo) returning id),
     put as (
       update "${table}" f set company = todo.company${take.map((name) => `, ${name} = todo.${name}`).join('')}
       from todo where f.tenant = todo.tenant and f.system = todo.system and f.id = todo.id
       returning to_jsonb(old) as o, to_jsonb(new) as n),
     logged as (insert into change_log (batch_id, tbl, old, new) select batch.id, $1, put.o, put.n from put cross join batch returning 1)
     select count(*)::int as n from logged`,
    [table, facts.map(({ system }) => system), facts.map(({ id }) => id)],
  );
  return row?.n ?? 0;
}
