/** `/demo/mail/ui`: the list, one mail's HTML, its attachments, and news as they come. */
import type http from 'node:http';
import type { DemoMail, DemoMailbox } from './server.ts';

export const mount = '/demo/mail/ui';

/** Mail is foreign HTML: it may show its own pictures and styles, and do nothing. */
const mailPolicy = "default-src 'none'; img-src data: 'self'; style-src 'unsafe-inline'; sandbox";

export function createInboxListener({
  mails,
  subscribe,
}: Pick<DemoMailbox, 'mails' | 'subscribe'>): http.RequestListener {
  return (request, response) => {
    const path = new URL(request.url ?? '/', 'http://demo').pathname.slice(mount.length);
    if (request.method !== 'GET') return void response.writeHead(405).end();
    if (path === '/mails' || path === '' || path === '/') return json(response, mails().map(summary));
    if (path === '/events') return events(request, response, subscribe);
    const [, id, part] = /^\/mails\/([\w-]{36})\/(html|attachments\/\d+)$/.exec(path) ?? [];
    const mail = mails().find((one) => one.id === id);
    if (!mail || !part) return void response.writeHead(404).end();
    if (part === 'html') {
      response.writeHead(200, {
        'content-type': 'text/html; charset=utf-8',
        'content-security-policy': mailPolicy,
        'referrer-policy': 'no-referrer',
      });
      response.end(withInlinePictures(mail));
      return;
    }
    const attachment = mail.attachments[Number(part.split('/')[1])];
    if (!attachment) return void response.writeHead(404).end();
    response.writeHead(200, {
      // Never shown in the page's own origin: it was written elsewhere.
      'content-type': attachment.mime === 'application/pdf' ? attachment.mime : 'application/octet-stream',
      'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(attachment.name)}`,
      'x-content-type-options': 'nosniff',
    });
    response.end(attachment.bytes);
  };
}

function summary({ id, from, to, subject, text, at, attachments }: DemoMail) {
  const files = attachments.flatMap(({ name, mime, bytes, cid }, index) =>
    cid && mime.startsWith('image/') ? [] : [{ index, name, mime, size: bytes.length }],
  );
  return { id, from, to, subject, preview: text.replace(/\s+/g, ' ').slice(0, 140), at, attachments: files };
}

function withInlinePictures({ html, attachments }: DemoMail): string {
  let shown = html;
  for (const { cid, mime, bytes } of attachments)
    if (cid && /^image\/(png|jpeg|gif)$/.test(mime))
      shown = shown.replaceAll(`cid:${cid}`, `data:${mime};base64,${Buffer.from(bytes).toString('base64')}`);
  return shown;
}

function json(response: http.ServerResponse, body: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' });
  response.end(JSON.stringify(body));
}

function events(
  request: http.IncomingMessage,
  response: http.ServerResponse,
  subscribe: DemoMailbox['subscribe'],
): void {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  response.write(': open\n\n');
  request.on(
    'close',
    subscribe(({ id }) => response.write(`data: ${JSON.stringify({ id })}\n\n`)),
  );
}
