import { inflateSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Outcome } from '../../../bot/delivery/sender.ts';
import { createMailSender } from '../../../bot/delivery/senders/mail.ts';
import { createSlackSender } from '../../../bot/delivery/senders/slack.ts';
import { digestOnSlot, workDigests } from '../../../bot/digest/digest-jobs.ts';
import { createMailTransport } from '../../../bot/transports/mail/transport.ts';
import { startDemoMail } from '../../../demo/mail/server.ts';
import { bot } from '../../../demo/slack/workspace.ts';
import { openQueue } from '../../../platform/queue.ts';
import { createScheduler } from '../../../platform/schedule.ts';
import { openSlackHouse } from '../../fixtures/slack-house.ts';
import { quiet } from '../../run-cycle.ts';
import { channel } from '../delivery/outbox-house.ts';
import { type DigestHouse, openDigestHouse, slot } from './digest-house.ts';

let house: DigestHouse;
beforeAll(async () => {
  house = await openDigestHouse();
});
afterAll(() => house.close());
beforeEach(async () => {
  await house.db.sql`delete from outbox`;
});

const exec = { kind: 'slack', to: channel('executive') } as const;
const board = { kind: 'mail', to: 'board@example.com' } as const;
const states = async () =>
  (
    await house.db.sql<
      { target: string; part: string; state: string; error: string | null }[]
    >`select target, part, state, error from outbox order by id`
  ).map((row) => ({ ...row }));

test('it is written once for each target and part, however often it runs', async () => {
  await house.define('exec', [exec, board, { kind: 'teams', to: '19:exec@thread' }]);
  await house.runner.run('exec', slot);
  const once = await states();
  await Promise.all([house.runner.run('exec', slot), house.runner.run('exec', slot)]);
  expect(await states()).toEqual(once);
  expect(once.map(({ target, part }) => `${target} ${part}`)).toEqual([
    `${exec.to} main`,
    `${exec.to} thread:1`,
    `${exec.to} thread:2`,
    'board@example.com main',
    '19:exec@thread main',
  ]);
});

test('two replicas composing at once write the same rows once', async () => {
  await house.define('exec', [exec]);
  await Promise.all([house.runner.run('exec', slot), house.runner.run('exec', slot)]);
  expect(await states()).toHaveLength(3);
});

test('a channel that nobody gave a role gets nothing, and the row says why', async () => {
  await house.define('exec', [{ kind: 'slack', to: channel('general') }, exec]);
  await house.runner.run('exec', slot);
  const rows = await states();
  expect(rows[0]).toMatchObject({ state: 'failed', error: expect.stringContaining('Give slack:') });
  expect(rows.filter(({ state }) => state === 'pending')).toHaveLength(3);
});

test('a channel sees the areas of its role only', async () => {
  await house.define('exec', [{ kind: 'slack', to: channel('sales') }]);
  await house.runner.run('exec', slot);
  const [row] = await house.db.sql<{ payload: object }[]>`select payload from outbox where part = 'main'`;
  expect(JSON.stringify(row!.payload)).toContain('Bookings');
  expect(JSON.stringify(row!.payload)).not.toContain('Tickets');
});

test('a digest that does not exist is refused with those that do', async () => {
  await house.define('exec', [exec]);
  await expect(house.runner.run('board', slot)).rejects.toThrow('There is no digest "board". There is exec.');
});

test('what is frozen does not change when the data does', async () => {
  await house.define('exec', [exec]);
  await house.runner.run('exec', slot);
  const [before] = await house.db.sql`select payload from outbox where part = 'main'`;
  house.salesforce.put('deal', 'w9', 1, house.deal(99_000, 'Core', '2026-11-18'));
  await house.sync();
  await house.runner.run('exec', slot);
  const [after] = await house.db.sql`select payload from outbox where part = 'main'`;
  house.salesforce.remove('deal', 'w9', 2);
  await house.sync();
  expect(after).toEqual(before);
});

test('it waits while a source is behind, and writes nothing', async () => {
  await house.define('exec', [exec]);
  const now = new Date();
  await house.db.sql`update checkpoint set covered_until = ${new Date(now.getTime() - 3_600_000)}`;
  const run = await house.runner.run('exec', now, { scheduled: { patienceSeconds: 60 } });
  expect(run).toMatchObject({ kind: 'waiting', stale: ['Salesforce', 'Zendesk'] });
  expect(await states()).toEqual([]);
});

test('when its patience has ended it goes out and says what is missing', async () => {
  await house.define('exec', [exec]);
  const due = new Date(Date.now() - 31 * 60_000);
  await house.db.sql`update checkpoint set covered_until = ${new Date(due.getTime() - 3 * 3_600_000)}`;
  expect(await house.runner.run('exec', due, { scheduled: { patienceSeconds: 0 } })).toMatchObject({
    kind: 'written',
  });
  const [row] = await house.db.sql<
    { payload: { text: string } }[]
  >`select payload from outbox where part = 'main'`;
  expect(row!.payload.text.replaceAll('\u00a0', ' ')).toContain('Zendesk is 3 h old');
});

test('more than two hours late, it says so', async () => {
  await house.define('exec', [exec]);
  const due = new Date(Date.now() - 3 * 3_600_000);
  await house.db.sql`update checkpoint set covered_until = ${new Date()}`;
  await house.runner.run('exec', due, { scheduled: { patienceSeconds: 0 } });
  const [row] = await house.db.sql<{ payload: object }[]>`select payload from outbox where part = 'main'`;
  expect(JSON.stringify(row!.payload)).toContain('Sent 3 h late');
});

test('a due slot becomes one job, one digest and one post, with two of everything', async () => {
  await house.define('hourly', [exec], ['bookings last week'], '0 * * * *');
  await house.db.sql`update checkpoint set covered_until = ${new Date()}`;
  await house.db.sql`update schedule set last_slot = clock_timestamp() - interval '61 minutes'`;
  const queues = [
    await openQueue(house.home.url, { log: quiet, pollSeconds: 0.5 }),
    await openQueue(house.home.url, { log: quiet, pollSeconds: 0.5 }),
  ];
  const posted = Promise.withResolvers<void>();
  let posts = 0;
  const slack = {
    send: async (): Promise<Outcome> => ({
      kind: 'sent',
      receipt: { channel: exec.to, ts: String(++posts) },
    }),
  };
  for (const queue of queues) {
    const outbox = house.outbox({ slack });
    const run = async (...args: Parameters<typeof house.runner.run>) => {
      const made = await house.runner.run(...args);
      await outbox.deliverDue();
      posted.resolve();
      return made;
    };
    await workDigests({ db: house.db, queue, runner: { run }, log: quiet });
  }
  await Promise.all(
    queues.map((queue) => createScheduler({ db: house.db, log: quiet, onSlot: digestOnSlot(queue) }).tick()),
  );
  await posted.promise;
  await Promise.all(queues.map((queue) => queue.close()));
  expect((await states()).map(({ part, state }) => [part, state])).toEqual([
    ['main', 'sent'],
    ['thread:1', 'sent'],
  ]);
  expect(posts).toBe(2);
});

test('on Slack the first screen has summary, tiles and picture, and the areas are in its thread', async () => {
  const slack = await openSlackHouse();
  try {
    await house.sync();
    await house.define('exec', [exec]);
    await house.runner.run('exec', slot);
    const outbox = house.outbox({ slack: createSlackSender(slack.transport, quiet) });
    for (let i = 0; i < 3; i += 1) {
      await outbox.deliverDue();
      slack.pass(2_000);
      await house.db.sql`update outbox set next_try_at = clock_timestamp()`;
    }
    const [main, ...thread] = slack.standIn.state.messages.filter(({ author }) => author === bot.userId);
    expect(main!.text).toContain('Bookings did best');
    expect(main!.blocks.map((block) => (block as { type: string }).type)).toContain('image');
    expect(thread.map(({ threadTs, text }) => [threadTs, text.split(':')[0]])).toEqual([
      [main!.ts, 'Sales'],
      [main!.ts, 'Support'],
    ]);
  } finally {
    await slack.close();
  }
});

test('by mail it comes with pictures inside and a PDF whose charts are vectors', async () => {
  const box = await startDemoMail();
  try {
    await house.sync();
    await house.define('board', [board]);
    await house.runner.run('board', slot);
    const mail = createMailTransport({
      host: '127.0.0.1',
      port: box.port,
      secure: false,
      from: 'Herald <herald@example.com>',
      log: quiet,
    });
    await house.outbox({ mail: createMailSender(mail) }).deliverDue();
    const [got, ...more] = box.mails();
    expect(more).toEqual([]);
    expect(got).toMatchObject({
      subject: 'Executive digest · Monday 23 November 2026',
      to: ['board@example.com'],
    });
    expect(got!.text).toContain('Bookings did best');
    const pictures = got!.attachments.filter(({ mime }) => mime === 'image/png');
    expect(pictures.map(({ cid }) => cid?.split('-')[0])).toEqual(['bookings', 'tickets_created']);
    const pdf = got!.attachments.find(({ mime }) => mime === 'application/pdf');
    expect(pdf!.name).toBe('board-2026-11-23.pdf');
    const { images, lines } = drawingOf(Buffer.from(pdf!.bytes));
    expect(images).toBe(0);
    expect(lines).toBeGreaterThan(40);
  } finally {
    await box.close();
  }
});

/** How many bitmaps a PDF has, and how many path operators its pages draw with. */
function drawingOf(pdf: Buffer): { images: number; lines: number } {
  const text = pdf.toString('latin1');
  let lines = 0;
  for (const match of text.matchAll(/\/FlateDecode[\s\S]*?stream\r?\n/g)) {
    const start = match.index + match[0].length;
    const end = text.indexOf('endstream', start);
    let content = '';
    try {
      content = inflateSync(pdf.subarray(start, end)).toString('latin1');
    } catch (thrown) {
      // A font's stream may be stored otherwise; pages are not.
      if (!(thrown instanceof Error)) throw thrown;
    }
    lines += content.match(/^[-\d. ]+ [lcm]$/gm)?.length ?? 0;
  }
  return { images: text.match(/\/Subtype\s*\/Image/g)?.length ?? 0, lines };
}
