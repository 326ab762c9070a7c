/** Conversations with their reply times and ratings. */
import { z } from 'zod';
import { type Batch, ReadFault } from '../../../source.ts';
import { parseRecord } from '../../parse-record.ts';
import { count, id, instant, text } from '../fields.ts';
import { type IntercomStream, type Item, idOf, type Reading } from '../intercom-stream.ts';
import {
  readBackfill,
  readIds,
  readWindow,
  realtimeWindow,
  type SearchedStream,
  settleWindow,
} from '../read-search.ts';
import { withAssignee } from '../with-assignee.ts';

const schema = z.object({
  id,
  created_at: instant,
  state: text,
  source: z.object({ type: text }).nullish(),
  contacts: z.object({ contacts: z.array(z.object({ id })).nullish() }).nullish(),
  company: z.object({ id }).nullish(),
  statistics: z
    .object({
      first_admin_reply_at: instant,
      last_close_at: instant,
      count_reopens: count,
      count_conversation_parts: count,
    })
    .nullish(),
  conversation_rating: z
    .object({ rating: z.int().min(1).max(5).nullish(), created_at: instant, updated_at: instant })
    .nullish(),
  custom_attributes: z.record(z.string(), z.unknown()).nullish(),
  admin_assignee_name: text,
});

/** `hasDeletedList` from version 2.16 on. */
export function createConversations(hasDeletedList: boolean): IntercomStream {
  const searched = (reading: Reading): SearchedStream => {
    return { name: 'conversations', object: 'conversations', refine: withAssignee(reading) };
  };

  return {
    name: 'conversations',
    table: 'conversation',
    lanes: ['backfill', 'realtime', 'settle', 'sweep'],
    after: ['admins', 'contacts'],
    unify: (raw) => unify(raw),
    refine: withAssignee,
    read(lane, cursor, reading) {
      const stream = searched(reading);
      switch (lane) {
        case 'backfill':
          return readBackfill(stream, cursor, reading);
        case 'realtime':
          return readWindow(stream, realtimeWindow(cursor, reading), reading);
        case 'settle':
          return readWindow(stream, settleWindow(cursor, reading), reading);
        case 'sweep':
          return hasDeletedList ? readDeleted(reading) : readIds(stream, reading);
        default:
          return lane satisfies never;
      }
    },
  };
}

function unify(raw: unknown) {
  const talk = parseRecord(schema, raw);
  const { statistics, conversation_rating: rated } = talk;
  const product = talk.custom_attributes?.product ?? talk.custom_attributes?.Product;
  const rating = rated?.rating ?? null;
  return {
    person_id: talk.contacts?.contacts?.[0]?.id ?? null,
    account_id: talk.company?.id ?? null,
    owner: talk.admin_assignee_name,
    channel: talk.source?.type ?? null,
    product: typeof product === 'string' && product !== '' ? product : null,
    state: talk.state,
    created_at: talk.created_at,
    first_replied_at: statistics?.first_admin_reply_at ?? null,
    // A conversation that was reopened keeps the stamp of its last closing, and is not closed.
    closed_at: talk.state === 'closed' ? (statistics?.last_close_at ?? null) : null,
    reopens: statistics?.count_reopens ?? null,
    parts: statistics?.count_conversation_parts ?? null,
    rating,
    rated_at: rating === null ? null : (rated?.updated_at ?? rated?.created_at ?? null),
  };
}

/** Since 2.16 the platform lists what was deleted, and when. */
async function* readDeleted({ session, context }: Reading): AsyncIterable<Batch> {
  const startedAt = context.now().toISOString();
  for (let page = 1; ; page++) {
    const reply = await session.get(`/conversations/deleted?per_page=60&order=asc&page=${page}`);
    if (!Array.isArray(reply.conversations))
      throw new ReadFault(
        'protocol',
        'Intercom answered the request for deleted conversations without a list',
      );
    const records = (reply.conversations as Item[]).map((item) => ({
      op: 'delete' as const,
      id: idOf(item),
      version: Number(item.deleted_at) * 1000,
      reason: 'deleted' as const,
    }));
    const isLast = (reply.pages as { next?: unknown } | null)?.next == null;
    yield { stream: 'conversations', records, cursor: { page }, coveredUntil: isLast ? startedAt : null };
    if (isLast) return;
  }
}
