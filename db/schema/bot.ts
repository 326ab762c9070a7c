/** What people's side of the house keeps: audit, schedules, outbox, receipts, incidents. */
import { pg } from '../drizzle.ts';

const { bigint, bigserial, boolean, index, integer, jsonb, pgTable, text, timestamp, customType } = pg;
const instant = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' });
const bytea = customType<{ data: Uint8Array }>({ dataType: () => 'bytea' });

/** Who saw what, when, from where, on which data. Append-only. */
export const audit = pgTable(
  'audit',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    at: instant('at').notNull().defaultNow(),
    platform: text('platform').notNull(),
    asker: text('asker').notNull(),
    role: text('role').notNull(),
    place: text('place'),
    action: text('action').notNull(),
    kpi: text('kpi'),
    text: text('text'),
    outcome: text('outcome').notNull(),
    data_version: bigint('data_version', { mode: 'number' }),
    trace: text('trace'),
  },
  (t) => [index('audit_at').on(t.at)],
);

/** Requests already served: refuses replays for ten minutes. */
export const seen_request = pgTable('seen_request', {
  key: text('key').primaryKey(),
  at: instant('at').notNull().defaultNow(),
});

/** A digest's schedule: slots are decided from the database clock under this row's lock. */
export const schedule = pgTable('schedule', {
  name: text('name').primaryKey(),
  kind: text('kind').notNull(),
  cron: text('cron').notNull(),
  time_zone: text('time_zone').notNull(),
  /** {title, targets: [{kind: 'slack'|'teams'|'mail', to}], kpis: […], role} */
  definition: jsonb('definition').notNull(),
  last_slot: instant('last_slot'),
  paused: boolean('paused').notNull().default(false),
});

/** What leaves the house, one row per target, written in the transaction that decided it. */
export const outbox = pgTable(
  'outbox',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    /** sha256 of schedule, slot, target kind, target, part. */
    slot_key: text('slot_key').notNull().unique(),
    kind: text('kind').notNull(),
    target_kind: text('target_kind').notNull(),
    target: text('target').notNull(),
    payload: jsonb('payload').notNull(),
    /** pending | sending | ambiguous | sent | failed */
    state: text('state').notNull().default('pending'),
    attempts: integer('attempts').notNull().default(0),
    next_try_at: instant('next_try_at').notNull().defaultNow(),
    lease_until: instant('lease_until'),
    first_try_at: instant('first_try_at'),
    /** What the platform gave back: {ts, channel} | {messageId} | … */
    receipt: jsonb('receipt'),
    error: text('error'),
    created_at: instant('created_at').notNull().defaultNow(),
    sent_at: instant('sent_at'),
  },
  (t) => [index('outbox_due').on(t.state, t.next_try_at)],
);

/** Bytes that an outbox row or a signed picture link refers to, by content hash. */
export const blob = pgTable('blob', {
  hash: text('hash').primaryKey(),
  mime: text('mime').notNull(),
  bytes: bytea('bytes').notNull(),
  at: instant('at').notNull().defaultNow(),
});

/** An anomaly or threshold episode: one message per incident. */
export const incident = pgTable('incident', {
  key: text('key').primaryKey(),
  kpi: text('kpi').notNull(),
  started_on: text('started_on').notNull(),
  state: text('state').notNull().default('open'),
  finding: jsonb('finding').notNull(),
  at: instant('at').notNull().defaultNow(),
});

/** An answer given in chat, so that its buttons know what they refer to. */
export const given_answer = pgTable('given_answer', {
  id: text('id').primaryKey(),
  question: jsonb('question').notNull(),
  asker: text('asker').notNull(),
  at: instant('at').notNull().defaultNow(),
});

/** Where Teams can be reached: conversation references, kept on every turn. */
export const teams_reference = pgTable('teams_reference', {
  conversation: text('conversation').primaryKey(),
  reference: jsonb('reference').notNull(),
  updated_at: instant('updated_at').defaultNow(),
});
