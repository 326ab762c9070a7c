/**
 * Intercom's webhooks: HMAC-SHA1 over the body with the app's client secret, and no timestamp in the headers. So the
 * notification's own id is remembered, and one that was created long ago is refused: what is no longer remembered
 * cannot be replayed. https://developers.intercom.com/docs/webhooks/setting-up-webhooks
 */
import { z } from 'zod';
import { isFresh, isSigned, jsonOf } from '../../hints/signed.ts';
import type { Hint, Webhook } from '../../source.ts';

/** Shorter than deliveries are remembered. Topics are paused for 15 minutes after many errors, not for a day. */
const oldestMs = 24 * 3_600_000;

const notificationShape = z.looseObject({
  type: z.literal('notification_event'),
  /** A ping has none. */
  id: z.string().min(1).nullish(),
  topic: z.string(),
  created_at: z.number(),
  data: z.looseObject({
    item: z.looseObject({ id: z.union([z.string(), z.int()]).transform(String).nullish() }),
  }),
});

/** By the first word of a topic: `conversation.admin.replied`, `contact.deleted`. */
const streamOf: Readonly<Record<string, string>> = {
  conversation: 'conversations',
  contact: 'contacts',
  user: 'contacts',
  lead: 'contacts',
  company: 'companies',
  ticket: 'tickets',
};
const idForm = /^[\w-]{1,64}$/;

export function createIntercomWebhook(secret: string): Webhook {
  return {
    read({ headers, body }, now) {
      const [algorithm, digest] = (headers['x-hub-signature'] ?? '').split('=');
      if (algorithm !== 'sha1' || !digest)
        return { kind: 'unsigned', reason: 'it has no X-Hub-Signature: sha1=…' };
      if (!isSigned(digest, { algorithm: 'sha1', encoding: 'hex', secret }, [body]))
        return {
          kind: 'unsigned',
          reason: 'its signature does not fit; the secret is not the client secret of this app',
        };
      const parsed = notificationShape.safeParse(jsonOf(body));
      if (!parsed.success) return { kind: 'malformed', reason: 'it is no Intercom notification' };
      const { id, topic, created_at } = parsed.data;
      if (!isFresh(created_at * 1000, now, oldestMs))
        return { kind: 'unsigned', reason: 'it was created more than a day away from now' };
      return { kind: 'read', deliveryId: id ?? digest, hints: hintsOf(topic, parsed.data.data.item.id) };
    },
  };
}

function hintsOf(topic: string, id: string | null | undefined): Hint[] {
  const words = topic.split('.');
  const stream = streamOf[words[0]!];
  if (!stream || !id || !idForm.test(id)) return [];
  return [{ stream, id, ...(words.at(-1) === 'deleted' ? { gone: true } : {}) }];
}
