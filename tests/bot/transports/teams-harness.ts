/** The real transport (real teams-ai) and the strict stand-in on one loopback server, with a desk that is handed in. */
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Desk, Incoming, Picture, Press, Reply } from '../../../bot/commands/command.ts';
import type { Present } from '../../../bot/transports/teams/message-of.ts';
import type { Reference } from '../../../bot/transports/teams/port.ts';
import { createTeamsTransport, type TeamsTransport } from '../../../bot/transports/teams/transport.ts';
import type { DemoMessage } from '../../../demo/teams/room.ts';
import { createTeamsStandIn, type TeamsStandIn } from '../../../demo/teams/stand-in.ts';
import { demoAppId, tenantId } from '../../../demo/teams/workspace.ts';
import { createLog } from '../../../platform/log.ts';
import { teamsAnswer, teamsNote, teamsProblem } from '../../../render/messages/teams.ts';
import { churn } from '../../fixtures/answers.ts';

export type Harness = {
  transport: TeamsTransport;
  standIn: TeamsStandIn;
  asked: Incoming[];
  pressed: Press[];
  logged: string[];
  references: Map<string, Reference>;
  /** What the desk says next; a function to look at the question. */
  say(reply: Reply | ((incoming: Incoming) => Promise<Reply>)): void;
  /** The next time that the bot has written into a conversation, its last message there. */
  botSays(conversation: string, when?: (message: DemoMessage) => boolean): Promise<DemoMessage>;
  /** Type something and wait for what the bot writes after it. */
  ask(
    handle: string,
    conversation: string,
    text: string,
    when?: (message: DemoMessage) => boolean,
  ): Promise<DemoMessage>;
  close(): Promise<void>;
};

const png: Picture = { png: new Uint8Array(300), alt: 'Churn by quarter', width: 1000, height: 563 };

export const answer = (more: Partial<Extract<Reply, { kind: 'answer' }>> = {}): Reply => ({
  kind: 'answer',
  answerId: 'a1',
  answer: churn,
  picture: png,
  visibility: 'place',
  visibilityNote: null,
  actions: [{ verb: 'by', label: 'By segment', value: 'segment' }],
  ...more,
});

/** The house's own cards, put together as the composition root does. */
export const present: Present = (reply, { pictureUrl }) => {
  const card =
    reply.kind === 'answer'
      ? teamsAnswer({
          ...reply,
          picture: pictureUrl && reply.picture ? { url: pictureUrl, alt: reply.picture.alt } : null,
        })
      : reply.kind === 'problem'
        ? teamsProblem(reply.problem, reply.actions)
        : teamsNote({ title: '', lines: [], ...reply });
  return { card, fallbackText: card.speak };
};

export async function startHarness({
  desk: given,
  ...options
}: {
  placeholderAfterMs?: number;
  /** Instead of one that says what it is told to. */
  desk?: Desk;
} = {}): Promise<Harness> {
  const asked: Incoming[] = [];
  const pressed: Press[] = [];
  const logged: string[] = [];
  const references = new Map<string, Reference>();
  let next: Reply | ((incoming: Incoming) => Promise<Reply>) = answer();
  const desk: Desk = given ?? {
    async ask(incoming) {
      asked.push(incoming);
      return typeof next === 'function' ? next(incoming) : next;
    },
    async press(press) {
      pressed.push(press);
      return typeof next === 'function' ? answer() : next;
    },
    complete: async () => [],
  };
  const log = createLog('debug', (line) => logged.push(line));
  const server = http.createServer((request, response) => {
    const listener = request.url?.startsWith('/demo/teams/') ? standIn.listener : transport.listener;
    listener(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  // The clock of the demo runs ahead by itself, so that its rate limits do not slow the tests.
  let clock = Date.parse('2026-11-22T16:00:00Z');
  const standIn = await createTeamsStandIn({
    now: () => (clock += 2_000),
    appId: demoAppId,
    botUrl: () => `${base}/api/messages`,
    baseUrl: () => base,
    log,
  });
  const transport = await createTeamsTransport({
    desk,
    present,
    appId: demoAppId,
    tenantId,
    auth: standIn.auth,
    production: false,
    references: {
      save: async (conversation, reference) => void references.set(conversation, reference),
      load: async (conversation) => references.get(conversation) ?? null,
    },
    host: null,
    log,
    ...options,
  });

  const botSays: Harness['botSays'] = (conversation, when = () => true) =>
    new Promise((resolve) => {
      const look = () => {
        const last = standIn.transcript(conversation).findLast((message) => message.fromName === 'Herald');
        if (!last || !when(last)) return;
        end();
        resolve(last);
      };
      const end = standIn.subscribe(look);
      look();
    });

  return {
    transport,
    standIn,
    asked,
    pressed,
    logged,
    references,
    say: (reply) => {
      next = reply;
    },
    botSays,
    async ask(handle, conversation, text, when = () => true) {
      const before = Number(standIn.transcript(conversation).at(-1)?.id ?? 0);
      await standIn.send(handle, conversation, text);
      return botSays(conversation, (message) => Number(message.id) > before && when(message));
    },
    async close() {
      await transport.stop();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
