/** What a stand-in's routes see of a request, and how their answers leave. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Refusal } from './refusal.ts';

export type Exchange = {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: IncomingMessage['headers'];
  body: string;
  /** `http://host:port` as the caller wrote it: links must lead back to the stand-in, not to the real host. */
  origin: string;
};

export async function readExchange(request: IncomingMessage): Promise<Exchange> {
  const origin = `http://${request.headers.host ?? '127.0.0.1'}`;
  const url = new URL(request.url ?? '/', origin);
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return {
    method: request.method ?? 'GET',
    path: url.pathname,
    query: url.searchParams,
    headers: request.headers,
    body: Buffer.concat(chunks).toString('utf8'),
    origin,
  };
}

/** Send a value as JSON, or a text as plain text. */
export function send(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  const isText = typeof body === 'string';
  response.writeHead(status, {
    'content-type': isText ? 'text/plain' : 'application/json;charset=utf-8',
    ...headers,
  });
  response.end(isText ? body : JSON.stringify(body));
}

/** Run a route and send what it gives or refuses with. Anything else it throws is a fault of ours: 500. */
export async function answer(
  response: ServerResponse,
  headers: () => Record<string, string>,
  route: () => unknown,
): Promise<void> {
  try {
    const body = await route();
    send(response, 200, body, headers());
  } catch (thrown) {
    if (thrown instanceof Refusal)
      send(response, thrown.status, thrown.body, { ...headers(), ...thrown.headers });
    else send(response, 500, { message: thrown instanceof Error ? thrown.message : 'internal error' });
  }
}
