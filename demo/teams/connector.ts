/** The REST side of the channel: what a bot calls at `serviceUrl`. Strict, since tests lean on it. */
import type http from 'node:http';
import { type Answered, readBody } from './http.ts';
import { createRate, faultIn, maxMessageBytes, sizeOf } from './limits.ts';
import type { Room } from './room.ts';
import { bot, directChat, people, tenantId } from './workspace.ts';

type Settings = { room: Room; token: string; now: () => number };

const refuse = (
  status: number,
  code: string,
  message: string,
  headers: Record<string, string> = {},
): Answered => ({
  status,
  headers,
  body: { error: { code, message } },
});

/** Answers a request under `/v3/conversations`; `path` has no prefix. */
export function createConnector({ room, token, now }: Settings) {
  const waitFor = createRate(now);
  return async (request: http.IncomingMessage, path: string): Promise<Answered> => {
    if (request.headers.authorization !== `Bearer ${token}`)
      return refuse(401, 'AuthorizationFailed', 'Authorization has been denied for this request.');
    const [, encoded, , activityId] =
      /^\/v3\/conversations(?:\/([^/]+)(\/activities(?:\/([^/]+))?)?)?$/.exec(path) ?? [];
    const body = request.method === 'DELETE' ? {} : await readBody(request, 4_000_000);
    if (body === null) return refuse(400, 'BadSyntax', 'not JSON');
    if (encoded === undefined) return openDirect(request, body);
    const [conversation, thread] = decodeURIComponent(encoded).split(';messageid=') as [string, string?];
    if (!room.has(conversation)) return refuse(404, 'ConversationNotFound', 'Conversation not found.');
    if (request.method === 'DELETE')
      return room.remove(conversation, activityId ?? '')
        ? { status: 200, body: {} }
        : refuse(404, 'ActivityNotFound', 'no such activity');

    if (sizeOf(body) > maxMessageBytes) return refuse(413, 'MessageSizeTooBig', 'Message size too large.');
    const fault = faultIn(body);
    if (fault) return refuse(400, fault.code, fault.message);
    const waitMs = waitFor(conversation);
    if (waitMs > 0)
      return refuse(429, 'TooManyRequests', 'slow down', { 'retry-after': String(Math.ceil(waitMs / 1000)) });

    const attachments = body.attachments as { content: unknown }[] | undefined;
    const shown = { text: String(body.text ?? ''), card: attachments?.[0]?.content ?? null };
    if (request.method === 'PUT')
      return room.edit(conversation, activityId ?? '', shown)
        ? { status: 200, body: { id: activityId } }
        : refuse(404, 'ActivityNotFound', 'no such activity');
    if (request.method !== 'POST') return refuse(405, 'MethodNotAllowed', 'POST, PUT or DELETE');
    const { id } = room.add({ ...shown, conversation, thread, from: bot.id, fromName: bot.name });
    return { status: 201, body: { id } };
  };
}

function openDirect(request: http.IncomingMessage, body: Record<string, unknown>): Answered {
  if (request.method !== 'POST') return refuse(405, 'MethodNotAllowed', 'POST');
  const member = (body.members as { id?: unknown }[] | undefined)?.[0]?.id;
  const person = people.find((one) => one.memberId === member);
  if (body.isGroup || !person)
    return refuse(403, 'BotNotInConversationRoster', 'The bot is not in the roster.');
  if (body.tenantId !== tenantId) return refuse(400, 'BadArgument', 'tenantId is missing');
  return { status: 201, body: { id: directChat(person.handle) } };
}
