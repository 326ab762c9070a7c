/** One visible copy, whatever happens: the real SDK against the strict stand-in for Slack, rows in a real database. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createDirectory } from '../../../bot/access/directory.ts';
import type { Delivery, Outcome, Sender } from '../../../bot/delivery/sender.ts';
import { createSlackSender } from '../../../bot/delivery/senders/slack.ts';
import { noFaults } from '../../../demo/slack/faults.ts';
import { quiet } from '../../run-cycle.ts';
import {
  access,
  ann,
  channel,
  message,
  type OutboxHouse,
  openOutboxHouse,
  pictured,
} from './outbox-house.ts';

let house: OutboxHouse;
const exec = channel('executive');
const sales = channel('sales');

beforeAll(async () => {
  house = await openOutboxHouse();
});
afterAll(() => house.close());
beforeEach(async () => {
  Object.assign(house.slack.standIn.faults, noFaults());
  await house.empty();
});

/** Loses the reply of the next post only. */
function loseNextReply() {
  let lost = false;
  house.slack.standIn.faults.loseReply = (method) => {
    if (method !== 'chat.postMessage' || lost) return false;
    lost = true;
    return true;
  };
}

test('a delivery is posted once and its receipt kept', async () => {
  await house.put([message(exec)]);
  await house.open().deliverDue();
  const [post] = house.posted(exec);
  expect(await house.rows()).toMatchObject([
    { state: 'sent', attempts: 1, receipt: { channel: exec, ts: post!.ts } },
  ]);
});

test('put in twice, it is one row and one post', async () => {
  await house.put([message(exec)]);
  await house.put([message(exec)]);
  await house.open().deliverDue();
  await house.open().deliverDue();
  expect(house.posted(exec)).toHaveLength(1);
});

test('five replicas at once post once', async () => {
  await house.put([message(exec), message(sales)]);
  await Promise.all(Array.from({ length: 5 }, () => house.open().deliverDue()));
  expect([house.posted(exec).length, house.posted(sales).length]).toEqual([1, 1]);
});

test('a post whose reply was lost is found by its slot and not repeated', async () => {
  loseNextReply();
  await house.put([message(exec)]);
  const outbox = house.open({ settleMs: 60_000 });
  await outbox.deliverDue();
  expect(await house.states()).toEqual({ [`${exec} main`]: 'ambiguous' });
  await house.hurry();
  await outbox.deliverDue();
  expect(await house.states()).toEqual({ [`${exec} main`]: 'sent' });
  expect(house.posted(exec)).toHaveLength(1);
});

test('nothing is looked for before it had time to settle', async () => {
  loseNextReply();
  await house.put([message(exec)]);
  const outbox = house.open({ settleMs: 60_000 });
  await outbox.deliverDue();
  expect(await outbox.deliverDue()).toBe(0);
});

test('an attempt in doubt that left nothing is made again', async () => {
  let failed = false;
  house.slack.standIn.faults.refuse = (method) => {
    if (method !== 'chat.postMessage' || failed) return null;
    failed = true;
    return 'internal_error';
  };
  await house.put([message(exec)]);
  await house.open().deliverDue();
  expect(await house.rows()).toMatchObject([{ state: 'sent', attempts: 3 }]);
  expect(house.posted(exec)).toHaveLength(1);
});

test('a sender that died after its post is looked for, not repeated', async () => {
  await house.put([message(exec)]);
  const real = createSlackSender(house.slack.transport, quiet);
  // It posts, and then its process is gone: no result is ever written.
  const posted = Promise.withResolvers<Outcome>();
  const dying: Sender<never> = {
    send: async (delivery: Delivery<never>) => {
      posted.resolve(await real.send(delivery));
      return new Promise<Outcome>(() => {});
    },
  };
  void house.open({ senders: { slack: dying } }).deliverDue();
  await posted.promise;
  expect(await house.open().deliverDue()).toBe(0);
  await house.db.sql`update outbox set lease_until = clock_timestamp() - interval '1 second'`;
  await house.open().deliverDue();
  expect(await house.states()).toEqual({ [`${exec} main`]: 'sent' });
  expect(house.posted(exec)).toHaveLength(1);
});

test('a sender that died before its post leaves it to another one', async () => {
  await house.put([message(exec)]);
  const claimed = Promise.withResolvers<void>();
  const dying: Sender<never> = {
    send: () => {
      claimed.resolve();
      return new Promise<Outcome>(() => {});
    },
  };
  void house.open({ senders: { slack: dying } }).deliverDue();
  await claimed.promise;
  await house.db.sql`update outbox set lease_until = clock_timestamp() - interval '1 second'`;
  await house.open().deliverDue();
  expect(house.posted(exec)).toHaveLength(1);
});

test('a frozen sender that comes back late changes nothing', async () => {
  await house.put([message(exec)]);
  const claimed = Promise.withResolvers<void>();
  const thaw = Promise.withResolvers<Outcome>();
  const frozen: Sender<never> = {
    send: () => {
      claimed.resolve();
      return thaw.promise;
    },
  };
  const late = house.open({ senders: { slack: frozen } }).deliverDue();
  await claimed.promise;
  await house.db.sql`update outbox set lease_until = clock_timestamp() - interval '1 second'`;
  await house.open().deliverDue();
  thaw.resolve({ kind: 'not_sent', reason: 'woke up' });
  await late;
  expect(await house.states()).toEqual({ [`${exec} main`]: 'sent' });
});

test('a rate limit is waited for as long as Slack says', async () => {
  await house.put([message(exec)]);
  await house.open().deliverDue();
  await house.put([{ ...message(exec), topic: 'second' }]);
  await house.open().deliverDue();
  const [row] = await house.db.sql<{ state: string; error: string; wait: number }[]>`
    select state, error, extract(epoch from next_try_at - last_try_at)::float as wait from outbox where topic = 'second'`;
  expect(row).toMatchObject({ state: 'pending', error: 'rate_limited' });
  expect(row!.wait).toBeGreaterThanOrEqual(1);
  house.slack.pass(2_000);
  await house.hurry();
  await house.open().deliverDue();
  expect(house.posted(exec)).toHaveLength(2);
});

test('a target that fails holds up no other', async () => {
  house.slack.standIn.faults.botOutOf.add(sales);
  await house.put([message(sales), message(exec)]);
  await house.open().deliverDue();
  expect(await house.states()).toEqual({ [`${sales} main`]: 'pending', [`${exec} main`]: 'sent' });
});

test('a platform that is not connected holds up no other', async () => {
  const teams = { ...message('19:exec@thread'), target: { kind: 'teams' as const, to: '19:exec@thread' } };
  await house.put([teams, message(exec)]);
  await house.open().deliverDue();
  expect(await house.states()).toEqual({ '19:exec@thread main': 'pending', [`${exec} main`]: 'sent' });
});

test('rights are read again when sending: what was permitted before is withheld', async () => {
  await house.put([message(sales, { areas: ['sales', 'finance'] })]);
  await house.open().deliverDue();
  expect(await house.rows()).toMatchObject([
    { state: 'failed', error: `Withheld: ${sales} may not see finance.` },
  ]);
  expect(house.posted(sales)).toEqual([]);
});

test('a channel that lost its role gets nothing more', async () => {
  await house.put([message(exec)]);
  await house.open({ directory: createDirectory({ ...access, channels: {} }) }).deliverDue();
  expect(house.posted(exec)).toEqual([]);
});

test('the picture is uploaded and shown', async () => {
  const { delivery, blob } = pictured(exec);
  await house.put([delivery], [blob]);
  await house.open().deliverDue();
  const image = house.posted(exec)[0]!.blocks[1] as { slack_file: { id: string } };
  expect(house.slack.standIn.state.files.get(image.slack_file.id)?.bytes).toEqual(Buffer.from(blob.bytes));
});

test('a picture is uploaded once, whatever the post needs', async () => {
  let refused = false;
  house.slack.standIn.faults.refuse = (method) => {
    if (method !== 'chat.postMessage' || refused) return null;
    refused = true;
    return 'internal_error';
  };
  const before = house.slack.standIn.state.files.size;
  const { delivery, blob } = pictured(exec);
  await house.put([delivery], [blob]);
  await house.open().deliverDue();
  expect(house.posted(exec)).toHaveLength(1);
  expect(house.slack.standIn.state.files.size).toBe(before + 1);
});

test('the text goes out when the picture fails', async () => {
  house.slack.standIn.faults.uploadFails = true;
  const { delivery, blob } = pictured(exec);
  await house.put([delivery], [blob]);
  await house.open().deliverDue();
  expect(house.posted(exec)).toMatchObject([{ text: 'Churn was 2.1 %', blocks: [{ type: 'section' }] }]);
});

test('parts follow in the thread of their first message, in order', async () => {
  await house.put([
    message(exec),
    message(exec, { part: 'thread:1', after: 'main', text: 'Sales' }),
    message(exec, { part: 'thread:2', after: 'thread:1', text: 'Support' }),
  ]);
  for (let i = 0; i < 3; i += 1) {
    await house.hurry();
    await house.open().deliverDue();
    house.slack.pass(2_000);
  }
  const [main, ...thread] = house.posted(exec);
  expect(thread.map(({ text, threadTs }) => [text, threadTs])).toEqual([
    ['Sales', main!.ts],
    ['Support', main!.ts],
  ]);
});

test('parts of a message that failed are not sent', async () => {
  await house.put([
    message(sales, { areas: ['finance'] }),
    message(sales, { part: 'thread:1', after: 'main' }),
  ]);
  await house.open().deliverDue();
  await house.open().deliverDue();
  expect(await house.states()).toEqual({ [`${sales} main`]: 'failed', [`${sales} thread:1`]: 'failed' });
});

test('a person is reached in their direct message', async () => {
  await house.put([message(ann.id)]);
  await house.open().deliverDue();
  expect(house.posted(ann.dm)).toHaveLength(1);
});

test('a copy that Slack accepts late is removed, and the first one stays', async () => {
  loseNextReply();
  await house.put([message(exec)]);
  const outbox = house.open();
  await outbox.deliverDue();
  const [first] = house.posted(exec);
  const { author, text, blocks, metadata } = first!;
  house.slack.standIn.state.add({ channel: exec, author, text, blocks, metadata });
  await house.db.sql`update outbox set next_try_at = clock_timestamp()`;
  await outbox.deliverDue();
  expect(house.posted(exec).map(({ ts }) => ts)).toEqual([first!.ts]);
});

test.each([
  ['digest', 'unknown', 1],
  ['alert', 'sent', 2],
] as const)('where nobody can look, a %s in doubt ends as %s', async (kind, state, sends) => {
  let sent = 0;
  const blind: Sender<never> = {
    send: async () =>
      ++sent === 1 ? { kind: 'ambiguous', reason: 'hung up' } : { kind: 'sent', receipt: { id: 'x' } },
  };
  await house.put([message(exec, { kind })]);
  await house.open({ senders: { slack: blind } }).deliverDue();
  expect(await house.rows()).toMatchObject([{ state }]);
  expect(sent).toBe(sends);
});

test('what cannot be delivered in a day is given up and says why', async () => {
  house.slack.standIn.faults.botOutOf.add(exec);
  await house.put([message(exec)]);
  await house.open().deliverDue();
  await house.db.sql`update outbox set created_at = clock_timestamp() - interval '25 hours'`;
  await house.open().deliverDue();
  expect(await house.rows()).toMatchObject([
    { state: 'failed', error: expect.stringContaining('not_in_channel') },
  ]);
});

test('an alert that stays in doubt is repeated once and no more', async () => {
  let sent = 0;
  const hangingUp: Sender<never> = {
    send: async () => {
      sent += 1;
      return { kind: 'ambiguous', reason: 'hung up' };
    },
  };
  await house.put([message(exec, { kind: 'alert' })]);
  await house.open({ senders: { slack: hangingUp } }).deliverDue();
  expect(await house.rows()).toMatchObject([{ state: 'unknown' }]);
  expect(sent).toBe(2);
});

test('a history that cannot be read leaves a digest as it is, and says so', async () => {
  loseNextReply();
  house.slack.standIn.faults.refuse = (method) =>
    method === 'conversations.history' ? 'missing_scope' : null;
  await house.put([message(exec)]);
  await house.open().deliverDue();
  expect(await house.rows()).toMatchObject([
    { state: 'unknown', error: expect.stringContaining('missing_scope') },
  ]);
  expect(house.posted(exec)).toHaveLength(1);
});

test('a channel gets one message in its spacing, and others are not held up', async () => {
  await house.put([message(exec), { ...message(exec), topic: 'second' }, message(sales)]);
  await house.open({ spacingMs: 60_000 }).deliverDue();
  expect([house.posted(exec).length, house.posted(sales).length]).toEqual([1, 1]);
});
