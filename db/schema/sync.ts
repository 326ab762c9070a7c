/** What the sync worker keeps: batches and their commit order, positions, runs, history, quarantine. */
import { orm, pg } from '../drizzle.ts';

const {
  bigint,
  bigserial,
  boolean,
  doublePrecision,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  serial,
  text,
  timestamp,
  uuid,
  uniqueIndex,
} = pg;
const instant = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' });

/**
 * One row per writing transaction, inserted first. `seq` is given inside COMMIT by a deferred constraint trigger
 * (see the migration): dense and in commit order, hence the data version. Rows of the same transaction refer to it:
 * a statement that strays outside a lost transaction is refused by the trigger "in_batch" (docs/decisions).
 */
export const change_batch = pgTable(
  'change_batch',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    source: text('source').notNull(),
    stream: text('stream'),
    run_id: bigint('run_id', { mode: 'number' }),
    seq: bigint('seq', { mode: 'number' }),
    committed_at: instant('committed_at'),
  },
  (t) => [
    uniqueIndex('change_batch_seq').on(t.seq),
    index('change_batch_committed').on(t.committed_at),
    index('change_batch_run').on(t.run_id),
  ],
);

/** The one-row counter behind `seq`. */
export const data_version = pgTable('data_version', {
  one: boolean('one').primaryKey().default(true),
  seq: bigint('seq', { mode: 'number' }).notNull().default(0),
});

/**
 * Old and new unified rows, in the transaction that changed them. Rows that a bulk inserted, or that a bulk
 * gave their first company, are named in one entry, by key; readers of rows take `changes_in(batch)`, which tells all
 * alike, and who counts adds up `n`.
 */
export const change_log = pgTable(
  'change_log',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    batch_id: bigint('batch_id', { mode: 'number' }).notNull(),
    tbl: text('tbl').notNull(),
    old: jsonb('old'),
    new: jsonb('new'),
    /** With `inserted` or `placed`: where those rows are from. */
    system: text('system'),
    /** Ids of rows that were not there before. As they were: the next entry's `old`, or the present row. */
    inserted: text('inserted').array(),
    /** Ids of rows that had no company and were given one: nothing else of them changed. */
    placed: text('placed').array(),
    /** Rows that this entry tells of. */
    n: integer('n').notNull().default(1),
  },
  (t) => [
    index('change_log_batch').on(t.batch_id, t.tbl),
    index('change_log_old')
      .on(t.tbl, orm.sql`(old->>'system')`, orm.sql`(old->>'id')`, t.id)
      .where(orm.sql`old is not null`),
  ],
);

/** How far a consumer of the change log has come. */
export const consumer_position = pgTable('consumer_position', {
  consumer: text('consumer').primaryKey(),
  seq: bigint('seq', { mode: 'number' }).notNull().default(0),
  detail: jsonb('detail'),
  updated_at: instant('updated_at').defaultNow(),
});

export const checkpoint = pgTable(
  'checkpoint',
  {
    source: text('source').notNull(),
    stream: text('stream').notNull(),
    lane: text('lane').notNull(),
    cursor: jsonb('cursor'),
    covered_until: instant('covered_until'),
    finished_at: instant('finished_at'),
    batch_id: bigint('batch_id', { mode: 'number' }).references(() => change_batch.id),
    updated_at: instant('updated_at').defaultNow(),
  },
  (t) => [primaryKey({ columns: [t.source, t.stream, t.lane] })],
);

export const sync_run = pgTable(
  'sync_run',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    source: text('source').notNull(),
    state: text('state').notNull().default('IDLE'),
    cause: text('cause'),
    started_at: instant('started_at').defaultNow(),
    finished_at: instant('finished_at'),
    read: integer('read').notNull().default(0),
    changed: integer('changed').notNull().default(0),
    quarantined: integer('quarantined').notNull().default(0),
    error: text('error'),
    /** The run whose changes this one took back. */
    rolls_back: bigint('rolls_back', { mode: 'number' }),
  },
  (t) => [index('sync_run_source').on(t.source, t.id)],
);

export const sync_transition = pgTable(
  'sync_transition',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    run_id: bigint('run_id', { mode: 'number' })
      .notNull()
      .references(() => sync_run.id),
    from_state: text('from_state').notNull(),
    to_state: text('to_state').notNull(),
    at: instant('at').notNull().defaultNow(),
    detail: jsonb('detail'),
  },
  (t) => [index('sync_transition_run').on(t.run_id)],
);

/** Hash and version of the newest copy of every source record: decides what changed without touching payloads. */
export const record_head = pgTable(
  'record_head',
  {
    tenant: integer('tenant').notNull().default(1),
    source: text('source').notNull(),
    stream: text('stream').notNull(),
    id: text('id').notNull(),
    hash: uuid('hash').notNull(),
    version: bigint('version', { mode: 'number' }).notNull(),
    deleted: boolean('deleted').notNull().default(false),
  },
  (t) => [primaryKey({ columns: [t.tenant, t.source, t.stream, t.id] })],
);

/** Append-only history, partitioned by month of `valid_from`; a version's end is its successor's start. */
export const record_version = pgTable(
  'record_version',
  {
    tenant: integer('tenant').notNull().default(1),
    source: text('source').notNull(),
    stream: text('stream').notNull(),
    id: text('id').notNull(),
    valid_from: instant('valid_from').notNull().defaultNow(),
    batch_id: bigint('batch_id', { mode: 'number' }).notNull(),
    version: bigint('version', { mode: 'number' }).notNull(),
    op: text('op').notNull(),
    payload: text('payload'),
  },
  (t) => [primaryKey({ columns: [t.tenant, t.source, t.stream, t.id, t.valid_from] })],
);

export const quarantine = pgTable('quarantine', {
  id: serial('id').primaryKey(),
  source: text('source').notNull(),
  stream: text('stream').notNull(),
  record_id: text('record_id'),
  reason: text('reason').notNull(),
  payload: text('payload'),
  state: text('state').notNull().default('held'),
  at: instant('at').notNull().defaultNow(),
});

/** Ids that a running sweep has seen; what is missing when it is complete has been deleted at the source. */
export const sweep_seen = pgTable(
  'sweep_seen',
  { source: text('source').notNull(), stream: text('stream').notNull(), id: text('id').notNull() },
  (t) => [primaryKey({ columns: [t.source, t.stream, t.id] })],
);

/** Records that a push named, waiting to be read again. One row each, however often it is named. */
export const hint = pgTable(
  'hint',
  {
    source: text('source').notNull(),
    stream: text('stream').notNull(),
    record_id: text('record_id').notNull(),
    /** A push said that it was deleted. */
    gone: boolean('gone').notNull().default(false),
    /** Grows with each naming: one that came while the record was being read is not done with it. */
    named: integer('named').notNull().default(1),
    /** Readings that did not find the record as it was said to be. */
    attempts: integer('attempts').notNull().default(0),
    due_at: instant('due_at').notNull().defaultNow(),
    received_at: instant('received_at').notNull().defaultNow(),
  },
  (t) => [
    primaryKey({ columns: [t.source, t.stream, t.record_id] }),
    index('hint_due').on(t.source, t.due_at),
  ],
);

/** Pushes that were taken, so that a repeated one is not taken again. Kept for two days. */
export const webhook_delivery = pgTable(
  'webhook_delivery',
  {
    source: text('source').notNull(),
    delivery_id: text('delivery_id').notNull(),
    hints: integer('hints').notNull(),
    received_at: instant('received_at').notNull().defaultNow(),
  },
  (t) => [
    primaryKey({ columns: [t.source, t.delivery_id] }),
    index('webhook_delivery_received').on(t.received_at),
  ],
);

/** Up to where a feed of changes has been followed; written with the hints it gave. */
export const feed_position = pgTable('feed_position', {
  source: text('source').primaryKey(),
  position: jsonb('position'),
  updated_at: instant('updated_at').notNull().defaultNow(),
});

/** A right to write, held until `expires_at` on the database clock; `fence` grows with each holder. */
export const lease = pgTable('lease', {
  name: text('name').primaryKey(),
  holder: text('holder'),
  fence: bigint('fence', { mode: 'number' }).notNull().default(0),
  expires_at: instant('expires_at'),
});

/** Rotated tokens of sources, encrypted by platform/secrets.ts. */
export const kept_secret = pgTable('kept_secret', {
  name: text('name').primaryKey(),
  sealed: text('sealed').notNull(),
  updated_at: instant('updated_at').defaultNow(),
});

/** A company as entity resolution sees it: one row per real customer, whatever the systems call it. */
export const company = pgTable('company', {
  id: bigserial('id', { mode: 'number' }).primaryKey(),
  tenant: integer('tenant').notNull().default(1),
  name: text('name'),
  region: text('region'),
  segment: text('segment'),
  owner: text('owner'),
  source: text('source'),
});

/** Which company a source's account belongs to, and why. */
export const entity_link = pgTable(
  'entity_link',
  {
    tenant: integer('tenant').notNull().default(1),
    system: text('system').notNull(),
    id: text('id').notNull(),
    company: bigint('company', { mode: 'number' }).notNull(),
    reason: text('reason').notNull(),
    /** Hashes of the keys by which it was matched last: through them a changed account finds all whom it concerns. */
    keys: bigint('keys', { mode: 'number' }).array().notNull().default([]),
  },
  (t) => [
    primaryKey({ columns: [t.tenant, t.system, t.id] }),
    index('entity_link_company').on(t.company),
    index('entity_link_keys').using('gin', t.keys),
  ],
);

/** What people said of two accounts, whatever their names and domains say: one customer, or never one. */
export const match_rule = pgTable(
  'match_rule',
  {
    id: serial('id').primaryKey(),
    tenant: integer('tenant').notNull().default(1),
    /** join | split */
    kind: text('kind').notNull(),
    /** The pair in order, so that either way round is the same rule. */
    system: text('system').notNull(),
    record_id: text('record_id').notNull(),
    other_system: text('other_system').notNull(),
    other_id: text('other_id').notNull(),
    made_at: instant('made_at').notNull().defaultNow(),
    /** Kept when it is taken back: what was said, and when it held, stays known. */
    undone_at: instant('undone_at'),
  },
  (t) => [
    uniqueIndex('match_rule_pair')
      .on(t.tenant, t.system, t.record_id, t.other_system, t.other_id)
      .where(orm.sql`undone_at is null`),
  ],
);

/** E-mail domains that belong to exactly one company. */
export const company_domain = pgTable('company_domain', {
  domain: text('domain').primaryKey(),
  company: bigint('company', { mode: 'number' }).notNull(),
});

/** Tokens that a platform grants us, counted for all processes (platform/postgres-ledger.ts). */
export const pace_bucket = pgTable(
  'pace_bucket',
  {
    account: text('account').notNull(),
    bucket: text('bucket').notNull(),
    tokens: doublePrecision('tokens').notNull(),
    /** What the last statement took. */
    granted: integer('granted').notNull().default(0),
    filled_at: instant('filled_at').notNull().default(orm.sql`clock_timestamp()`),
    held_until: instant('held_until'),
  },
  (t) => [primaryKey({ columns: [t.account, t.bucket] })],
);

/** What its worker knows of a source: whether it can be reached, and how much of its day is used. */
export const source_health = pgTable('source_health', {
  source: text('source').primaryKey(),
  /** Null while it is reached. */
  unreachable_since: instant('unreachable_since'),
  reason: text('reason'),
  quota_used: bigint('quota_used', { mode: 'number' }),
  quota_limit: bigint('quota_limit', { mode: 'number' }),
  quota_at: instant('quota_at'),
});
