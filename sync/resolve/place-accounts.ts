/** What was matched, written where it differs: companies keep their ids, and only rows that changed are touched. */
import type { Transaction } from '../../db/client.ts';
import { normaliseDomain } from './keys.ts';
import { firstSaid, type Match } from './match.ts';
import { hashedKeys, type Link } from './reach-accounts.ts';
import { type AccountRef, nameOf } from './rules.ts';

type Placed = { company: number; match: Match };
/** Accounts and domains of which the company, or what it says, is not what it was: they lead to the facts to be stamped. */
export type Moved = { accounts: AccountRef[]; domains: string[] };

/** Rows per statement. */
const CHUNK = 10_000;

/**
 * Write the matches of some accounts. `links` are the links of those accounts and of all others of their companies.
 * Returns what leads to the facts to be stamped; an account that is gone and a domain that is nobody's lead to theirs too.
 */
export async function placeAccounts(
  tx: Transaction,
  matches: readonly Match[],
  links: readonly Link[],
): Promise<Moved> {
  const known = new Map(links.map((link) => [nameOf(link), link]));
  const placed = await giveIds(tx, matches, known);
  const companies = new Set(await writeCompanies(tx, placed));
  const accounts: AccountRef[] = await writeLinks(tx, placed, known);
  const domains = await writeDomains(tx, placed, links);
  for (const { company, match } of placed)
    if (companies.has(company))
      for (const { system, id, domain } of match.members) {
        accounts.push({ system, id });
        const host = domain && normaliseDomain(domain);
        if (host) domains.push(host);
      }
  return { accounts, domains };
}

async function giveIds(
  tx: Transaction,
  matches: readonly Match[],
  known: ReadonlyMap<string, Link>,
): Promise<Placed[]> {
  const taken = new Set<number>();
  const fresh: Match[] = [];
  const placed: Placed[] = [];
  for (const match of matches) {
    // The member whose system counts most keeps its company's id.
    const company = match.members
      .map((row) => known.get(nameOf(row))?.company)
      .find((id) => id !== undefined && !taken.has(id));
    if (company === undefined) fresh.push(match);
    else {
      taken.add(company);
      placed.push({ company, match });
    }
  }
  if (fresh.length === 0) return placed;
  const ids = await tx<{ id: number }[]>`
    select nextval(pg_get_serial_sequence('company', 'id'))::bigint as id from generate_series(1, ${fresh.length})`;
  return [...placed, ...fresh.map((match, at) => ({ company: ids[at]!.id, match }))];
}

async function writeCompanies(tx: Transaction, placed: readonly Placed[]): Promise<number[]> {
  const changed: number[] = [];
  for (const some of inChunks(placed)) {
    const companies = some.map(({ company, match }) => ({
      id: company,
      tenant: 1,
      name: firstSaid(match.members, 'name'),
      region: firstSaid(match.members, 'region'),
      segment: firstSaid(match.members, 'segment'),
      owner: firstSaid(match.members, 'owner'),
      source: firstSaid(match.members, 'source'),
    }));
    const rows = await tx<{ id: number }[]>`
      insert into company as c
      select n.* from jsonb_populate_recordset(null::company, ${JSON.stringify(companies)}::text::jsonb) n left join company o on o.id = n.id
      where o.id is null or (o.name, o.region, o.segment, o.owner, o.source) is distinct from (n.name, n.region, n.segment, n.owner, n.source)
      on conflict (id) do update set name = excluded.name, region = excluded.region, segment = excluded.segment, owner = excluded.owner, source = excluded.source
      returning id`;
    for (const { id } of rows) changed.push(id);
  }
  return changed;
}

async function writeLinks(
  tx: Transaction,
  placed: readonly Placed[],
  known: ReadonlyMap<string, Link>,
): Promise<AccountRef[]> {
  const gone = new Map(known);
  const moved: AccountRef[] = [];
  const wanted = placed.flatMap(({ company, match }) =>
    match.members.flatMap((row) => {
      const was = known.get(nameOf(row));
      gone.delete(nameOf(row));
      const now = {
        system: row.system,
        id: row.id,
        company,
        reason: match.reasons.get(row) ?? 'own id',
        keys: hashedKeys(row),
      };
      if (was?.company !== company) moved.push({ system: row.system, id: row.id });
      return was?.company === company && was.reason === now.reason && was.keys.join() === now.keys.join()
        ? []
        : [{ tenant: 1, ...now }];
    }),
  );
  for (const some of inChunks(wanted))
    await tx`
      insert into entity_link select * from jsonb_populate_recordset(null::entity_link, ${JSON.stringify(some)}::text::jsonb)
      on conflict (tenant, system, id) do update set company = excluded.company, reason = excluded.reason, keys = excluded.keys`;
  const out = [...gone.values()];
  await tx`
    delete from entity_link l using unnest(${out.map(({ system }) => system)}::text[], ${out.map(({ id }) => id)}::text[]) as k(system, id)
    where l.tenant = 1 and l.system = k.system and l.id = k.id`;
  return [...moved, ...out.map(({ system, id }) => ({ system, id }))];
}

/** A domain belongs to a company while no other has it. All accounts that have it are among the placed: it is a key. */
async function writeDomains(
  tx: Transaction,
  placed: readonly Placed[],
  links: readonly Link[],
): Promise<string[]> {
  const holders = new Map<string, number | null>();
  for (const { company, match } of placed)
    for (const row of match.members) {
      const domain = row.domain ? normaliseDomain(row.domain) : null;
      if (domain)
        holders.set(domain, holders.has(domain) && holders.get(domain) !== company ? null : company);
    }
  const single = [...holders].filter((entry): entry is [string, number] => entry[1] !== null);
  const domains = single.map(([domain]) => domain);
  const concerned = [
    ...new Set([...placed.map(({ company }) => company), ...links.map(({ company }) => company)]),
  ];
  const out = await tx<{ domain: string }[]>`
    delete from company_domain d where company = any(${concerned}::bigint[])
      and not exists (select from unnest(${domains}::text[]) as k(domain) where k.domain = d.domain)
    returning domain`;
  const rows = await tx<{ domain: string }[]>`
    insert into company_domain as d select k.* from unnest(${domains}::text[], ${single.map(([, company]) => company)}::bigint[]) as k(domain, company)
      left join company_domain o using (domain) where o.company is distinct from k.company
    on conflict (domain) do update set company = excluded.company returning domain`;
  return [...out, ...rows].map(({ domain }) => domain);
}

function* inChunks<T>(rows: readonly T[]): Iterable<readonly T[]> {
  for (let at = 0; at < rows.length; at += CHUNK) yield rows.slice(at, at + CHUNK);
}
