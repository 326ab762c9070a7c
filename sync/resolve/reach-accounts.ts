/**
 * The accounts whom a change concerns: all that a changed account's keys of before or of now, its company or a rule lead
 * to, and from these on. What shares nothing with them is matched as it was, so matching these alone says the same as
 * matching all.
 */
import { createHash } from 'node:crypto';
import type { Queryable } from '../../db/client.ts';
import { type AccountRow, keysOf } from './keys.ts';
import { type AccountRef, type MatchRule, nameOf } from './rules.ts';

export type Link = AccountRef & { company: number; reason: string; keys: number[] };
export type Reach = { accounts: AccountRow[]; links: Link[] };

/** Accounts beyond which it is quicker to match all. */
const LOCAL = 5_000;

/** Keys as numbers: short in an index. Two keys with one hash lead too far, which costs time and changes nothing. */
export const hashedKeys = (account: AccountRow): number[] => [
  ...new Set(keysOf(account).map(({ key }) => createHash('sha1').update(key).digest().readUIntBE(0, 6))),
];

/** Null when a change concerns more than a few thousand accounts. */
export async function reachAccounts(
  sql: Queryable,
  changed: readonly AccountRef[],
  rules: readonly Pick<MatchRule, 'one' | 'other'>[],
): Promise<Reach | null> {
  const reach: Reach = { accounts: [], links: [] };
  const seen = new Map<string, AccountRef>();
  const keys = new Set<number>();
  const companies = new Set<number>();
  let edge: readonly AccountRef[] = changed;
  for (;;) {
    const next = new Map(
      edge.map((ref) => [nameOf(ref), ref]).filter(([name]) => !seen.has(name as string)) as [
        string,
        AccountRef,
      ][],
    );
    if (next.size === 0) return reach;
    for (const [name, ref] of next) seen.set(name, ref);
    if (seen.size > LOCAL) return null;
    const [systems, ids] = [
      [...next.values()].map(({ system }) => system),
      [...next.values()].map(({ id }) => id),
    ];
    const accounts = await sql<AccountRow[]>`
      select a.system, a.id, a.name, a.domain, a.email, a.external_ids, a.country, a.region, a.segment, a.owner, a.source
      from unnest(${systems}::text[], ${ids}::text[]) as k(system, id) join account a on a.tenant = 1 and a.system = k.system and a.id = k.id`;
    const links = await sql<Link[]>`
      select l.system, l.id, l.company, l.reason, l.keys
      from unnest(${systems}::text[], ${ids}::text[]) as k(system, id) join entity_link l on l.tenant = 1 and l.system = k.system and l.id = k.id`;
    reach.accounts.push(...accounts);
    reach.links.push(...links);
    const newKeys = unseen(keys, [...accounts.flatMap(hashedKeys), ...links.flatMap((link) => link.keys)]);
    const newCompanies = unseen(
      companies,
      links.map(({ company }) => company),
    );
    const kin = await sql<AccountRef[]>`
      select system, id from entity_link where tenant = 1 and keys && ${newKeys}::bigint[]
      union
      select system, id from entity_link where tenant = 1 and company = any(${newCompanies}::bigint[])
      limit ${LOCAL + 1}`;
    if (kin.length > LOCAL) return null;
    const told = rules.flatMap(({ one, other }) =>
      next.has(nameOf(one)) ? [other] : next.has(nameOf(other)) ? [one] : [],
    );
    edge = [...kin, ...told];
  }
}

function unseen(seen: Set<number>, found: readonly number[]): number[] {
  const fresh = [...new Set(found)].filter((each) => !seen.has(each));
  for (const each of fresh) seen.add(each);
  return fresh;
}
