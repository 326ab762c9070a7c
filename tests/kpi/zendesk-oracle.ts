/**
 * The oracle's tables, read and put into a source as unified rows that tell nothing but what happened: tickets without
 * any times, their comments, changes of status, schedules, ratings and applied targets. Herald derives the rest.
 */
import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import type { UnifiedRow } from '../../sync/source.ts';
import { MemorySource } from '../memory-source.ts';

export type CsvRow = Record<string, string>;

const folder = new URL('../fixtures/zendesk-oracle/', import.meta.url);

export function readTable(file: string): CsvRow[] {
  return parse(readFileSync(new URL(file, folder)), { columns: true });
}

/** The oracle writes UTC without saying so. */
export const instant = (text: string) => new Date(`${text.replace(' ', 'T')}Z`).toISOString();

export function oracleSource(): MemorySource {
  const source = new MemorySource('zendesk', ['ticket', 'ticket_event']);
  const agents = new Set(
    readTable('input/user_data.csv')
      .filter((user) => user.role === 'agent')
      .map((user) => user.id),
  );
  for (const ticket of readTable('input/ticket_data.csv')) {
    source.put('ticket', ticket.id!, 1, {
      subject: ticket.subject!,
      owner: ticket.assignee_id || null,
      priority: ticket.priority!,
      channel: ticket.via_channel!,
      status: ticket.status!,
      created_at: instant(ticket.created_at!),
    });
  }
  const event = (id: string, ticketId: string, at: string, row: UnifiedRow) =>
    source.put('ticket_event', id, 1, { ticket_id: ticketId, at: instant(at), deleted: false, ...row });
  for (const comment of readTable('input/ticket_comment_data.csv')) {
    event(`comment:${comment.id}`, comment.ticket_id!, comment.created!, {
      metric: 'comment',
      kind: comment.public === 't' ? 'public' : 'internal',
      value: agents.has(comment.user_id!) ? 'agent' : 'end-user',
    });
  }
  readTable('input/ticket_schedule_data.csv').forEach((row, at) => {
    event(`schedule:${at}`, row.ticket_id!, row.created_at!, {
      metric: 'schedule',
      kind: 'change',
      value: row.schedule_id!,
    });
  });
  readTable('input/ticket_field_history_data.csv').forEach((row, at) => {
    const id = `change:${at}`;
    const put = (rest: UnifiedRow) => event(id, row.ticket_id!, row.updated!, rest);
    if (row.field_name === 'status') put({ metric: 'status', kind: 'change', value: row.value! });
    if (row.field_name === 'satisfaction_score') put({ metric: 'csat', kind: row.value!, value: null });
    if (row.field_name === 'first_reply_time' || row.field_name === 'requester_wait_time') {
      const { minutes, in_business_hours } = JSON.parse(row.value!) as {
        minutes: number;
        in_business_hours: boolean;
      };
      put({ metric: row.field_name, kind: 'apply_sla', value: `${minutes}`, in_business_hours });
    }
  });
  return source;
}
