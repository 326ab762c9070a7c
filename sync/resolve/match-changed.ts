/** Match anew whom changed accounts and rules concern, or all where that is most of them. */
import type { Database, Queryable } from '../../db/client.ts';
import { refreshStatistics } from '../../db/refresh-statistics.ts';
import type { AccountRow } from './keys.ts';
import { matchAccounts } from './match.ts';
import { type Moved, placeAccounts } from './place-accounts.ts';
import { type Link, type Reach, reachAccounts } from './reach-accounts.ts';
import { type AccountRef, nameOf, RULES, readRules } from './rules.ts';

/** Raise it when `keysOf` or `matchAccounts` decide otherwise than before: everything is then matched anew, once. */
const MATCHING = 3;
/** More changed accounts than this, and all are matched. */
const LISTED = 2_000;
/** More accounts than this whose facts are to be stamped, and all facts are looked at. */
const LEADS = 10_000;

/** What leads to the facts that are to be stamped. Kept with the matching until they are. */
export type ToStamp = 'all' | Moved;
type Detail = { matching?: number; stamp?: ToStamp };

/** Catch up with the log of `consumer`. Returns what leads to the facts that are to be stamped, of earlier rounds too. */
export async function matchChanged(
  db: Database,
  consumer: string,
  since: number,
  upTo: number,
): Promise<ToStamp> {
  const [position] = await db.sql<{ detail: Detail | null }[]>`
    select detail from consumer_position where consumer = ${consumer}`;
  const { matching, stamp: left = { accounts: [], domains: [] } } = position?.detail ?? {};
  const changed = matching === MATCHING ? await changedAccounts(db.sql, since, upTo) : null;
  if (changed?.length === 0) return left;
  const rules = await readRules(db.sql);
  const local = changed && (await reachAccounts(db.sql, changed, rules));
  const { accounts, links } = local ?? (await everyAccount(db.sql));
  const matches = matchAccounts(accounts, rules);
  const stamp = await db.inTransaction(async (tx) => {
    await tx`set local statement_timeout = '10min'`;
    const moved = await placeAccounts(tx, matches, links);
    // Another way of matching may come with another way of stamping.
    const stamp = matching === MATCHING ? together(left, moved) : 'all';
    await tx`
      update consumer_position set detail = ${JSON.stringify({ matching: MATCHING, stamp })}::text::jsonb where consumer = ${consumer}`;
    return stamp;
  });
  await refreshStatistics(db.sql, ['entity_link', 'company', 'company_domain']);
  return stamp;
}

function together(left: ToStamp, { accounts, domains }: Moved): ToStamp {
  if (left === 'all') return 'all';
  const both = {
    accounts: [...new Map([...left.accounts, ...accounts].map((ref) => [nameOf(ref), ref])).values()],
    domains: [...new Set([...left.domains, ...domains])],
  };
  return both.accounts.length + both.domains.length > LEADS ? 'all' : both;
}

/** Accounts that changed, and those of which rules speak where rules changed; null when there are many. */
async function changedAccounts(sql: Queryable, since: number, upTo: number): Promise<AccountRef[] | null> {
  const [told] = await sql<{ n: number; rules: boolean }[]>`
    select coalesce(sum(l.n), 0)::int as n,
      exists (select from change_batch where seq > ${since} and seq <= ${upTo} and source = ${RULES}) as rules
    from change_batch b cross join lateral (select sum(n) as n from change_log where batch_id = b.id and tbl = 'account') l
    where b.seq > ${since} and b.seq <= ${upTo}`;
  if (!told || told.n > LISTED) return null;
  const accounts =
    told.n === 0
      ? []
      : await sql<AccountRef[]>`
    select distinct coalesce(l.new, l.old)->>'system' as system, coalesce(l.new, l.old)->>'id' as id
    from change_batch b cross join lateral changes_in(b.id) l where b.seq > ${since} and b.seq <= ${upTo} and l.tbl = 'account'`;
  // A rule's batch does not say which: those that hold and those that did are few.
  const spoken = told.rules
    ? (await readRules(sql, { all: true })).flatMap(({ one, other }) => [one, other])
    : [];
  return [...accounts, ...spoken];
}

async function everyAccount(sql: Queryable): Promise<Reach> {
  const accounts = await sql<AccountRow[]>`
    select system, id, name, domain, email, external_ids, country, region, segment, owner, source from account where tenant = 1`;
  const links = await sql<Link[]>`select system, id, company, reason, keys from entity_link where tenant = 1`;
  return { accounts, links };
}
