/** Tickets → ticket, with the times of their metric set. */
import { z } from 'zod';
import type { SourceRecord, UnifiedRow } from '../../../source.ts';
import { canonicalJson } from '../../canonical-json.ts';
import { instantOf, parseRecord } from '../../parse-record.ts';
import { type AssigneeNames, createAssigneeNames } from '../assignee-names.ts';
import type { ZendeskSettings } from '../session.ts';
import type { Reading, ZendeskStream } from '../zendesk-stream.ts';

const minutes = z.object({ calendar: z.number().nullish(), business: z.number().nullish() }).nullish();

const schema = z.object({
  id: z.number(),
  subject: z.string().nullish(),
  status: z.string(),
  priority: z.string().nullish(),
  via: z.object({ channel: z.string().nullish() }).nullish(),
  requester_id: z.number().nullish(),
  organization_id: z.number().nullish(),
  assignee_name: z.string().nullish(),
  product: z.string().nullish(),
  custom_fields: z.array(z.object({ id: z.number(), value: z.unknown() })).nullish(),
  satisfaction_rating: z.object({ score: z.string().nullish() }).nullish(),
  created_at: z.string(),
  metric_set: z
    .object({
      replies: z.number().int().nullish(),
      reopens: z.number().int().nullish(),
      reply_time_in_minutes: minutes,
      first_resolution_time_in_minutes: minutes,
      full_resolution_time_in_minutes: minutes,
      solved_at: z.string().nullish(),
    })
    .nullish(),
});

type Ticket = z.infer<typeof schema>;

export function ticketsWith(fields: NonNullable<ZendeskSettings['fields']>): ZendeskStream {
  // Names are asked for once per reading, not once per process: people marry and leave.
  const namesOf = new WeakMap<Reading, AssigneeNames>();
  return {
    name: 'tickets',
    table: 'ticket',
    lanes: ['backfill', 'realtime'],
    after: ['organizations', 'users'],
    reading: 'cursor',
    path: 'incremental/tickets/cursor',
    key: 'tickets',
    query: { include: 'metric_sets' },
    async recordsOf(rows, reading) {
      const known = namesOf.get(reading) ?? createAssigneeNames();
      namesOf.set(reading, known);
      const assigned = rows.flatMap((row) => (typeof row.assignee_id === 'number' ? [row.assignee_id] : []));
      const names = await known.of(assigned, reading);
      return rows.map((row): SourceRecord => {
        const id = String(row.id);
        // System updates move this stamp and not `updated_at`.
        const version = Number(row.generated_timestamp ?? 0) * 1000;
        if (row.status === 'deleted') return { op: 'delete', id, version, reason: 'deleted' };
        const assigneeName = names.get(Number(row.assignee_id)) ?? null;
        // The stamp itself is left out: a system update that changes nothing we see makes no new version.
        const { generated_timestamp: _, ...seen } = row;
        return {
          op: 'upsert',
          id,
          version,
          payload: canonicalJson({ ...seen, assignee_name: assigneeName }),
        };
      });
    },
    unify: (raw) => rowOf(parseRecord(schema, raw), fields),
  };
}

function rowOf(ticket: Ticket, fields: NonNullable<ZendeskSettings['fields']>): UnifiedRow {
  const metrics = ticket.metric_set ?? {};
  const createdAt = instantOf('created_at', ticket.created_at)!;
  const lastSolvedAt =
    instantOf('metric_set.solved_at', metrics.solved_at) ??
    later(createdAt, metrics.full_resolution_time_in_minutes?.calendar);
  const firstSolvedAt = later(createdAt, metrics.first_resolution_time_in_minutes?.calendar);
  const isSolved = ticket.status === 'solved' || ticket.status === 'closed';
  const custom = (id: number | undefined) => {
    const value = ticket.custom_fields?.find((field) => field.id === id)?.value;
    return typeof value === 'string' && value !== '' ? value : null;
  };
  return {
    subject: ticket.subject ?? null,
    requester_id: textOf(ticket.requester_id),
    account_id: textOf(ticket.organization_id),
    owner: ticket.assignee_name ?? null,
    status: ticket.status,
    priority: ticket.priority ?? null,
    channel: ticket.via?.channel ?? null,
    product: custom(fields.product) ?? ticket.product ?? null,
    plan: custom(fields.plan),
    created_at: createdAt,
    first_replied_at: later(createdAt, metrics.reply_time_in_minutes?.calendar),
    first_reply_business_minutes: metrics.reply_time_in_minutes?.business ?? null,
    // Counted in whole minutes, the first solution can come out seconds after the last one.
    first_solved_at: earlier(firstSolvedAt, lastSolvedAt),
    first_solution_business_minutes: metrics.first_resolution_time_in_minutes?.business ?? null,
    // A ticket that was opened again is not solved, whatever its metrics remember.
    solved_at: isSolved ? lastSolvedAt : null,
    resolution_business_minutes: metrics.full_resolution_time_in_minutes?.business ?? null,
    replies: metrics.replies ?? null,
    reopens: metrics.reopens ?? null,
    csat: csatOf(ticket.satisfaction_rating?.score),
    // The ticket does not say when; the ratings stream does.
    csat_at: null,
  };
}

const textOf = (id: number | null | undefined) => (id == null ? null : String(id));

const later = (from: string, minutes: number | null | undefined) =>
  minutes == null ? null : new Date(Date.parse(from) + minutes * 60_000).toISOString();

/** Of two ISO instants; the first decides whether there is one. */
const earlier = (first: string | null, last: string | null) =>
  first !== null && last !== null && last < first ? last : first;

function csatOf(score: string | null | undefined): string | null {
  return score === 'good' || score === 'bad' || score === 'offered' ? score : null;
}
