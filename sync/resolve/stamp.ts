/**
 * Stamp facts with their company and its dimensions, in chunks that stay short. A fact's own dimension (a deal's owner,
 * a ticket's priority) is never overwritten. Looked at are the facts that changed, those that an account or a domain
 * leads to whose company is not what it was, and those that lean on a fact that was placed elsewhere; each by its key.
 */
import type { Database } from '../../db/client.ts';
import { refreshStatistics } from '../../db/refresh-statistics.ts';
import type { ToStamp } from './match-changed.ts';
import { type Fact, type Leading, logSlices, movedIn, reachFacts } from './reach-facts.ts';
import { CHUNK, stampNamed, stampNext } from './stamp-chunk.ts';
import { type Stamp, stamps } from './stamps.ts';

/** Leads whose facts are held in memory at once. */
const LEADS = 1_000;

/** Stamp what is not stamped right. `since` is where the log was left. Returns how many rows were re-attributed. */
export async function stampFacts(db: Database, since: number, left: ToStamp): Promise<number> {
  let total = 0;
  for (const some of stamps)
    if (left === 'all') for (const stamp of some) total += await stampAll(db, stamp);
    else {
      for (const stamp of some)
        for (const reach of stamp.reach)
          for (const leads of inChunks(leadsOf(left, reach.of), LEADS))
            total += await stampEach(db, stamp, await reachFacts(db.sql, reach, leads));
      total += await stampLogged(db, some, since);
    }
  return total;
}

/** What the log says changed, and what leans on it; what this round itself has placed included. */
async function stampLogged(db: Database, some: readonly Stamp[], since: number): Promise<number> {
  const tables = [...new Set(some.flatMap(({ table, reach }) => [table, ...reach.map(({ of }) => of)]))];
  let total = 0;
  for (const slice of await logSlices(db.sql, since, tables)) {
    const changed = await movedIn(db.sql, slice, tables);
    for (const stamp of some) {
      const own = changed.filter(({ tbl, own }) => own && tbl === stamp.table);
      total += await stampEach(db, stamp, own);
      for (const reach of stamp.reach) {
        const leads = changed.filter(({ tbl, moved }) => moved && tbl === reach.of);
        if (leads.length > 0) total += await stampEach(db, stamp, await reachFacts(db.sql, reach, leads));
      }
    }
  }
  return total;
}

/** Every fact of the table, by key. */
async function stampAll(db: Database, stamp: Stamp): Promise<number> {
  let total = 0;
  for (let last: Fact | null = { system: '', id: '' }; last; ) {
    const done = await stampNext(db, stamp, last);
    total += done.stamped;
    last = done.seen < CHUNK ? null : done.last;
    await refresh(db, stamp, done.stamped);
  }
  return total;
}

async function stampEach(db: Database, stamp: Stamp, facts: readonly Fact[]): Promise<number> {
  let total = 0;
  for (const chunk of inChunks(facts, CHUNK)) total += (await stampNamed(db, stamp, chunk)).stamped;
  await refresh(db, stamp, total);
  return total;
}

/** What leans on a table is joined through the companies that it has just been given. */
async function refresh(db: Database, { table }: Stamp, stamped: number): Promise<void> {
  if (stamped > 0) await refreshStatistics(db.sql, [table, 'change_log']);
}

function leadsOf({ accounts, domains }: Exclude<ToStamp, 'all'>, of: string): Leading[] {
  const none = { email: null, old_email: null };
  if (of === 'account') return accounts.map((account) => ({ ...account, ...none }));
  return of === 'domain' ? domains.map((id) => ({ system: '', id, ...none })) : [];
}

function* inChunks<T>(rows: readonly T[], size: number): Iterable<readonly T[]> {
  for (let at = 0; at < rows.length; at += size) yield rows.slice(at, at + size);
}
