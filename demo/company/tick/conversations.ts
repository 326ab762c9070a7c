import { writeConversation } from '../conversations.ts';
import { createDemand } from '../demand.ts';
import { messengerSince } from '../intercom-directory.ts';
import { teamOf } from '../staff.ts';
import { epochSeconds } from '../stamps.ts';
import { type Action, pickRecord } from './action.ts';

const systems = ['intercom'];

const start: Action = (company, random, at) => {
  const who = createDemand(company, (p) => p.intercomId !== null)(random, at);
  if (!who || messengerSince(company, who.person) > at) return null;
  const id = company.ids.intercomNumber('conversations');
  const nothing = {
    replied: null,
    closed: null,
    lastClosed: null,
    rated: null,
    rating: null,
    reopens: 0,
    parts: 1,
  };
  const product = random.pick(['Core', 'Analytics', 'Connect'] as const);
  writeConversation(company, {
    id,
    person: who.person,
    admin: random.pick(teamOf(company, 'Support')),
    at,
    ...nothing,
    product,
  });
  return { systems, what: `${who.person.first} of ${who.customer.firm.stem} starts conversation ${id}` };
};

type Statistics = {
  first_admin_reply_at: number | null;
  first_close_at: number | null;
  count_conversation_parts: number;
};

/** Answers, or closes what was answered. */
const advance: Action = (company, random, at) => {
  const stored = pickRecord(random, company.intercom.all('conversations'), (c) => c.open === true);
  if (!stored || stored.modifiedAt > at) return null;
  const now = epochSeconds(at);
  const statistics = stored.record.statistics as Statistics;
  const parts = { count_conversation_parts: statistics.count_conversation_parts + 1 };
  if (statistics.first_admin_reply_at === null) {
    const waited = now - (stored.record.created_at as number);
    const changed = { ...statistics, ...parts, first_admin_reply_at: now, median_time_to_reply: waited };
    company.intercom.put(
      'conversations',
      stored.id,
      { ...stored.record, statistics: changed, updated_at: now },
      at,
    );
    return { systems, what: `conversation ${stored.id} is answered` };
  }
  const changed = {
    ...statistics,
    ...parts,
    first_close_at: statistics.first_close_at ?? now,
    last_close_at: now,
  };
  company.intercom.put(
    'conversations',
    stored.id,
    { ...stored.record, statistics: changed, state: 'closed', open: false, updated_at: now },
    at,
  );
  return { systems, what: `conversation ${stored.id} is closed` };
};

const RATED_WITHIN_SECONDS = 3 * 86_400;

const rate: Action = (company, random, at) => {
  const now = epochSeconds(at);
  const stored = pickRecord(
    random,
    company.intercom.all('conversations'),
    (c) =>
      c.open === false &&
      c.conversation_rating === null &&
      (c.updated_at as number) > now - RATED_WITHIN_SECONDS &&
      (c.updated_at as number) <= now,
  );
  if (!stored) return null;
  const rating = random.weighted([
    [5, 58],
    [4, 25],
    [3, 9],
    [2, 4],
    [1, 4],
  ]);
  const record = {
    ...stored.record,
    conversation_rating: { rating, remark: null, created_at: now },
    updated_at: now,
  };
  company.intercom.put('conversations', stored.id, record, at);
  return { systems, what: `conversation ${stored.id} is rated ${rating}` };
};

export const conversationActions = [
  [start, 9],
  [advance, 11],
  [rate, 3],
] as const;
