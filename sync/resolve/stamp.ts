/**
 * Stamp facts with their company and its dimensions, in chunks that stay short, each logged as a re-attribution.
 * A fact's own dimension (a deal's owner, a ticket's priority) is never overwritten.
 */
import type { Database, Transaction } from '../../db/client.ts';

export type Stamp = {
  table: string;
  /** Joins that lead from the fact `f` to its company `c` (after `from <table> f`). */
  path: string;
  /** Columns taken from the company. */
  take: readonly ('region' | 'segment' | 'owner' | 'source')[];
};

const viaAccount = `join entity_link l on l.tenant = f.tenant and l.system = f.system and l.id = f.account_id join company c on c.id = l.company`;
const viaPerson = `join person p on p.tenant = f.tenant and p.system = f.system and p.id = f.person_id join company c on c.id = p.company`;
const place = ['region', 'segment'] as const;

/** In the order in which they lean on each other: people before their touches, deals before their stages. */
export const stamps: readonly Stamp[] = [
  { table: 'subscription', path: viaAccount, take: ['region', 'segment', 'owner', 'source'] },
  { table: 'deal', path: viaAccount, take: place },
  { table: 'person', path: viaAccount, take: place },
  // People without an account are placed by the domain of their e-mail, where exactly one company has it.
  {
    table: 'person',
    path: `join company_domain d on f.account_id is null and d.domain = lower(split_part(f.email, '@', 2)) join company c on c.id = d.company`,
    take: place,
  },
  { table: 'ticket', path: viaAccount, take: place },
  { table: 'conversation', path: viaAccount, take: place },
  { table: 'conversation', path: `${viaPerson} and f.account_id is null`, take: place },
  { table: 'invoice', path: viaAccount, take: place },
  { table: 'payment', path: viaAccount, take: place },
  { table: 'survey', path: viaAccount, take: place },
  // A survey file names customers by another system's ids, or not at all: its answers are placed by the e-mail of a
  // person whom any system knows, where all who have that address belong to one company.
  {
    table: 'survey',
    path: `join (
        select lower(p.email) as email, min(p.company) as company from person p where p.tenant = 1 and p.company is not null
        group by 1 having count(distinct p.company) = 1) known on known.email = lower(f.email)
      join company c on c.id = known.company
        and not exists (select from entity_link l where l.tenant = f.tenant and l.system = f.system and l.id = f.account_id)`,
    take: place,
  },
  { table: 'touch', path: viaPerson, take: place },
  { table: 'activity', path: viaPerson, take: place },
  {
    table: 'deal_stage',
    path: `join deal d on d.tenant = f.tenant and d.system = f.system and d.id = f.deal_id join company c on c.id = d.company`,
    take: place,
  },
  {
    table: 'ticket_event',
    path: `join ticket t on t.tenant = f.tenant and t.system = f.system and t.id = f.ticket_id join company c on c.id = t.company`,
    take: place,
  },
];

/** Facts per transaction. */
const CHUNK = 5_000;
/** Rows stamped after which a table's statistics are taken anew. */
const GROWN = 1_000;

/**
 * Stamp what is not stamped right. `since` limits the look to facts that changed in batches after it; null looks at
 * all of them (a company changed). Returns how many rows were re-attributed.
 */
export async function stampFacts(db: Database, since: number | null, upTo: number): Promise<number> {
  let total = 0;
  for (const stamp of stamps) {
    let stamped = 0;
    for (;;) {
      const done = await db.inTransaction((tx) => stampChunk(tx, stamp, since, upTo));
      stamped += done;
      if (done < CHUNK) break;
    }
    // What leans on this table is joined through its companies: with the statistics of before, row by row.
    if (stamped >= GROWN) await db.sql`analyze ${db.sql(stamp.table)}`;
    total += stamped;
  }
  return total;
}

async function stampChunk(
  tx: Transaction,
  { table, path, take }: Stamp,
  since: number | null,
  upTo: number,
): Promise<number> {
  // Changed facts are found once and lead to their rows by key: as a condition on each row, the log would be read once
  // per fact (13 s instead of 0.1 s after a first sync of 14,000 records).
  const changed =
    since === null
      ? ''
      : `changed as materialized (
       select distinct l.new->>'system' as system, l.new->>'id' as id from change_batch b cross join lateral changes_in(b.id) l
       where b.seq > $3 and b.seq <= $4 and l.tbl = $2 and l.new is not null),`;
  const facts =
    since === null
      ? `"${table}" f`
      : `changed k join "${table}" f on f.tenant = 1 and f.system = k.system and f.id = k.id`;
  const limits =
    since === null ? `$3::bigint is null and $4::bigint is not null and $2::text is not null` : 'true';
  // Bulk work, not somebody's question.
  await tx`set local statement_timeout = '10min'`;
  const [row] = await tx.unsafe<{ n: number }[]>(
    `with ${changed} todo as (
       select f.tenant, f.system, f.id, c.id as company${take.map((name) => `, c.${name}`).join('')}
       from ${facts} ${path}
       where f.tenant = 1 and ${limits}
         and (f.company, ${take.map((name) => `f.${name}`).join(', ')}) is distinct from (c.id, ${take.map((name) => `c.${name}`).join(', ')})
       order by f.system, f.id limit ${CHUNK}),
     batch as (insert into change_batch (source, stream) select 'resolve', $2 where exists (select from todo) returning id),
     put as (
       update "${table}" f set company = todo.company${take.map((name) => `, ${name} = todo.${name}`).join('')}
       from todo where f.tenant = todo.tenant and f.system = todo.system and f.id = todo.id
       returning to_jsonb(old) as o, to_jsonb(new) as n),
     logged as (insert into change_log (batch_id, tbl, old, new) select batch.id, $2, put.o, put.n from put cross join batch returning 1)
     select count(*)::int as n from logged where $1::int = 1`,
    [1, table, since, upTo],
  );
  return row?.n ?? 0;
}
