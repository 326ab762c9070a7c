/** How facts come to their companies: data, in which every road leads by an index in both directions. */

export type Stamp = {
  table: string;
  /** Joins that lead from the fact `f` to its company `c` (after `from <table> f`). */
  path: string;
  /** Columns taken from the company. */
  take: readonly ('region' | 'segment' | 'owner' | 'source')[];
  /** The way back: where the facts `f` are that changes may concern. */
  reach:
    | { of: 'company'; from: string }
    /** Through another fact, itself stamped before: `k` is what was logged of it (system, id, emails). */
    | { of: 'person' | 'deal' | 'ticket'; from: string };
};

const place = ['region', 'segment'] as const;

const byAccount = (table: string, take: Stamp['take'] = place): Stamp => ({
  table,
  take,
  path: 'join entity_link l on l.tenant = f.tenant and l.system = f.system and l.id = f.account_id join company c on c.id = l.company',
  reach: {
    of: 'company',
    from: `entity_link l join "${table}" f on f.tenant = l.tenant and f.system = l.system and f.account_id = l.id where l.company = any($1::bigint[])`,
  },
});

/** By a fact to which it belongs. */
const by = (of: 'person' | 'deal' | 'ticket', table: string, where = ''): Stamp => ({
  table,
  take: place,
  path: `join "${of}" p on p.tenant = f.tenant and p.system = f.system and p.id = f.${of}_id join company c on c.id = p.company ${where}`,
  reach: { of, from: `k join "${table}" f on f.tenant = 1 and f.system = k.system and f.${of}_id = k.id` },
});

/** People without an account are placed by the domain of their e-mail, where exactly one company has it. */
const byDomain: Stamp = {
  table: 'person',
  take: place,
  path: `join company_domain d on f.account_id is null and d.domain = lower(split_part(f.email, '@', 2)) join company c on c.id = d.company`,
  reach: {
    of: 'company',
    from: `company_domain d join person f on f.tenant = 1 and f.account_id is null and lower(split_part(f.email, '@', 2)) = d.domain
      where d.company = any($1::bigint[])`,
  },
};

/**
 * A survey file names customers by another system's ids, or not at all: its answers are placed by the e-mail of a
 * person whom any system knows, where all who have that address belong to one company.
 */
const byEmail: Stamp = {
  table: 'survey',
  take: place,
  path: `join lateral (
      select min(p.company) as company from person p where p.tenant = 1 and p.company is not null and lower(p.email) = lower(f.email)
      having count(distinct p.company) = 1) known on true
    join company c on c.id = known.company
      and not exists (select from entity_link l where l.tenant = f.tenant and l.system = f.system and l.id = f.account_id)`,
  reach: {
    of: 'person',
    from: 'k join survey f on f.tenant = 1 and lower(f.email) in (lower(k.email), lower(k.old_email))',
  },
};

/** Facts that their companies lead to, then those that lean on them. */
export const stamps: readonly Stamp[] = [
  byAccount('subscription', ['region', 'segment', 'owner', 'source']),
  byAccount('deal'),
  byAccount('person'),
  byDomain,
  byAccount('ticket'),
  byAccount('conversation'),
  byAccount('invoice'),
  byAccount('payment'),
  byAccount('survey'),
  by('person', 'conversation', 'and f.account_id is null'),
  byEmail,
  by('person', 'touch'),
  by('person', 'activity'),
  by('deal', 'deal_stage'),
  by('ticket', 'ticket_event'),
];
