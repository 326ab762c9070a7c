/**
 * Marketing emails → email_send. Their counters move without their `updatedAt`, so the whole list is read each time
 * (some hundreds of rows); unchanged ones cost a hash.
 */
import { z } from 'zod';
import { instantOf, parseRecord } from '../../parse-record.ts';
import { flatRecordsOf, type HubspotStream } from '../hubspot-stream.ts';

const counter = z.number().int().nonnegative().optional();
const schema = z.object({
  id: z.string().min(1),
  name: z.string().nullish(),
  campaign: z.string().nullish(),
  publishDate: z.string().nullish(),
  stats: z
    .object({
      counters: z
        .object({
          sent: counter,
          delivered: counter,
          open: counter,
          click: counter,
          bounce: counter,
          unsubscribed: counter,
        })
        .optional(),
    })
    .nullish(),
});

export const marketingEmails: HubspotStream = {
  name: 'marketing_emails',
  table: 'email_send',
  lanes: ['backfill', 'realtime', 'sweep'],
  listPath: '/marketing/v3/emails',
  listQuery: { includeStats: 'true' },
  pageSize: 100,
  recordsOf: flatRecordsOf,
  unify(raw) {
    const email = parseRecord(schema, raw);
    const sentAt = instantOf('publishDate', email.publishDate);
    // A draft is no fact.
    if (sentAt === null) return null;
    const counters = email.stats?.counters ?? {};
    return {
      name: email.name ?? null,
      campaign_id: email.campaign || null,
      sent_at: sentAt,
      sent: counters.sent ?? null,
      delivered: counters.delivered ?? null,
      opened: counters.open ?? null,
      clicked: counters.click ?? null,
      bounced: counters.bounce ?? null,
      unsubscribed: counters.unsubscribed ?? null,
    };
  },
};
