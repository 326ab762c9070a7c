/** The route that takes pushes, over real HTTP and a real database. */
import { createHmac } from 'node:crypto';
import { request } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createWebhooks } from '../../cli/start/webhooks.ts';
import { type Database, openDatabase } from '../../db/client.ts';
import { serveLoopback } from '../../demo/stand-ins/serve.ts';
import { openTestDatabase, type TestDatabase } from '../database.ts';
import { quiet } from '../run-cycle.ts';
import { hintsOf } from '../sync/hints/push-house.ts';

const secret = 'the-secret';
const now = Date.parse('2026-11-22T10:00:00Z');

let database: TestDatabase;
let db: Database;
let served: { url: string; close(): Promise<void> };

beforeAll(async () => {
  database = await openTestDatabase();
  db = openDatabase(database.url, { name: 'herald-webhooks', max: 4 });
  served = await serveLoopback(
    createWebhooks({
      db,
      sources: () => ({
        hubspot: { webhookSecret: secret },
        zendesk: { webhookSecret: secret },
        intercom: { webhookSecret: secret },
        salesforce: {},
        billing: { kind: 'csv' },
      }),
      publicUrl: null,
      now: () => new Date(now),
      log: quiet,
    }),
  );
});
afterAll(async () => {
  await served.close();
  await db.close();
  await database.close();
});
beforeEach(async () => {
  await db.sql`truncate hint, webhook_delivery`;
});

type Signing = { secret?: string; at?: number; body?: string };

function hubspot({ secret: given = secret, at = now, body = contactChanged('1') }: Signing = {}) {
  const url = `${served.url}/webhooks/hubspot`;
  const signature = createHmac('sha256', given).update(`POST${url}${body}${at}`).digest('base64');
  return {
    url,
    body,
    headers: { 'x-hubspot-signature-v3': signature, 'x-hubspot-request-timestamp': String(at) },
  };
}
function zendesk({ secret: given = secret, at = now, body = '{"ticket_id":"7"}' }: Signing = {}) {
  const stamp = new Date(at).toISOString();
  const signature = createHmac('sha256', given)
    .update(stamp + body)
    .digest('base64');
  const headers = {
    'x-zendesk-webhook-signature': signature,
    'x-zendesk-webhook-signature-timestamp': stamp,
  };
  return { url: `${served.url}/webhooks/zendesk`, body, headers };
}
function intercom({ secret: given = secret, at = now, body }: Signing = {}) {
  const text = body ?? notification(at, 'notif_1');
  const digest = createHmac('sha1', given).update(text).digest('hex');
  return {
    url: `${served.url}/webhooks/intercom`,
    body: text,
    headers: { 'x-hub-signature': `sha1=${digest}` },
  };
}
const contactChanged = (id: string) =>
  JSON.stringify([{ eventId: 1, subscriptionType: 'contact.propertyChange', objectId: Number(id) }]);
const notification = (at: number, id: string) =>
  JSON.stringify({
    type: 'notification_event',
    id,
    topic: 'conversation.admin.replied',
    created_at: Math.floor(at / 1000),
    data: { item: { type: 'conversation', id: '42' } },
  });

async function post(sent: {
  url: string;
  body: string | Uint8Array<ArrayBuffer>;
  headers: Record<string, string>;
}) {
  const response = await fetch(sent.url, { method: 'POST', body: sent.body, headers: sent.headers });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

const platforms = { hubspot, zendesk, intercom };

describe.each(Object.entries(platforms))('a push of %s', (_name, signed) => {
  test('leaves its hint and is answered 200', async () => {
    expect(await post(signed())).toEqual({ status: 200, body: { hints: 1, repeated: false } });
    expect(await hintsOf(db)).toHaveLength(1);
  });

  test('that is sent twice counts once and is answered 200 again', async () => {
    const push = signed();
    await post(push);
    await db.sql`delete from hint`;
    expect(await post(push)).toEqual({ status: 200, body: { hints: 0, repeated: true } });
    expect(await hintsOf(db)).toEqual([]);
  });

  test('under another secret is refused', async () => {
    expect((await post(signed({ secret: 'another' }))).status).toBe(401);
    expect(await hintsOf(db)).toEqual([]);
  });

  test('whose body was changed on the way is refused', async () => {
    const push = signed();
    expect((await post({ ...push, body: push.body.replace(/\d/, '9') })).status).toBe(401);
  });

  test('without a signature is refused', async () => {
    expect((await post({ ...signed(), headers: {} })).status).toBe(401);
  });

  test('from the past is refused, however well it is signed', async () => {
    expect((await post(signed({ at: now - 25 * 3_600_000 }))).status).toBe(401);
  });

  test('from the future is refused', async () => {
    expect((await post(signed({ at: now + 120_000 }))).status).toBe(401);
  });

  test('that is signed nonsense is refused as unreadable', async () => {
    for (const body of ['', 'nonsense', '{"a":', '[1,2]', '{"__proto__":{"id":1}}', 'null'])
      expect([body, (await post(signed({ body }))).status]).toEqual([body, 400]);
    expect(await hintsOf(db)).toEqual([]);
  });

  test('of what Herald does not read is taken and leaves nothing', async () => {
    const other = {
      hubspot: '[{"subscriptionType":"quote.creation","objectId":5}]',
      zendesk: '{"type":"zen:event-type:article.published","detail":{"id":"5"}}',
      intercom: notification(now, 'notif_2').replace('conversation.admin.replied', 'ping'),
    }[_name as keyof typeof platforms];
    expect((await post(signed({ body: other }))).status).toBe(200);
    expect(await hintsOf(db)).toEqual([]);
  });
});

test('a signature is over the bytes as they came, not over what they mean', async () => {
  const body = '[ {"subscriptionType":"contact.creation",  "objectId":3, "name":"Zoë ☂"} ]';
  expect((await post(hubspot({ body }))).status).toBe(200);
});

test('a hundred copies at once leave one hint and one delivery', async () => {
  const push = zendesk();
  const answers = await Promise.all(Array.from({ length: 100 }, () => post(push)));
  expect(answers.filter(({ body }) => body.repeated === false)).toHaveLength(1);
  const [row] = await db.sql<{ named: number }[]>`select named from hint`;
  expect(row?.named).toBe(1);
});

test('a deletion says so', async () => {
  await post(hubspot({ body: '[{"subscriptionType":"contact.deletion","objectId":8}]' }));
  await post(
    intercom({ body: notification(now, 'n').replace('conversation.admin.replied', 'conversation.deleted') }),
  );
  expect(await hintsOf(db)).toEqual([
    { stream: 'contacts', record_id: '8', gone: true },
    { stream: 'conversations', record_id: '42', gone: true },
  ]);
});

test('a merge names the survivor and the one that went', async () => {
  const merge = [
    {
      subscriptionType: 'object.merge',
      objectTypeId: '0-2',
      objectId: 1,
      mergedObjectIds: [2],
      newObjectId: 1,
    },
  ];
  await post(hubspot({ body: JSON.stringify(merge) }));
  expect((await hintsOf(db)).map((hint) => [hint.stream, hint.record_id])).toEqual([
    ['companies', '1'],
    ['companies', '2'],
  ]);
});

test('a push that is too big is refused before it has arrived', async () => {
  const big = new Uint8Array(1024 * 1024 + 1);
  expect((await post({ ...zendesk(), body: big })).status).toBe(413);
  // Also when nobody says how long it will be.
  const status = await new Promise<number>((resolve, reject) => {
    const sending = request(`${served.url}/webhooks/zendesk`, { method: 'POST' }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    sending.on('error', reject);
    for (let n = 0; n < 18; n++) sending.write(Buffer.alloc(64 * 1024, 97));
  });
  expect(status).toBe(413);
});

test('a source without a secret says what to set', async () => {
  const response = await fetch(`${served.url}/webhooks/zendesk_eu`, { method: 'POST' });
  expect([response.status, await response.text()]).toEqual([
    404,
    expect.stringContaining('no source \\"zendesk_eu\\"'),
  ]);
  const polled = await fetch(`${served.url}/webhooks/billing`, { method: 'POST' });
  expect([polled.status, await polled.text()]).toEqual([404, expect.stringContaining('it is polled')]);
});

test('a source whose pushes are not set up answers 404 with the setting', async () => {
  const bare = await serveLoopback(
    createWebhooks({
      db,
      sources: () => ({ hubspot: {} }),
      publicUrl: null,
      now: () => new Date(now),
      log: quiet,
    }),
  );
  const response = await fetch(`${bare.url}/webhooks/hubspot`, { method: 'POST', body: '[]' });
  expect(response.status).toBe(404);
  expect(await response.text()).toContain('HERALD_SOURCES_HUBSPOT_WEBHOOK_SECRET');
  await bare.close();
});

test('another method than POST is refused, but HEAD says that the address is right', async () => {
  expect((await fetch(`${served.url}/webhooks/intercom`, { method: 'HEAD' })).status).toBe(200);
  expect((await fetch(`${served.url}/webhooks/intercom`)).status).toBe(405);
});

test('while the database is away the platform is asked to come again', async () => {
  const gone = openDatabase(database.url, { name: 'gone', max: 1 });
  await gone.close();
  const down = await serveLoopback(
    createWebhooks({
      db: gone,
      sources: () => ({ zendesk: { webhookSecret: secret } }),
      publicUrl: null,
      now: () => new Date(now),
      log: quiet,
    }),
  );
  const response = await fetch(`${down.url}/webhooks/zendesk`, { ...zendesk(), method: 'POST' });
  expect([response.status, response.headers.get('retry-after')]).toEqual([503, '30']);
  await down.close();
});
