/** Who is who, source-keyed: accounts, people and our own staff. */
import { orm, pg } from '../../drizzle.ts';
import { instant, key, stamped } from './columns.ts';

const { bigint, boolean, index, jsonb, pgTable, primaryKey, text } = pg;

export const account = pgTable(
  'account',
  {
    ...key,
    name: text('name'),
    domain: text('domain'),
    /** Ids by which the record names itself in other systems: {"salesforce": "001…"}. */
    external_ids: jsonb('external_ids').$type<Record<string, string>>(),
    email: text('email'),
    country: text('country'),
    region: text('region'),
    segment: text('segment'),
    industry: text('industry'),
    owner: text('owner'),
    /** Marketing origin: lead source of the first deal or contact. */
    source: text('source'),
    kind: text('kind'),
    created_at: instant('created_at'),
    company: bigint('company', { mode: 'number' }),
  },
  (t) => [primaryKey({ columns: [t.tenant, t.system, t.id] }), index('account_company').on(t.company)],
);

export const person = pgTable(
  'person',
  {
    ...key,
    ...stamped,
    email: text('email'),
    name: text('name'),
    title: text('title'),
    country: text('country'),
    account_id: text('account_id'),
    owner: text('owner'),
    source: text('source'),
    kind: text('kind'),
    created_at: instant('created_at'),
    lead_at: instant('lead_at'),
    mql_at: instant('mql_at'),
    /** True when the stage was skipped and the date is the next stage's. */
    mql_imputed: boolean('mql_imputed'),
    sql_at: instant('sql_at'),
    opportunity_at: instant('opportunity_at'),
    customer_at: instant('customer_at'),
  },
  (t) => [
    primaryKey({ columns: [t.tenant, t.system, t.id] }),
    index('person_company').on(t.company),
    index('person_account').on(t.tenant, t.system, t.account_id),
    index('person_email').on(orm.sql`lower(email)`),
    index('person_domain').on(orm.sql`lower(split_part(email, '@', 2))`).where(orm.sql`account_id is null`),
  ],
);

export const staff = pgTable(
  'staff',
  {
    ...key,
    name: text('name'),
    email: text('email'),
    team: text('team'),
    region: text('region'),
    active: boolean('active'),
  },
  (t) => [primaryKey({ columns: [t.tenant, t.system, t.id] })],
);
