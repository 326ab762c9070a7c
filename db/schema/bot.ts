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
  /** 'config': follows herald.yaml; 'chat': made by a person and left alone by it. */
  origin: text('origin').notNull().default('config'),
});

/** What leaves the house, one row per target, written in the transaction that decided it. */
export const outbox = pgTable(
  'outbox',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    /** sha256 of schedule, slot, target kind, target, part. */
    slot_key: text('slot_key').notNull().unique(),
    /** digest | alert: decides what becomes of an attempt that nobody can look up. */
    kind: text('kind').notNull(),
    /** What it is a delivery of: the schedule's or incident's name. */
    topic: text('topic').notNull().default(''),
    slot: instant('slot'),
    part: text('part').notNull().default('main'),
    /** Slot key of the delivery that has to arrive first: a thread needs its first message. */
    after_key: text('after_key'),
    target_kind: text('target_kind').notNull(),
    target: text('target').notNull(),
    payload: jsonb('payload').notNull(),
    /** {areas, role}: what its readers must be allowed to see; read again when it is sent. */
    audience: jsonb('audience').notNull().default({ areas: [], role: null }),
    /** pending | sending | ambiguous | sent | failed | unknown (perhaps sent, and nobody can look) */
    state: text('state').notNull().default('pending'),
    attempts: integer('attempts').notNull().default(0),
    next_try_at: instant('next_try_at').notNull().defaultNow(),
    /** Who is sending: a new one for every claim, so that a frozen former sender changes nothing. */
    claim: text('claim'),
    lease_until: instant('lease_until'),
    first_try_at: instant('first_try_at'),
    last_try_at: instant('last_try_at'),
    /** What earlier attempts have finished, as the id of an uploaded picture. */
    progress: jsonb('progress').notNull().default({}),
    /** Until then a second copy, accepted late by the platform, is looked for and removed. */
    sweep_until: instant('sweep_until'),
    /** What the platform gave back: {ts, channel} | {messageId} | … */
    receipt: jsonb('receipt'),
    error: text('error'),
    created_at: instant('created_at').notNull().defaultNow(),
    sent_at: instant('sent_at'),
  },
  (t) => [index('outbox_due').on(t.state, t.next_try_at), index('outbox_topic').on(t.topic, t.slot)],
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
  area: text('area').notNull().default(''),
  /** open | watch (unusual, not enough for a message) | closed */
  state: text('state').notNull().default('open'),
  /** The Finding of kpi/anomaly, with `text`: the sentence that was told. */
  finding: jsonb('finding').notNull(),
  at: instant('at').notNull().defaultNow(),
  /** "product=Edge" when it is a segment's; '' for the whole. */
  segment: text('segment').notNull().default(''),
  /** By which its buttons know it. */
  answer_id: text('answer_id'),
  told_at: instant('told_at'),
  acknowledged_by: text('acknowledged_by'),
  acknowledged_at: instant('acknowledged_at'),
});

/** What people said to alerts; the detector heeds it. */
export const alert_feedback = pgTable(
  'alert_feedback',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    kpi: text('kpi').notNull(),
    segment: text('segment').notNull().default(''),
    /** snooze | not_anomaly */
    verdict: text('verdict').notNull(),
    /** not_anomaly: the days of the incident, first and last. */
    from_day: text('from_day'),
    to_day: text('to_day'),
    /** snooze: nothing is told before. */
    until: instant('until'),
    person: text('person').notNull(),
    at: instant('at').notNull().defaultNow(),
  },
  (t) => [index('alert_feedback_kpi').on(t.kpi)],
);

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

/** Keys of programs that call Herald over HTTP. Of a key itself only its SHA-256 is kept: it is shown once, when it is made. */
export const api_key = pgTable(
  'api_key',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    name: text('name').notNull(),
    hash: bytea('hash').notNull().unique(),
    /** First characters, by which people tell their keys apart. */
    prefix: text('prefix').notNull(),
    /** What it may do, each a permission such as runs:read. */
    scopes: jsonb('scopes').$type<string[]>().notNull().default([]),
    created_at: instant('created_at').notNull().defaultNow(),
    expires_at: instant('expires_at'),
    revoked_at: instant('revoked_at'),
    /** Kept to the hour: a busy key does not write on every request. */
    last_used_at: instant('last_used_at'),
  },
  (t) => [index('api_key_name').on(t.name)],
);
