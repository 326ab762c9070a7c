/** Keep a reply back until it is whole, and send something else in its place. */
import type { ServerResponse } from 'node:http';

type Head = { status: number; headers: Record<string, string> };

/** `send` gets the reply as it would have left, and the response in its original state. */
export function holdBody(response: ServerResponse, send: (head: Head, body: Buffer) => void): void {
  const { writeHead, end } = response;
  const head: Head = { status: 200, headers: {} };
  const held = response as { writeHead: unknown; end: unknown };
  held.writeHead = (status: number, headers: Record<string, string> = {}) => {
    Object.assign(head, { status, headers });
    return response;
  };
  held.end = (body: string | Buffer = '') => {
    Object.assign(response, { writeHead, end });
    send(head, Buffer.from(body));
    return response;
  };
}
