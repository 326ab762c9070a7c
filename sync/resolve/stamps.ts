/**
 * How facts come to their companies: data, in which every road leads by an index in both directions. Where a fact
 * belongs follows from what is in the tables now, not from the order in which it came: what no road leads to has no company.
 */

/** What leads to facts: an account, a domain, or another fact, itself stamped before. */
export type Lead = 'account' | 'domain' | 'person' | 'deal' | 'ticket';

export type Stamp = {
  table: string;
  /** Joins that lead from the fact `f` towards its company (after `from <table> f`), and the id of the company that they lead to. */
  path: string;
  company: string;
  /** Columns taken from the company. */
  take: readonly ('region' | 'segment' | 'owner' | 'source')[];
  /** The way back: facts `f` to which leads `k` (system, id, email, old_email) may lead. */
  reach: readonly { of: Lead; from: string }[];
};

const place = ['region', 'segment'] as const;

const account = `left join entity_link l on l.tenant = f.tenant and l.system = f.system and l.id = f.account_id`;
/** Read by its own column `<of>_id`. */
const through = (of: Lead, table: string) => ({
  of,
  from: `k join "${table}" f on f.tenant = 1 and f.system = k.system and f.${of}_id = k.id`,
});

const byAccount = (table: string, take: Stamp['take'] = place): Stamp => ({
  table,
  take,
  path: account,
  company: 'l.company',
  reach: [through('account', table)],
});

/** By a fact to which it belongs. */
const by = (of: 'person' | 'deal' | 'ticket', table: string): Stamp => ({
  table,
  take: place,
  path: `left join "${of}" p on p.tenant = f.tenant and p.system = f.system and p.id = f.${of}_id`,
  company: 'p.company',
  reach: [through(of, table)],
});

/** People without an account are placed by the domain of their e-mail, where exactly one company has it. */
const person: Stamp = {
  table: 'person',
  take: place,
  path: `${account} left join company_domain d on f.account_id is null and d.domain = lower(split_part(f.email, '@', 2))`,
  company: 'coalesce(l.company, d.company)',
  reach: [
    through('account', 'person'),
    {
      of: 'domain',
      from: `k join person f on f.tenant = 1 and f.account_id is null and lower(split_part(f.email, '@', 2)) = k.id`,
    },
  ],
};

/** Conversations that name no account are placed by the person. */
const conversation: Stamp = {
  table: 'conversation',
  take: place,
  path: `${account} left join person p on f.account_id is null and p.tenant = f.tenant and p.system = f.system and p.id = f.person_id`,
  company: 'coalesce(l.company, p.company)',
  reach: [through('account', 'conversation'), through('person', 'conversation')],
};

/**
 * A survey file names customers by another system's ids, or not at all: its answers are placed by the e-mail of a
 * person whom any system knows, where all who have that address belong to one company.
 */
const survey: Stamp = {
  table: 'survey',
  take: place,
  path: `${account} left join lateral (
      select min(p.company) as company from person p
      where l.company is null and p.tenant = 1 and p.company is not null and lower(p.email) = lower(f.email)
      having count(distinct p.company) = 1) known on true`,
  company: 'coalesce(l.company, known.company)',
  reach: [
    through('account', 'survey'),
    {
      of: 'person',
      from: 'k join survey f on f.tenant = 1 and lower(f.email) in (lower(k.email), lower(k.old_email))',
    },
  ],
};

/**
 * Facts that accounts and domains lead to, then those that lean on them. A subscription's owner and source are its
 * company's; "unplaced" in the database knows which columns each table takes.
 */
export const stamps: readonly (readonly Stamp[])[] = [
  [
    byAccount('subscription', ['region', 'segment', 'owner', 'source']),
    byAccount('deal'),
    person,
    byAccount('ticket'),
    byAccount('invoice'),
    byAccount('payment'),
  ],
  [
    conversation,
    survey,
    by('person', 'touch'),
    by('person', 'activity'),
    by('deal', 'deal_stage'),
    by('ticket', 'ticket_event'),
  ],
];
