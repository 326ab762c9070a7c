/**
 * HubSpot's webhooks, signature v3: HMAC-SHA256 over method, address, body and timestamp. The SDK's own check takes
 * future timestamps and compares byte by byte. Up to 100 events a request, unordered, repeated for 24 hours.
 * https://developers.hubspot.com/docs/api/webhooks/validating-requests
 */
import { z } from 'zod';
import { isFresh, isSigned, jsonOf } from '../../hints/signed.ts';
import type { Hint, Webhook } from '../../source.ts';
import { hubspotHints } from './event-hints.ts';

const id = z.union([z.int().positive(), z.string().regex(/^\d+$/)]).transform(String);

const eventShape = z.looseObject({
  subscriptionType: z.string(),
  objectTypeId: z.string().nullish(),
  objectId: id.nullish(),
  /** Of a merge. */
  primaryObjectId: id.nullish(),
  mergedObjectIds: z.array(id).nullish(),
  newObjectId: id.nullish(),
  /** Of an association. */
  fromObjectId: id.nullish(),
  toObjectId: id.nullish(),
  associationType: z.string().nullish(),
});

export function createHubspotWebhook(secret: string): Webhook {
  return {
    read({ method, urls, headers, body }, now) {
      const signature = headers['x-hubspot-signature-v3'];
      const timestamp = headers['x-hubspot-request-timestamp'];
      if (!signature || !timestamp)
        return {
          kind: 'unsigned',
          reason: 'it has no X-HubSpot-Signature-v3 with X-HubSpot-Request-Timestamp',
        };
      if (!/^\d{1,15}$/.test(timestamp) || !isFresh(Number(timestamp), now))
        return { kind: 'unsigned', reason: 'its timestamp is more than five minutes away from now' };
      const how = { algorithm: 'sha256', encoding: 'base64', secret } as const;
      if (!urls.some((url) => isSigned(signature, how, [method, url, body, timestamp])))
        return {
          kind: 'unsigned',
          reason:
            'its signature does not fit; the secret is that of another app, or server.publicUrl is not the address that HubSpot calls',
        };
      const events = z.array(eventShape).safeParse(jsonOf(body));
      if (!events.success) return { kind: 'malformed', reason: 'it is no list of HubSpot events' };
      // A retry is signed anew, with a new timestamp: an equal signature is the same request once more.
      return { kind: 'read', deliveryId: signature, hints: events.data.flatMap(hintsOf) };
    },
  };
}

/** `contact.propertyChange`, or `object.propertyChange` with an objectTypeId. */
function hintsOf(event: z.infer<typeof eventShape>): Hint[] {
  const [object = '', what = ''] = event.subscriptionType.split('.');
  const type = event.objectTypeId ?? object;
  if (what === 'associationChange') {
    const [from = '', to = ''] = (event.associationType ?? '').toLowerCase().split('_to_');
    return [...hubspotHints(from, [event.fromObjectId]), ...hubspotHints(to, [event.toObjectId])];
  }
  if (what === 'merge') {
    const ids = [event.newObjectId, event.primaryObjectId, event.objectId];
    return [...hubspotHints(type, ids), ...hubspotHints(type, event.mergedObjectIds ?? [])];
  }
  return hubspotHints(type, [event.objectId], what === 'deletion' || what === 'privacyDeletion');
}
