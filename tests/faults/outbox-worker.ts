/** A replica that delivers until it is killed: `node outbox-worker.ts <database> <Slack's API> [mutant]`. */
import { randomUUID } from 'node:crypto';
import { createDirectory } from '../../bot/access/directory.ts';
import { createOutbox } from '../../bot/delivery/outbox.ts';
import type { Sender } from '../../bot/delivery/sender.ts';
import { createSlackSender } from '../../bot/delivery/senders/slack.ts';
import { createPoster } from '../../bot/transports/slack/post.ts';
import { clientOptions, createSlackClient } from '../../bot/transports/slack/slack-client.ts';
import { openDatabase } from '../../db/client.ts';
import { channels } from '../../demo/slack/workspace.ts';
import { createLog } from '../../platform/log.ts';

export type OutboxMutant = 'blind' | 'hopeful';

const [url, slackApiUrl, mutant] = process.argv.slice(2) as [string, string, OutboxMutant?];
const log = createLog('silent', () => undefined);
const refuse = async (): Promise<never> => {
  throw new Error('not in this test');
};
const poster = createPoster(
  createSlackClient('xoxb-token-of-the-test', clientOptions(log, slackApiUrl)),
  log,
);

/** `blind` never finds what it may have sent; `hopeful` takes everything that may be there for sent. */
function mutated<S extends Sender<never>>(sender: S): S {
  if (mutant === 'blind') return { ...sender, find: async () => [] };
  if (mutant === 'hopeful') return { ...sender, find: async ({ to }) => [{ channel: to, ts: 'hoped' }] };
  return sender;
}

createOutbox({
  db: openDatabase(url, { name: 'herald-outbox-worker', max: 4 }),
  senders: { slack: mutated(createSlackSender({ ...poster, upload: refuse, dm: refuse }, log)) },
  directory: createDirectory({
    people: {},
    channels: Object.fromEntries(channels.map(({ id }) => [`slack:${id}`, { role: 'executive' as const }])),
    terminal: { role: 'viewer' },
  }),
  log,
  newId: randomUUID,
  // A hundredth of what is set for real, so that many kills fit into a minute.
  settleMs: 700,
  spacingMs: 0,
  leaseMs: 1_500,
  pollMs: 100,
}).start();
process.stdout.write('delivers\n');
