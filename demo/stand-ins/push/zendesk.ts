/** Zendesk's event webhooks: one event a request, signed with its timestamp. */
import { createHmac, randomUUID } from 'node:crypto';
import type { StoreChange } from '../../company/records.ts';
import type { PushKind } from './send-pushes.ts';

const names: Readonly<Record<string, string>> = {
  tickets: 'ticket',
  users: 'user',
  organizations: 'organization',
};
const happened: Readonly<Record<string, Partial<Record<StoreChange['how'], string>>>> = {
  ticket: {
    created: 'created',
    updated: 'status_changed',
    deleted: 'soft_deleted',
    hard_deleted: 'permanently_deleted',
    merged: 'merged',
  },
  user: { created: 'created', updated: 'details_changed', deleted: 'deleted', hard_deleted: 'deleted' },
  organization: { created: 'created', updated: 'name_changed', deleted: 'deleted', hard_deleted: 'deleted' },
};

export const zendeskPushes: PushKind = {
  bodies: (changes) =>
    changes.flatMap((change) => {
      const object = names[change.object];
      const what = object && happened[object]?.[change.how];
      if (!what) return [];
      const event = {
        type: `zen:event-type:${object}.${what}`,
        account_id: 1,
        id: randomUUID(),
        time: new Date(change.at).toISOString(),
        zendesk_event_version: '2022-06-20',
        subject: `zen:${object}:${change.id}`,
        detail: { id: change.id },
        event: {},
      };
      return [JSON.stringify(event)];
    }),
  headers(body, { secret }, at) {
    const timestamp = new Date(at).toISOString();
    const signature = createHmac('sha256', secret)
      .update(timestamp + body)
      .digest('base64');
    return {
      'X-Zendesk-Webhook-Signature': signature,
      'X-Zendesk-Webhook-Signature-Timestamp': timestamp,
      'X-Zendesk-Webhook-Id': '01DEMO',
      'X-Zendesk-Account-Id': '1',
    };
  },
};
