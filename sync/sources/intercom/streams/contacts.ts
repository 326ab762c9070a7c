/** Users and leads of the messenger. */
import { z } from 'zod';
import { parseRecord } from '../../parse-record.ts';
import { id, instant, text } from '../fields.ts';
import type { IntercomStream } from '../intercom-stream.ts';
import { readBackfill, readIds, readNewestFirst, realtimeWindow, settleWindow } from '../read-search.ts';

const schema = z.object({
  id,
  email: text,
  name: text,
  role: text,
  created_at: instant,
  companies: z.object({ data: z.array(z.object({ id })).nullish() }).nullish(),
  location: z.object({ country: text }).nullish(),
});

const searched = { name: 'contacts', object: 'contacts' as const };

export const contacts: IntercomStream = {
  name: 'contacts',
  table: 'person',
  lanes: ['backfill', 'realtime', 'settle', 'sweep'],
  after: ['companies'],
  unify(raw) {
    const contact = parseRecord(schema, raw);
    return {
      email: contact.email,
      name: contact.name,
      country: contact.location?.country ?? null,
      account_id: contact.companies?.data?.[0]?.id ?? null,
      kind: contact.role,
      created_at: contact.created_at,
    };
  },
  read(lane, cursor, reading) {
    switch (lane) {
      case 'backfill':
        return readBackfill(searched, cursor, reading);
      case 'realtime':
        return readNewestFirst(searched, realtimeWindow(cursor, reading), reading);
      case 'settle':
        return readNewestFirst(searched, settleWindow(cursor, reading), reading);
      case 'sweep':
        return readIds(searched, reading);
      default:
        return lane satisfies never;
    }
  },
};
