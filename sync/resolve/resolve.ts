/**
 * Entity resolution: a consumer of the change log. When accounts changed it matches them anew (linear, explainable),
 * keeps companies' ids stable and writes only what differs; then it stamps the facts that changed.
 */
import type { Database } from '../../db/client.ts';
import { judgeTickets } from './judge-tickets.ts';
import { type AccountRow, normaliseDomain } from './keys.ts';
import { firstSaid, type Match, matchAccounts } from './match.ts';
import { reconvert } from './reconvert.ts';
import { RULES, readRules } from './rules.ts';
import { stampFacts } from './stamp.ts';

const CONSUMER = 'resolve';
/** Changes after which a table's statistics are taken anew. */
const GROWN = 2_000;

/** Catch up with the log. Returns the number of re-attributed facts. Run under the consumers' lease. */
export async function resolve(db: Database): Promise<number> {
  await db.sql`insert into consumer_position (consumer) values (${CONSUMER}) on conflict do nothing`;
  const [at] = await db.sql<{ seq: number; latest: number }[]>`
    select p.seq, (select seq from data_version) as latest from consumer_position p where consumer = ${CONSUMER}`;
  // Tickets have a position of their own: targets run out while no record comes in.
  if (!at || at.latest <= at.seq) return judgeTickets(db);
  await refreshStatistics(db, at.seq, at.latest);
  const [accounts] = await db.sql<{ changed: boolean }[]>`
    select exists (select from change_log l join change_batch b on b.id = l.batch_id where b.seq > ${at.seq} and b.seq <= ${at.latest} and l.tbl = 'account')
      or exists (select from change_batch b where b.seq > ${at.seq} and b.seq <= ${at.latest} and b.source = ${RULES}) as changed`;
  if (accounts?.changed) await matchAll(db);
  const stamped =
    (await reconvert(db, at.seq, at.latest)) +
    (await stampFacts(db, accounts?.changed ? null : at.seq, at.latest)) +
    (await judgeTickets(db));
  // Position last: a crash before it repeats the work, which then finds nothing to do.
  await db.sql`update consumer_position set seq = ${at.latest}, updated_at = clock_timestamp() where consumer = ${CONSUMER}`;
  return stamped;
}

/** Tables that just grew a lot have no statistics yet, and the planner would join them row by row. */
async function refreshStatistics(db: Database, from: number, to: number): Promise<void> {
  const grown = await db.sql<{ tbl: string }[]>`
    select l.tbl from change_log l join change_batch b on b.id = l.batch_id where b.seq > ${from} and b.seq <= ${to}
    group by l.tbl having sum(l.n) > ${GROWN}`;
  for (const { tbl } of grown) await db.sql`analyze ${db.sql(tbl)}`;
}

type Link = { system: string; id: string; company: number };

async function matchAll(db: Database): Promise<void> {
  const accounts = await db.sql<
    AccountRow[]
  >`select system, id, name, domain, email, external_ids, country, region, segment, owner, source from account where tenant = 1`;
  const links = await db.sql<Link[]>`select system, id, company from entity_link where tenant = 1`;
  const known = new Map(links.map((link) => [`${link.system}\u0000${link.id}`, link.company]));
  const matches = matchAccounts(accounts, await readRules(db.sql));
  const fresh: Match[] = [];
  const placed: { company: number; match: Match }[] = [];
  const taken = new Set<number>();
  for (const match of matches) {
    // The member whose system counts most keeps its company's id.
    const id = match.members
      .map((row) => known.get(`${row.system}\u0000${row.id}`))
      .find((company) => company !== undefined && !taken.has(company));
    if (id === undefined) fresh.push(match);
    else {
      taken.add(id);
      placed.push({ company: id, match });
    }
  }
  await db.inTransaction(async (tx) => {
    if (fresh.length > 0) {
      const rows = await tx<
        { id: number }[]
      >`select nextval(pg_get_serial_sequence('company', 'id'))::bigint as id from generate_series(1, ${fresh.length})`;
      fresh.forEach((match, at) => {
        placed.push({ company: rows[at]!.id, match });
      });
    }
    const companies = placed.map(({ company, match }) => ({
      id: company,
      tenant: 1,
      name: firstSaid(match.members, 'name'),
      region: firstSaid(match.members, 'region'),
      segment: firstSaid(match.members, 'segment'),
      owner: firstSaid(match.members, 'owner'),
      source: firstSaid(match.members, 'source'),
    }));
    await tx`
      insert into company as c select * from jsonb_populate_recordset(null::company, ${JSON.stringify(companies)}::text::jsonb)
      on conflict (id) do update set name = excluded.name, region = excluded.region, segment = excluded.segment, owner = excluded.owner, source = excluded.source
      where (c.name, c.region, c.segment, c.owner, c.source) is distinct from (excluded.name, excluded.region, excluded.segment, excluded.owner, excluded.source)`;
    const wanted = placed.flatMap(({ company, match }) =>
      match.members.map((row) => ({
        tenant: 1,
        system: row.system,
        id: row.id,
        company,
        reason: match.reasons.get(row) ?? 'own id',
        keys: [],
      })),
    );
    await tx`
      insert into entity_link as l select * from jsonb_populate_recordset(null::entity_link, ${JSON.stringify(wanted)}::text::jsonb)
      on conflict (tenant, system, id) do update set company = excluded.company, reason = excluded.reason
      where (l.company, l.reason) is distinct from (excluded.company, excluded.reason)`;
    await tx`delete from entity_link l where not exists (select from account a where a.tenant = l.tenant and a.system = l.system and a.id = l.id)`;
    await tx`delete from company_domain`;
    const domains = new Map<string, number | null>();
    for (const { company, match } of placed) {
      for (const row of match.members) {
        const domain = row.domain ? normaliseDomain(row.domain) : null;
        if (domain)
          domains.set(domain, domains.has(domain) && domains.get(domain) !== company ? null : company);
      }
    }
    const single = [...domains].filter((entry): entry is [string, number] => entry[1] !== null);
    await tx`insert into company_domain (domain, company) select * from unnest(${single.map(([domain]) => domain)}::text[], ${single.map(([, company]) => company)}::bigint[])`;
  });
  // Every path of a stamp leads through these: without figures a first load is joined row by row (9 s for 3,000 touches).
  await db.sql`analyze account, entity_link, company, person, deal, ticket`;
}
