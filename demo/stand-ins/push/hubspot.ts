/** HubSpot's webhooks: up to a hundred events a request, signature v3. */
import { createHmac } from 'node:crypto';
import type { StoreChange } from '../../company/records.ts';
import type { PushKind } from './send-pushes.ts';

const names: Readonly<Record<string, string>> = { contacts: 'contact', companies: 'company', deals: 'deal' };
const most = 100;

export const hubspotPushes: PushKind = {
  bodies(changes) {
    const events = changes.filter((change) => names[change.object]).map(eventOf);
    const bodies: string[] = [];
    for (let at = 0; at < events.length; at += most) bodies.push(JSON.stringify(events.slice(at, at + most)));
    return bodies;
  },
  headers(body, { url, secret }, at) {
    const timestamp = String(at);
    const signature = createHmac('sha256', secret).update(`POST${url}${body}${timestamp}`).digest('base64');
    return { 'X-HubSpot-Signature-v3': signature, 'X-HubSpot-Request-Timestamp': timestamp };
  },
};

function eventOf(change: StoreChange, index: number): Record<string, unknown> {
  const object = names[change.object]!;
  const common = {
    eventId: change.at + index,
    subscriptionId: 1,
    portalId: 1_000_001,
    appId: 1,
    occurredAt: change.at,
    attemptNumber: 0,
    changeSource: 'CRM_UI',
  };
  const objectId = Number(change.id);
  switch (change.how) {
    case 'created':
      return { ...common, subscriptionType: `${object}.creation`, objectId };
    case 'updated':
      return {
        ...common,
        subscriptionType: `${object}.propertyChange`,
        objectId,
        propertyName: 'lastmodifieddate',
      };
    case 'merged': {
      const survivor = Number(change.into);
      const merge = { primaryObjectId: survivor, mergedObjectIds: [objectId], newObjectId: survivor };
      return { ...common, subscriptionType: `${object}.merge`, objectId: survivor, ...merge };
    }
    case 'hard_deleted':
      return { ...common, subscriptionType: `${object}.privacyDeletion`, objectId };
    case 'deleted':
    case 'archived':
      return { ...common, subscriptionType: `${object}.deletion`, objectId };
    default:
      return change.how satisfies never;
  }
}
