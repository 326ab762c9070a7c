/** Herald in Microsoft Teams: messages, mentions, card buttons and proactive posts. Decides nothing. */
import type http from 'node:http';
import { LRUCache } from 'lru-cache';
import { type Log, neverLog } from '../../../platform/log.ts';
import type { Desk } from '../../commands/command.ts';
import { type AuthOverrides, checkOverrides } from './auth-settings.ts';
import { answerExecute, answerQuestion, answerSubmit, type Conversation } from './conversation.ts';
import { createListener } from './listener.ts';
import { outgoing, type Present } from './message-of.ts';
import type { Host } from './picture-address.ts';
import type { TeamsPort, Turn } from './port.ts';
import { type References, remember } from './references.ts';
import { classify, type Delivery } from './send-error.ts';

export type TeamsTransportSettings = {
  desk: Desk;
  present: Present;
  appId: string;
  appPassword?: string | undefined;
  tenantId?: string | undefined;
  /** The demo's issuer, or null for Microsoft's. Refused in production unless on this machine. */
  auth?: AuthOverrides | undefined;
  production: boolean;
  references: References;
  /** Signed links for pictures and documents; null without a public address. */
  host: Host;
  log: Log;
  /** 0 shows "Working on it" for every question. Default 300. */
  placeholderAfterMs?: number;
  timeoutMs?: number;
  /** Another library behind the port; teams-ai unless given. */
  port?: TeamsPort;
};

export type TeamsTransport = {
  listener: http.RequestListener;
  /**
   * Post once to a conversation known by its id, or to a person by `dm:<person>`; `update` replaces an earlier post.
   * Never retries: the outbox decides by the outcome.
   */
  post(
    conversation: string,
    card: unknown,
    options: { fallbackText: string; update?: string | undefined },
  ): Promise<Delivery>;
  /** Take no more turns and wait for those under way. */
  stop(): Promise<void>;
};

/** Loads the library and wires the transport. Throws `setup` for overrides that production may not have. */
export async function createTeamsTransport(settings: TeamsTransportSettings): Promise<TeamsTransport> {
  const { desk, present, references, host, log, production } = settings;
  const overrides = settings.auth ?? null;
  checkOverrides(overrides, production);
  neverLog(settings.appPassword);
  neverLog(overrides?.connectorToken);
  const port = settings.port ?? (await loadPort(settings, overrides));
  const on: Conversation = {
    port,
    desk,
    present,
    host,
    references,
    log,
    placeholderAfterMs: settings.placeholderAfterMs ?? 300,
  };

  const underWay = new Set<Promise<void>>();
  let stopped = false;
  /** Work that outlives its request: Teams gets its 200 at once and therefore never delivers twice. */
  const later = (work: Promise<void>): void => {
    const tracked = work
      .catch((thrown: unknown) => log.error({ event: 'teams.answer_failed', err: thrown }))
      .finally(() => underWay.delete(tracked));
    underWay.add(tracked);
  };
  // Teams delivers at least once, and a token can be replayed for some minutes.
  const seen = new LRUCache<string, true>({ max: 10_000 });
  const first = (turn: Turn): boolean => {
    const key = `${turn.reference.conversation}/${turn.activityId}`;
    if (seen.has(key)) return false;
    seen.set(key, true);
    return true;
  };

  port.onSubmit(async (turn, pressed) => {
    if (first(turn)) later(answerSubmit(on, turn, pressed));
  });
  port.onMessage(async (turn) => {
    if (first(turn)) later(answerQuestion(on, turn));
  });
  port.onExecute(async (turn, pressed) =>
    first(turn) ? answerExecute(on, turn, pressed, later) : { line: 'Already answered.' },
  );
  port.onInstalled(async (turn) => later(remember(references, turn.reference, turn.person.id)));

  return {
    listener: createListener({
      port,
      tenantId: settings.tenantId ?? null,
      overrides,
      stopping: () => stopped,
      log,
    }),
    async post(conversation, card, { fallbackText, update }) {
      const to = await references.load(conversation);
      if (!to)
        return {
          kind: 'not_sent',
          reason: 'Herald has not been added to this Teams conversation.',
          permanent: true,
          retryAfterMs: null,
        };
      const { message } = outgoing(card, fallbackText);
      try {
        if (update === undefined) return { kind: 'sent', id: await port.send(to, message) };
        await port.update(to, update, message);
        return { kind: 'sent', id: update };
      } catch (thrown) {
        return classify(thrown);
      }
    },
    async stop() {
      stopped = true;
      while (underWay.size > 0) await Promise.all(underWay);
    },
  };
}

async function loadPort(
  settings: TeamsTransportSettings,
  overrides: AuthOverrides | null,
): Promise<TeamsPort> {
  const { createTeamsAiPort } = await import('./teams-ai-port.ts');
  return createTeamsAiPort({
    appId: settings.appId,
    appPassword: settings.appPassword ?? null,
    tenantId: settings.tenantId ?? null,
    overrides,
    timeoutMs: settings.timeoutMs ?? 10_000,
  });
}
