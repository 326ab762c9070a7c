/** The one HTTP server: each transport has its path, health has its own, everything else is the demo's page or nothing. */
import http, { type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { HeraldError } from '../../platform/errors.ts';

export type Route = { path: string; listener: RequestListener };

export type Served = { origin: string; close(): Promise<void> };

/** Listen; a taken port is said in words, or another one is taken when `orAnother`. */
export async function serve(
  routes: () => readonly Route[],
  options: { host: string; port: number; orAnother: boolean },
): Promise<Served> {
  const server = http.createServer((request, response) => {
    const path = (request.url ?? '/').split('?')[0]!;
    const route = routes().find(
      (candidate) =>
        path === candidate.path || (candidate.path.endsWith('/') && path.startsWith(candidate.path)),
    );
    if (route) route.listener(request, response);
    else response.writeHead(404, { 'content-type': 'text/plain' }).end('Not found');
  });
  server.headersTimeout = 20_000;
  server.requestTimeout = 60_000;
  const listen = (port: number) =>
    new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, options.host, () => {
        server.off('error', reject);
        resolve();
      });
    });
  try {
    await listen(options.port);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE' && options.orAnother) await listen(0);
    else if (code === 'EADDRINUSE')
      throw new HeraldError(
        'setup',
        `Port ${options.port} is taken. Set server.port in herald.yaml (or HERALD_SERVER_PORT), or stop what uses it.`,
        { cause },
      );
    else
      throw new HeraldError(
        'setup',
        `Herald cannot listen on ${options.host}:${options.port}: ${(cause as Error).message}`,
        { cause },
      );
  }
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://${options.host === '0.0.0.0' || options.host === '::' ? '127.0.0.1' : options.host}:${port}`,
    async close() {
      server.closeIdleConnections();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      const patience = setTimeout(() => server.closeAllConnections(), 2_000);
      await closed;
      clearTimeout(patience);
    },
  };
}

export const sendJson = (response: http.ServerResponse, status: number, body: unknown): void => {
  response
    .writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' })
    .end(JSON.stringify(body));
};
