/** Files behind links that nobody can guess and that end: for pictures which a chat platform must fetch from us. */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { RequestListener } from 'node:http';
import type { Database } from '../../../db/client.ts';

export type SignedFiles = {
  /** Keep the bytes and return their link, good for `ttlMs`. */
  host(file: { mime: string; bytes: Uint8Array }): Promise<string>;
  /** Serves GET /files/<token>. */
  listener: RequestListener;
};

/** Long enough for a message that is read tomorrow; private pictures do not outlive the week. */
const TTL_MS = 7 * 86_400_000;
const mount = '/files/';

export function createSignedFiles(input: {
  db: Database;
  key: Buffer;
  publicUrl: string;
  now: () => Date;
}): SignedFiles {
  const sign = (text: string) => createHmac('sha256', input.key).update(`file:${text}`).digest('base64url');

  async function find(token: string): Promise<{ mime: string; bytes: Uint8Array } | null> {
    const [hash, expires, signature, extra] = token.split('.');
    if (!hash || !expires || !signature || extra !== undefined) return null;
    const expected = Buffer.from(sign(`${hash}.${expires}`));
    const given = Buffer.from(signature);
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) return null;
    if (!(Number(expires) > input.now().getTime())) return null;
    const [row] = await input.db.sql<
      { mime: string; bytes: Uint8Array }[]
    >`select mime, bytes from blob where hash = ${hash}`;
    return row ?? null;
  }

  return {
    async host({ mime, bytes }) {
      const hash = createHash('sha256').update(bytes).digest('base64url');
      await input.db
        .sql`insert into blob (hash, mime, bytes) values (${hash}, ${mime}, ${Buffer.from(bytes)}) on conflict (hash) do update set at = clock_timestamp()`;
      const body = `${hash}.${input.now().getTime() + TTL_MS}`;
      return `${input.publicUrl.replace(/\/$/, '')}${mount}${body}.${sign(body)}`;
    },
    listener: (request, response) => {
      const token = new URL(request.url ?? '/', 'http://herald').pathname.slice(mount.length);
      find(token).then(
        (file) => {
          // The same reply for what never was, what ended and what was tampered with.
          if (!file) response.writeHead(404, { 'content-type': 'text/plain' }).end('Not found');
          else
            response
              .writeHead(200, {
                'content-type': file.mime,
                'cache-control': 'private, no-store',
                'x-content-type-options': 'nosniff',
              })
              .end(file.bytes);
        },
        () => response.writeHead(503, { 'content-type': 'text/plain' }).end('Try again in a minute'),
      );
    },
  };
}
