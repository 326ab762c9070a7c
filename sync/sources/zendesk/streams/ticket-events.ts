/**
 * Three streams → ticket_event: SLA events, changes of status, and ratings. They share a table, so each puts its own
 * word before its ids.
 */
import { z } from 'zod';
import type { SourceRecord } from '../../../source.ts';
import { canonicalJson } from '../../canonical-json.ts';
import { instantOf, parseRecord } from '../../parse-record.ts';
import { scheduleName } from '../read-schedules.ts';
import { type Row, stampMs } from '../rows.ts';
import type { ZendeskStream } from '../zendesk-stream.ts';

const upsert = (id: string, version: number, record: unknown): SourceRecord => ({
  op: 'upsert',
  id,
  version,
  payload: canonicalJson(record),
});

const metricSchema = z.object({
  ticket_id: z.number(),
  metric: z.string(),
  instance_id: z.number().nullish(),
  type: z.string(),
  time: z.string(),
  deleted: z.boolean().nullish(),
  sla: z.object({ target: z.number().nullish(), business_hours: z.boolean().nullish() }).nullish(),
});

export const ticketMetricEvents: ZendeskStream = {
  name: 'ticket_metric_events',
  table: 'ticket_event',
  lanes: ['backfill', 'realtime'],
  after: ['tickets'],
  reading: 'time',
  path: 'incremental/ticket_metric_events',
  key: 'ticket_metric_events',
  recordsOf: (rows) => rows.map((row) => upsert(`metric:${row.id}`, stampMs(row.time), row)),
  unify(raw) {
    const event = parseRecord(metricSchema, raw);
    return {
      ticket_id: String(event.ticket_id),
      metric: event.metric,
      kind: event.type,
      value: event.sla?.target == null ? null : String(event.sla.target),
      previous: null,
      priority: null,
      target: event.instance_id == null ? null : String(event.instance_id),
      in_business_hours: event.sla?.business_hours ?? null,
      deleted: event.deleted === true,
      at: instantOf('time', event.time),
    };
  },
};

const changeSchema = z.object({
  ticket_id: z.number(),
  at: z.string(),
  event_type: z.string(),
  status: z.string(),
  previous_value: z.string().nullish(),
  priority: z.string().nullish(),
});
const assignmentSchema = z.object({
  ticket_id: z.number(),
  at: z.string(),
  event_type: z.literal('ScheduleAssignment'),
  schedule_id: z.number(),
});

/** An audit becomes one record for each of its events that sets the status or the schedule. */
function changesOf(row: Row): SourceRecord[] {
  const seconds = Number(row.timestamp ?? 0);
  const at = typeof row.created_at === 'string' ? row.created_at : new Date(seconds * 1000).toISOString();
  const children = (Array.isArray(row.child_events) ? row.child_events : []) as Record<string, unknown>[];
  return children.flatMap((child, index) => {
    const id = `change:${child.id ?? `${row.id}.${index}`}`;
    const version = seconds * 1000 || stampMs(at);
    if (child.event_type === 'ScheduleAssignment' && typeof child.new_schedule_id === 'number') {
      const { event_type, new_schedule_id: schedule_id } = child;
      return [upsert(id, version, { ticket_id: row.ticket_id, at, event_type, schedule_id })];
    }
    const isChange = child.event_type === 'Create' || child.event_type === 'Change';
    if (!isChange || typeof child.status !== 'string') return [];
    const { event_type, status, previous_value = null, priority = null } = child;
    return [
      upsert(id, version, {
        ticket_id: row.ticket_id,
        at,
        event_type,
        status,
        previous_value,
        priority,
      }),
    ];
  });
}

export const ticketEvents: ZendeskStream = {
  name: 'ticket_events',
  table: 'ticket_event',
  lanes: ['backfill', 'realtime'],
  after: ['tickets'],
  reading: 'time',
  path: 'incremental/ticket_events',
  key: 'ticket_events',
  query: { include: 'comment_events' },
  recordsOf: (rows) => rows.flatMap(changesOf),
  unify(raw) {
    if ((raw as { event_type?: unknown } | null)?.event_type === 'ScheduleAssignment') {
      const assigned = parseRecord(assignmentSchema, raw);
      return {
        ticket_id: String(assigned.ticket_id),
        metric: 'schedule',
        kind: 'assigned',
        value: scheduleName(assigned.schedule_id),
        previous: null,
        priority: null,
        deleted: false,
        at: instantOf('at', assigned.at),
      };
    }
    const change = parseRecord(changeSchema, raw);
    return {
      ticket_id: String(change.ticket_id),
      metric: 'status',
      kind: change.event_type.toLowerCase(),
      value: change.status,
      previous: change.previous_value ?? null,
      priority: change.priority ?? null,
      deleted: false,
      at: instantOf('at', change.at),
    };
  },
};

const ratingSchema = z.object({ ticket_id: z.number(), score: z.string(), updated_at: z.string() });

export const satisfactionRatings: ZendeskStream = {
  name: 'satisfaction_ratings',
  table: 'ticket_event',
  lanes: ['backfill', 'realtime'],
  after: ['tickets'],
  reading: 'window',
  path: 'satisfaction_ratings',
  key: 'satisfaction_ratings',
  recordsOf: (rows) => rows.map((row) => upsert(`rating:${row.id}`, stampMs(row.updated_at), row)),
  unify(raw) {
    const rating = parseRecord(ratingSchema, raw);
    return {
      ticket_id: String(rating.ticket_id),
      metric: 'csat',
      kind: rating.score,
      value: null,
      previous: null,
      priority: null,
      deleted: false,
      at: instantOf('updated_at', rating.updated_at),
    };
  },
};
