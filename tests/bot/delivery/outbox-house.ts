/** An outbox over a real database, with the real Slack transport against the strict stand-in. */
import { randomUUID } from 'node:crypto';
import { createDirectory } from '../../../bot/access/directory.ts';
import type { Area } from '../../../bot/access/roles.ts';
import { blobOf, type NewBlob, type NewDelivery, putDeliveries } from '../../../bot/delivery/enqueue.ts';
import { createOutbox, type OutboxOptions } from '../../../bot/delivery/outbox.ts';
import { pictureSlot, type SlackPayload } from '../../../bot/delivery/payload.ts';
import type { Senders } from '../../../bot/delivery/sender.ts';
import { createSlackSender } from '../../../bot/delivery/senders/slack.ts';
import { readDeliveries } from '../../../bot/delivery/status.ts';
import { type Database, openDatabase } from '../../../db/client.ts';
import { bot, channels, people } from '../../../demo/slack/workspace.ts';
import { openTestDatabase } from '../../database.ts';
import { openSlackHouse } from '../../fixtures/slack-house.ts';
import { quiet } from '../../run-cycle.ts';

export const channel = (name: string) => channels.find((one) => one.name === name)!.id;
export const ann = people[0]!;
export const slot = new Date('2026-11-23T08:00:00Z');

export const access = {
  people: {
    [`slack:${ann.id}`]: { role: 'executive' as const },
    'mail:board@example.com': { role: 'executive' as const },
  },
  channels: {
    [`slack:${channel('executive')}`]: { role: 'executive' as const },
    [`slack:${channel('sales')}`]: { role: 'viewer' as const, areas: ['sales' as const] },
    'teams:19:exec@thread': { role: 'executive' as const },
  },
  terminal: { role: 'executive' as const },
};

export async function openOutboxHouse() {
  const home = await openTestDatabase();
  const db: Database = openDatabase(home.url, { name: 'herald-test', max: 6 });
  const slack = await openSlackHouse();
  const open = (more: Partial<OutboxOptions> & { senders?: Senders } = {}) =>
    createOutbox({
      db,
      directory: createDirectory(access),
      log: quiet,
      newId: randomUUID,
      settleMs: 0,
      spacingMs: 0,
      senders: { slack: createSlackSender(slack.transport, quiet) },
      ...more,
    });
  return {
    db,
    slack,
    open,
    put: (deliveries: readonly NewDelivery[], blobs: readonly NewBlob[] = []) =>
      db.inTransaction((tx) => putDeliveries(tx, deliveries, blobs)),
    rows: () => readDeliveries(db, {}),
    states: async () =>
      Object.fromEntries(
        (await readDeliveries(db, {})).map((row) => [`${row.target.to} ${row.part}`, row.state]),
      ),
    /** As if every wait were over. */
    hurry: () => db.sql`update outbox set next_try_at = clock_timestamp() where state <> 'sent'`,
    /** What the bot has posted in a channel, oldest first. */
    posted: (where: string) =>
      slack.standIn.state.messages.filter((one) => one.channel === where && one.author === bot.userId),
    async empty() {
      await db.sql`delete from outbox`;
      for (const one of [...slack.standIn.state.messages]) slack.standIn.state.remove(one);
      slack.pass(5_000);
    },
    async close() {
      await slack.close();
      await db.close();
      await home.close();
    },
  };
}

export type OutboxHouse = Awaited<ReturnType<typeof openOutboxHouse>>;

const section = (text: string) => ({ type: 'section', text: { type: 'mrkdwn', text } });

/** A small message for one place. */
export function message(
  to: string,
  more: { part?: string; after?: string; text?: string; areas?: Area[]; kind?: 'digest' | 'alert' } = {},
): NewDelivery {
  const { part, after, text = 'Churn was 2.1 %', areas = ['sales'], kind = 'digest' } = more;
  const payload: SlackPayload = { kind: 'slack', text, blocks: [section(text)], picture: null };
  return {
    kind,
    topic: 'exec',
    slot,
    target: { kind: 'slack', to },
    audience: { areas, role: null },
    payload,
    ...(part ? { part } : {}),
    ...(after ? { after } : {}),
  };
}

/** One with a picture. */
export function pictured(to: string): { delivery: NewDelivery; blob: NewBlob } {
  const blob = blobOf(
    Buffer.from(
      'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
      'base64',
    ),
    'image/png',
  );
  const blocks = [
    section('Churn was 2.1 %'),
    { type: 'image', alt_text: 'Churn', slack_file: { id: pictureSlot } },
  ];
  const picture = { hash: blob.hash, mime: blob.mime, alt: 'Churn', width: 1, height: 1 };
  return {
    blob,
    delivery: { ...message(to), payload: { kind: 'slack', text: 'Churn was 2.1 %', blocks, picture } },
  };
}
