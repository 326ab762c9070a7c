/** Serve a stand-in where only this machine can reach it. */
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Listens on 127.0.0.1 at a free port. Refused in production: a stand-in there would feed invented records into real numbers. */
export async function serveLoopback(
  listener: RequestListener,
): Promise<{ url: string; close(): Promise<void> }> {
  if (process.env.NODE_ENV === 'production')
    throw new Error('Stand-ins are not served when NODE_ENV is production.');
  const server = createServer(listener);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        // Kept-alive connections would hold the server open for as long as a client likes.
        server.closeAllConnections();
      }),
  };
}
