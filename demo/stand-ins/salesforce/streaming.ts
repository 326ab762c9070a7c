/**
 * The streaming API, as far as Change Data Capture needs it: Bayeux over long-polling, strict about versions, clients,
 * sessions and replay ids. https://docs.cometd.org/current7/reference/#_concepts_bayeux_protocol
 */
import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Store, StoreChange } from '../../company/records.ts';

type Message = Record<string, unknown> & { channel?: string; id?: string; clientId?: string };
type Client = { subscribed: boolean; sent: number; held: (() => void) | null };
type Event = { replayId: number; data: Record<string, unknown> };

const channel = '/data/ChangeEvents';
const changeTypes: Record<StoreChange['how'], string> = {
  created: 'CREATE',
  updated: 'UPDATE',
  deleted: 'DELETE',
  archived: 'DELETE',
  merged: 'DELETE',
  hard_deleted: 'DELETE',
};
/** CDC knows no history objects and no snapshots of one's own. */
const captured = new Set([
  'Account',
  'Contact',
  'Lead',
  'Campaign',
  'CampaignMember',
  'Opportunity',
  'Task',
  'User',
]);

export function createStreaming(options: {
  store: Store;
  now: () => number;
  isOpen: (accessToken: string) => boolean;
  heldMs?: number;
  keptEvents?: number;
}) {
  const { store, now, isOpen, heldMs = 20_000, keptEvents = 10_000 } = options;
  const clients = new Map<string, Client>();
  const events: Event[] = [];
  /** Ids only grow, also over a restart: one from an earlier life is known, for nothing happened in between. */
  let lastId = now();
  let forgotten = 0;

  store.watch((change) => {
    if (!captured.has(change.object)) return;
    lastId++;
    const header = {
      entityName: change.object,
      recordIds: [change.id],
      changeType: changeTypes[change.how],
      changeOrigin: '',
      transactionKey: randomBytes(16).toString('hex'),
      sequenceNumber: 1,
      commitTimestamp: change.at,
      commitNumber: lastId,
      commitUser: '005000000000000AAA',
    };
    events.push({
      replayId: lastId,
      data: { schema: 'demo', payload: { ChangeEventHeader: header }, event: { replayId: lastId } },
    });
    if (events.length > keptEvents) forgotten = events.shift()!.replayId;
    for (const client of clients.values()) if (client.subscribed) client.held?.();
  });

  const refuse = (message: Message, error: string, advice?: object): Message => ({
    channel: message.channel!,
    id: message.id!,
    successful: false,
    error,
    ...(advice ? { advice } : {}),
  });

  function pending(client: Client): Message[] {
    if (!client.subscribed) return [];
    const fresh = events.filter((event) => event.replayId > client.sent);
    client.sent = fresh.at(-1)?.replayId ?? client.sent;
    return fresh.map(({ data }) => ({ channel, data }));
  }

  function handshake(message: Message): Message {
    const clientId = randomBytes(14).toString('hex');
    clients.set(clientId, { subscribed: false, sent: 0, held: null });
    return {
      channel: '/meta/handshake',
      id: message.id!,
      version: '1.0',
      minimumVersion: '1.0',
      supportedConnectionTypes: ['long-polling'],
      clientId,
      successful: true,
      ext: { replay: true, 'payload.format': true },
    };
  }

  function subscribe(message: Message, client: Client): Message {
    if (message.subscription !== channel)
      return refuse(message, `403:denied_by_security_policy:create_denied ${String(message.subscription)}`);
    const asked = (message.ext as { replay?: Record<string, number> } | undefined)?.replay?.[channel] ?? -1;
    if (asked > lastId || (asked >= 0 && asked < forgotten))
      return refuse(
        message,
        `400::The replayId {${asked}} you provided was invalid.  Please provide a valid ID, -2 to replay all events, or -1 to replay only new events.`,
      );
    client.subscribed = true;
    client.sent = asked === -1 ? lastId : asked === -2 ? forgotten : asked;
    client.held?.();
    return {
      channel: '/meta/subscribe',
      id: message.id!,
      clientId: message.clientId!,
      subscription: channel,
      successful: true,
    };
  }

  /** Held until there is something to tell, or for as long as a poll may be held. */
  async function connect(message: Message, client: Client, response: ServerResponse): Promise<Message[]> {
    let told = pending(client);
    if (told.length === 0) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, heldMs);
        client.held = () => {
          clearTimeout(timer);
          // What changes in one go is told in one go.
          setImmediate(resolve);
        };
        response.once('close', () => client.held?.());
      });
      client.held = null;
      told = pending(client);
    }
    const advice = { interval: 0, timeout: heldMs, reconnect: 'retry' };
    return [
      ...told,
      { channel: '/meta/connect', id: message.id!, clientId: message.clientId!, successful: true, advice },
    ];
  }

  async function answer(
    message: Message,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<Message[]> {
    const token = /^(?:OAuth|Bearer) (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
    if (!isOpen(token)) {
      const refused = refuse(message, '401::Authentication invalid', { reconnect: 'none', interval: 0 });
      const why = { ext: { sfdc: { failureReason: '401::Authentication invalid' }, replay: true } };
      return [
        {
          ...refused,
          ...(message.channel === '/meta/handshake' ? { ...why, error: '403::Handshake denied' } : {}),
        },
      ];
    }
    if (message.channel === '/meta/handshake') return [handshake(message)];
    const client = clients.get(message.clientId ?? '');
    if (!client) return [refuse(message, '403::Unknown client', { reconnect: 'handshake', interval: 0 })];
    switch (message.channel) {
      case '/meta/connect':
        return connect(message, client, response);
      case '/meta/subscribe':
        return [subscribe(message, client)];
      case '/meta/unsubscribe':
        client.subscribed = false;
        return [
          {
            channel: '/meta/unsubscribe',
            id: message.id!,
            subscription: message.subscription,
            successful: true,
          },
        ];
      case '/meta/disconnect':
        clients.delete(message.clientId!);
        client.held?.();
        return [
          { channel: '/meta/disconnect', id: message.id!, clientId: message.clientId!, successful: true },
        ];
      default:
        return [refuse(message, '403::Publishing is not allowed')];
    }
  }

  return async (request: IncomingMessage, body: string, response: ServerResponse): Promise<void> => {
    const isKnown = request.method === 'POST' && /^\/cometd\/\d+\.0\/?/.test(request.url ?? '');
    const send = (status: number, reply: unknown) => {
      if (response.destroyed) return;
      response.writeHead(status, { 'content-type': 'application/json;charset=UTF-8' });
      response.end(JSON.stringify(reply));
    };
    try {
      const messages = JSON.parse(body) as Message[];
      if (!isKnown || !Array.isArray(messages))
        return send(400, [{ successful: false, error: '400::Bad request' }]);
      const replies: Message[] = [];
      for (const message of messages) replies.push(...(await answer(message, request, response)));
      send(replies.some((reply) => String(reply.error ?? '').startsWith('401')) ? 401 : 200, replies);
    } catch (thrown) {
      send(400, [{ successful: false, error: `400::${(thrown as Error).message}` }]);
    }
  };
}
