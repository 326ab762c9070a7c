/**
 * Zendesk's webhooks: HMAC-SHA256 over timestamp and body. Either subscribed to events (users, organizations, and
 * tickets where the account has them), or connected to a trigger whose body the admin writes: `{"ticket_id":
 * "{{ticket.id}}"}`. https://developer.zendesk.com/documentation/webhooks/verifying
 */
import { z } from 'zod';
import { isFresh, isSigned, jsonOf } from '../../hints/signed.ts';
import type { Hint, Webhook } from '../../source.ts';

const id = z.union([z.int().positive(), z.string().regex(/^\d+$/)]).transform(String);

const eventShape = z.object({
  type: z.string(),
  subject: z.string().optional(),
  detail: z.looseObject({ id }),
});
const triggerShape = z.object({ ticket_id: id });

const streamOf: Readonly<Record<string, string>> = {
  ticket: 'tickets',
  user: 'users',
  organization: 'organizations',
};
const deletions = new Set(['deleted', 'soft_deleted', 'permanently_deleted']);

export function createZendeskWebhook(secret: string): Webhook {
  return {
    read({ headers, body }, now) {
      const signature = headers['x-zendesk-webhook-signature'];
      const timestamp = headers['x-zendesk-webhook-signature-timestamp'];
      if (!signature || !timestamp)
        return { kind: 'unsigned', reason: 'it has no X-Zendesk-Webhook-Signature with its timestamp' };
      if (!isFresh(Date.parse(timestamp), now))
        return { kind: 'unsigned', reason: 'its timestamp is more than five minutes away from now' };
      if (!isSigned(signature, { algorithm: 'sha256', encoding: 'base64', secret }, [timestamp, body]))
        return {
          kind: 'unsigned',
          reason: 'its signature does not fit; the secret is that of another webhook',
        };
      const json = jsonOf(body);
      const event = eventShape.safeParse(json);
      // The invocation's id is not signed; the signature itself is what cannot be made twice.
      if (event.success) return { kind: 'read', deliveryId: signature, hints: hintsOf(event.data) };
      const trigger = triggerShape.safeParse(json);
      if (trigger.success)
        return {
          kind: 'read',
          deliveryId: signature,
          hints: [{ stream: 'tickets', id: trigger.data.ticket_id }],
        };
      return { kind: 'malformed', reason: 'it is neither a Zendesk event nor {"ticket_id": …}' };
    },
  };
}

/** `zen:event-type:user.active_changed` */
function hintsOf({ type, detail }: z.infer<typeof eventShape>): Hint[] {
  const [, object = '', what = ''] = /^zen:event-type:(\w+)\.(\w+)$/.exec(type) ?? [];
  const stream = streamOf[object];
  return stream ? [{ stream, id: detail.id, ...(deletions.has(what) ? { gone: true } : {}) }] : [];
}
