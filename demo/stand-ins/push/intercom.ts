/** Intercom's webhooks: one notification a request, signed with SHA-1 and without a timestamp outside the body. */
import { createHmac, randomUUID } from 'node:crypto';
import type { StoreChange } from '../../company/records.ts';
import type { PushKind } from './send-pushes.ts';

const topics: Readonly<Record<string, Partial<Record<StoreChange['how'], string>>>> = {
  conversations: {
    created: 'conversation.user.created',
    updated: 'conversation.admin.replied',
    deleted: 'conversation.deleted',
    hard_deleted: 'conversation.deleted',
  },
  contacts: {
    created: 'contact.user.created',
    updated: 'contact.user.updated',
    deleted: 'contact.deleted',
    hard_deleted: 'contact.deleted',
    merged: 'contact.merged',
  },
  companies: {
    created: 'company.created',
    updated: 'company.updated',
    deleted: 'company.deleted',
    hard_deleted: 'company.deleted',
  },
};
const types: Readonly<Record<string, string>> = {
  conversations: 'conversation',
  contacts: 'contact',
  companies: 'company',
};

export const intercomPushes: PushKind = {
  bodies: (changes) =>
    changes.flatMap((change) => {
      const topic = topics[change.object]?.[change.how];
      if (!topic) return [];
      const seconds = Math.floor(change.at / 1000);
      const notification = {
        type: 'notification_event',
        app_id: 'demo',
        data: {
          type: 'notification_event_data',
          item: { type: types[change.object], id: change.into ?? change.id },
        },
        links: {},
        id: `notif_${randomUUID()}`,
        topic,
        delivery_status: 'pending',
        delivery_attempts: 1,
        delivered_at: 0,
        first_sent_at: seconds,
        created_at: seconds,
        self: null,
      };
      return [JSON.stringify(notification)];
    }),
  headers: (body, { secret }) => ({
    'X-Hub-Signature': `sha1=${createHmac('sha1', secret).update(body).digest('hex')}`,
    'user-agent': 'intercom-webhook-consumer/demo',
  }),
};
