/** What is suspicious about the data: rules, their findings, how many records came when, and what streams look like. */
import { pg } from '../drizzle.ts';

const { bigint, bigserial, boolean, date, integer, pgTable, primaryKey, text, timestamp, uniqueIndex } = pg;
const instant = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' });

/** The rules as they ran last: what a reader of findings must know without knowing the sync. */
export const quality_rule = pgTable('quality_rule', {
  name: text('name').primaryKey(),
  /** warns: said with the numbers it touches. notes: listed only. */
  severity: text('severity').notNull(),
  /** Unified table whose numbers it touches, and those of its columns that matter; no columns: all of them. */
  tbl: text('tbl'),
  columns: text('columns').array().notNull(),
  /** "{n} won deals have no amount"; `one` for a single one. */
  one: text('one').notNull(),
  many: text('many').notNull(),
  /** Changes with the rule: a changed one is tried on everything again. */
  definition: text('definition').notNull(),
});

export const quality_finding = pgTable(
  'quality_finding',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    tenant: integer('tenant').notNull().default(1),
    rule: text('rule').notNull(),
    severity: text('severity').notNull(),
    system: text('system').notNull(),
    stream: text('stream'),
    tbl: text('tbl'),
    /** What it is about: a record's id, a day, a column, or a field's path. */
    subject: text('subject').notNull(),
    /** Date of the fact: decides whose numbers it touches; null touches all of its table's. */
    day: date('day'),
    sentence: text('sentence').notNull(),
    first_seen: instant('first_seen').notNull(),
    last_seen: instant('last_seen').notNull(),
    resolved_at: instant('resolved_at'),
  },
  (t) => [uniqueIndex('quality_finding_subject').on(t.tenant, t.rule, t.system, t.subject)],
);

/** Records that arrived, by stream and UTC day of their commit. */
export const arrival = pgTable(
  'arrival',
  {
    source: text('source').notNull(),
    stream: text('stream').notNull(),
    day: date('day').notNull(),
    n: bigint('n', { mode: 'number' }).notNull(),
  },
  (t) => [primaryKey({ columns: [t.source, t.stream, t.day] })],
);

/** Fields of a stream's records as its samples show them. `at_record` counts the stream's samples. */
export const stream_field = pgTable(
  'stream_field',
  {
    source: text('source').notNull(),
    stream: text('stream').notNull(),
    path: text('path').notNull(),
    /** JSON types seen, null aside; and the one that the newest sample with a value has. */
    types: text('types').array().notNull(),
    type: text('type'),
    /** The mapping's result depends on it. */
    needed: boolean('needed').notNull(),
    seen: bigint('seen', { mode: 'number' }).notNull(),
    at_record: bigint('at_record', { mode: 'number' }).notNull(),
    last_seen: instant('last_seen').notNull(),
  },
  (t) => [primaryKey({ columns: [t.source, t.stream, t.path] })],
);

export const stream_shape = pgTable(
  'stream_shape',
  {
    source: text('source').notNull(),
    stream: text('stream').notNull(),
    sampled: bigint('sampled', { mode: 'number' }).notNull(),
  },
  (t) => [primaryKey({ columns: [t.source, t.stream] })],
);

/** Where history begins: what was superseded before it has been dropped. */
export const history_start = pgTable('history_start', {
  one: boolean('one').primaryKey().default(true),
  at: instant('at').notNull(),
});
