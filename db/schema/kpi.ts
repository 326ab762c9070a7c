/** The materialised KPI tables. Values are integers: money in minor units, durations in seconds, counts. */
import { pg } from '../drizzle.ts';

const { bigint, date, index, integer, jsonb, pgTable, primaryKey, smallint, text, timestamp } = pg;

const dims = {
  region: text('region').notNull().default(''),
  segment: text('segment').notNull().default(''),
  owner: text('owner').notNull().default(''),
  source: text('source').notNull().default(''),
  plan: text('plan').notNull().default(''),
  product: text('product').notNull().default(''),
  priority: text('priority').notNull().default(''),
  channel: text('channel').notNull().default(''),
};

/** Which log-bucket of a distribution the row counts (kpi/rollup/distribution.ts); 0 for every other measure. */
const bin = smallint('bin').notNull().default(0);

/** The present at full grain. An empty dimension means the fact does not say. */
export const bucket = pgTable(
  'bucket',
  {
    tenant: integer('tenant').notNull().default(1),
    measure: text('measure').notNull(),
    day: date('day').notNull(),
    ...dims,
    bin,
    value: bigint('value', { mode: 'number' }).notNull(),
    n: bigint('n', { mode: 'number' }).notNull(),
  },
  (t) => [
    primaryKey({
      columns: [
        t.tenant,
        t.measure,
        t.day,
        t.region,
        t.segment,
        t.owner,
        t.source,
        t.plan,
        t.product,
        t.priority,
        t.channel,
        t.bin,
      ],
    }),
  ],
);

/** The present by day and at most one dimension: `dimension` '' holds the totals. */
export const margin = pgTable(
  'margin',
  {
    tenant: integer('tenant').notNull().default(1),
    measure: text('measure').notNull(),
    dimension: text('dimension').notNull(),
    name: text('name').notNull(),
    day: date('day').notNull(),
    bin,
    value: bigint('value', { mode: 'number' }).notNull(),
    n: bigint('n', { mode: 'number' }).notNull(),
  },
  (t) => [primaryKey({ columns: [t.tenant, t.measure, t.dimension, t.name, t.day, t.bin] })],
);

/** Every difference ever applied, at full grain, with the data version that brought it: as-of is the present minus the later ones. */
export const bucket_delta = pgTable(
  'bucket_delta',
  {
    tenant: integer('tenant').notNull().default(1),
    measure: text('measure').notNull(),
    day: date('day').notNull(),
    ...dims,
    bin,
    value: bigint('value', { mode: 'number' }).notNull(),
    n: bigint('n', { mode: 'number' }).notNull(),
    seq: bigint('seq', { mode: 'number' }).notNull(),
    known_at: timestamp('known_at', { withTimezone: true, mode: 'date' }).notNull().defaultNow(),
  },
  (t) => [index('bucket_delta_asof').on(t.tenant, t.measure, t.day, t.seq)],
);

/**
 * Customers' recurring revenue as signed events: + when a span of a subscription starts, − when it ends. A customer's
 * MRR before a day is the running total, so churn, NRR and GRR read any two instants exactly.
 */
const customer = {
  customer: text('customer').notNull(),
  region: dims.region,
  segment: dims.segment,
  owner: dims.owner,
  source: dims.source,
  plan: dims.plan,
  product: dims.product,
};

export const ledger = pgTable(
  'ledger',
  {
    tenant: integer('tenant').notNull().default(1),
    day: date('day').notNull(),
    ...customer,
    value: bigint('value', { mode: 'number' }).notNull(),
    n: bigint('n', { mode: 'number' }).notNull(),
  },
  (t) => [
    primaryKey({
      columns: [t.tenant, t.customer, t.day, t.region, t.segment, t.owner, t.source, t.plan, t.product],
    }),
  ],
);

export const ledger_delta = pgTable(
  'ledger_delta',
  {
    tenant: integer('tenant').notNull().default(1),
    day: date('day').notNull(),
    ...customer,
    value: bigint('value', { mode: 'number' }).notNull(),
    n: bigint('n', { mode: 'number' }).notNull(),
    seq: bigint('seq', { mode: 'number' }).notNull(),
    known_at: timestamp('known_at', { withTimezone: true, mode: 'date' }).notNull().defaultNow(),
  },
  (t) => [index('ledger_delta_asof').on(t.tenant, t.seq)],
);

/** Which definition of a measure the buckets hold. A changed one is rebuilt from the facts. */
export const measure_state = pgTable('measure_state', {
  measure: text('measure').primaryKey(),
  definition: text('definition').notNull(),
  built_seq: bigint('built_seq', { mode: 'number' }).notNull(),
  built_at: timestamp('built_at', { withTimezone: true, mode: 'date' }).defaultNow(),
});

/**
 * Which definition of a measure or a KPI was in force from a data version on: what a number as of that version is made
 * of. Null from when on it was not counted any more.
 */
export const edition = pgTable(
  'edition',
  {
    kind: text('kind').notNull(),
    name: text('name').notNull(),
    since_seq: bigint('since_seq', { mode: 'number' }).notNull(),
    since_at: timestamp('since_at', { withTimezone: true, mode: 'date' }).notNull().defaultNow(),
    definition: text('definition'),
  },
  (t) => [primaryKey({ columns: [t.kind, t.name, t.since_seq] })],
);

/** Company settings that buckets depend on (time zone): a change rebuilds them. */
export const kpi_setting = pgTable('kpi_setting', { name: text('name').primaryKey(), value: jsonb('value') });

/** Every value of a dimension that a fact ever had: the vocabulary of filters. */
export const dimension_value = pgTable(
  'dimension_value',
  {
    tenant: integer('tenant').notNull().default(1),
    dimension: text('dimension').notNull(),
    name: text('name').notNull(),
  },
  (t) => [primaryKey({ columns: [t.tenant, t.dimension, t.name] })],
);
