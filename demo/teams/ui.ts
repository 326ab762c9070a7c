/** What the demo's page asks the stand-in: conversations, messages, typing, pressing, and changes as they come. */
import type http from 'node:http';
import type { Client, Press } from './client.ts';
import { type Answered, readBody } from './http.ts';
import type { Room } from './room.ts';
import { bot, channels, directChat, people } from './workspace.ts';

export function createUi(room: Room, client: Client) {
  return async (
    request: http.IncomingMessage,
    response: http.ServerResponse,
    url: URL,
  ): Promise<Answered | null> => {
    const handle = url.searchParams.get('person') ?? '';
    const conversation = url.searchParams.get('conversation') ?? '';
    switch (`${request.method} ${url.pathname}`) {
      case 'GET /ui/conversations':
        return { status: 200, body: conversationsOf(handle) };
      case 'GET /ui/messages':
        if (!room.mayRead(handle, conversation)) return forbidden;
        return { status: 200, body: room.transcript(conversation, handle) };
      case 'GET /ui/events':
        return stream(request, response, room, handle);
      case 'POST /ui/send':
      case 'POST /ui/press':
        return act(request, url.pathname === '/ui/send', room, client);
      default:
        return { status: 404, body: { error: 'no such page' } };
    }
  };
}

const forbidden: Answered = { status: 403, body: { error: 'not a member' } };

function conversationsOf(handle: string) {
  if (!people.some((person) => person.handle === handle)) return [];
  return [
    { id: directChat(handle), name: bot.name, kind: 'personal' },
    ...channels
      .filter((channel) => channel.members.includes(handle))
      .map(({ id, name }) => ({ id, name, kind: 'channel' })),
  ];
}

async function act(
  request: http.IncomingMessage,
  typed: boolean,
  room: Room,
  client: Client,
): Promise<Answered> {
  // A JSON content type cannot be sent from another site without asking first.
  if (!request.headers['content-type']?.startsWith('application/json')) return { status: 415, body: null };
  const body = await readBody(request, 64 * 1024);
  if (!body || typeof body.person !== 'string' || typeof body.conversation !== 'string')
    return { status: 400, body: { error: 'person and conversation are missing' } };
  if (!room.mayRead(body.person, body.conversation)) return forbidden;
  const answer = typed
    ? await client.send(body.person, body.conversation, String(body.text ?? '').slice(0, 4000))
    : await client.press(body.person, body.conversation, body.press as Press);
  return { status: 200, body: answer };
}

/** Server-sent events: one per change, naming the conversation; the page fetches it anew. */
function stream(
  request: http.IncomingMessage,
  response: http.ServerResponse,
  room: Room,
  handle: string,
): null {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  response.write(': open\n\n');
  const end = room.subscribe(({ conversation }) => {
    if (room.mayRead(handle, conversation)) response.write(`data: ${JSON.stringify({ conversation })}\n\n`);
  });
  request.on('close', end);
  return null;
}
