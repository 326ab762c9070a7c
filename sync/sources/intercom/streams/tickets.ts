/**
 * Tickets of Intercom in two streams over one search: what a ticket is, and what happened to it. Its times are told by
 * its events (as where a system shows nothing else), so that reopening, spells of waiting and the backlog come out as
 * for every other ticket. Bodies of parts are people's words and are not kept.
 */
import { z } from 'zod';
import { ReadFault } from '../../../source.ts';
import { parseRecord } from '../../parse-record.ts';
import { id, instant, text } from '../fields.ts';
import { type IntercomStream, type Item, idOf, isoOf, type Reading } from '../intercom-stream.ts';
import {
  readBackfill,
  readIds,
  readWindow,
  realtimeWindow,
  type SearchedStream,
  settleWindow,
} from '../read-search.ts';
import { withAssignee } from '../with-assignee.ts';

/** Intercom's four categories of states, whatever a workspace calls its own, in the words of every other ticket. */
const statuses: Readonly<Record<string, string>> = {
  submitted: 'new',
  in_progress: 'open',
  waiting_on_customer: 'pending',
  resolved: 'solved',
};
const state = z.string().transform((category, check) => {
  const status = statuses[category];
  if (status) return status;
  check.addIssue({ code: 'custom', message: `"${category}" is no category of ticket states` });
  return z.NEVER;
});

const ticketSchema = z.object({
  id,
  category: text,
  ticket_state: z.object({ category: state }),
  ticket_type: z.object({ name: text }).nullish(),
  ticket_attributes: z.record(z.string(), z.unknown()).nullish(),
  contacts: z.object({ contacts: z.array(z.object({ id })).nullish() }).nullish(),
  company_id: text,
  created_at: instant,
  admin_assignee_name: text,
});

const eventSchema = z.object({
  ticket_id: id,
  category: text,
  created_at: z.int().transform(isoOf),
  state: state.nullish(),
  author: text,
});

/** Back-office and tracker tickets are work on a customer's ticket: with it they would count twice. */
const isCustomers = (category: string | null) => category === null || category === 'Customer';

const lanes = ['backfill', 'realtime', 'settle'] as const;

function readTickets(stream: SearchedStream, ...[lane, cursor, reading]: Parameters<IntercomStream['read']>) {
  switch (lane) {
    case 'backfill':
      return readBackfill(stream, cursor, reading);
    case 'realtime':
      return readWindow(stream, realtimeWindow(cursor, reading), reading);
    case 'settle':
      return readWindow(stream, settleWindow(cursor, reading), reading);
    case 'sweep':
      return readIds(stream, reading);
    default:
      return lane satisfies never;
  }
}

const refineTicket = (reading: Reading) => {
  const named = withAssignee(reading);
  return async (items: Item[]) => named(items.map(({ ticket_parts: _, ...ticket }) => ticket));
};

export const tickets: IntercomStream = {
  name: 'tickets',
  table: 'ticket',
  lanes: [...lanes, 'sweep'],
  after: ['admins', 'contacts'],
  refine: refineTicket,
  read: (lane, cursor, reading) =>
    readTickets({ name: 'tickets', object: 'tickets', refine: refineTicket(reading) }, lane, cursor, reading),
  unify(raw) {
    const ticket = parseRecord(ticketSchema, raw);
    if (!isCustomers(ticket.category)) return null;
    const attributes = ticket.ticket_attributes ?? {};
    const textOf = (...names: string[]) => {
      const value = names
        .map((name) => attributes[name])
        .find((one) => typeof one === 'string' && one !== '');
      return typeof value === 'string' ? value : null;
    };
    return {
      subject: textOf('_default_title_'),
      requester_id: ticket.contacts?.contacts?.[0]?.id ?? null,
      account_id: ticket.company_id,
      owner: ticket.admin_assignee_name,
      status: ticket.ticket_state.category,
      priority: textOf('priority', 'Priority'),
      channel: 'intercom',
      product: textOf('product', 'Product'),
      created_at: ticket.created_at,
    };
  },
};

/** A ticket's creation, its changes of state and its comments; each is written once, but for redactions. */
function eventsOf(ticket: Item): Item[] {
  const ticketId = idOf(ticket);
  const { category = null, created_at } = ticket;
  const created = {
    id: `${ticketId}:created`,
    ticket_id: ticketId,
    category,
    created_at,
    state: 'submitted',
  };
  const { ticket_parts } = (ticket.ticket_parts ?? {}) as { ticket_parts?: unknown };
  if (!Array.isArray(ticket_parts))
    throw new ReadFault('protocol', `Intercom showed ticket ${ticketId} without its parts`);
  return [
    created,
    ...(ticket_parts as Item[]).flatMap((part) => {
      const { ticket_state, previous_ticket_state, author } = part;
      const isChange = typeof ticket_state === 'string' && ticket_state !== previous_ticket_state;
      if (!isChange && part.part_type !== 'comment') return [];
      return [
        {
          id: `${ticketId}:${idOf(part)}`,
          ticket_id: ticketId,
          category,
          created_at: part.created_at,
          ...(part.part_type === 'comment'
            ? { author: (author as { type?: unknown } | null)?.type ?? null }
            : { state: ticket_state }),
        },
      ];
    }),
  ].map((event) => ({ ...event, updated_at: event.created_at }));
}

/** A search may leave the parts out: then they are asked for, ticket by ticket. */
const refineEvents =
  ({ session }: Reading) =>
  async (items: Item[]) => {
    const events: Item[] = [];
    for (const item of items) {
      const whole = item.ticket_parts
        ? item
        : ((await session.ask(async (client) => await client.tickets.get({ ticket_id: idOf(item) }))) as
            | Item
            | undefined);
      if (whole) events.push(...eventsOf(whole));
    }
    return events;
  };

export const ticketChanges: IntercomStream = {
  name: 'ticket_changes',
  table: 'ticket_event',
  lanes,
  after: ['tickets'],
  read: (lane, cursor, reading) =>
    readTickets(
      { name: 'ticket_changes', object: 'tickets', refine: refineEvents(reading) },
      lane,
      cursor,
      reading,
    ),
  unify(raw) {
    const event = parseRecord(eventSchema, raw);
    if (!isCustomers(event.category)) return null;
    const common = {
      ticket_id: event.ticket_id,
      previous: null,
      priority: null,
      deleted: false,
      at: event.created_at,
    };
    if (event.state) return { ...common, metric: 'status', kind: 'change', value: event.state };
    // Bots and the customers themselves reply, too; only a teammate's is a reply.
    const by = event.author === 'admin' ? 'agent' : 'end-user';
    return { ...common, metric: 'comment', kind: 'public', value: by };
  },
};
