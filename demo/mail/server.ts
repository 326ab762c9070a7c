/** The demo's mail box: a real SMTP server on this machine that keeps what it is given, and a page to read it. */
import { randomUUID } from 'node:crypto';
import type http from 'node:http';
import type { AddressInfo } from 'node:net';
import { simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';
import { createInboxListener } from './listener.ts';

export type DemoAttachment = { name: string; mime: string; bytes: Uint8Array; cid: string | null };

export type DemoMail = {
  id: string;
  from: string;
  to: readonly string[];
  subject: string;
  html: string;
  text: string;
  messageId: string;
  headers: ReadonlyMap<string, string>;
  attachments: readonly DemoAttachment[];
  at: string;
};

export type DemoMailbox = {
  port: number;
  /** Newest first. */
  mails(): readonly DemoMail[];
  subscribe(listener: (mail: DemoMail) => void): () => void;
  /** For `/demo/mail/ui…` of the demo's web server. */
  listener: http.RequestListener;
  close(): Promise<void>;
};

const kept = 200;
const maxBytes = 20 * 1024 * 1024;

export async function startDemoMail(now: () => number = Date.now): Promise<DemoMailbox> {
  const mails: DemoMail[] = [];
  const listeners = new Set<(mail: DemoMail) => void>();
  const server = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    size: maxBytes,
    onData(stream, session, done) {
      simpleParser(stream).then(
        (parsed) => {
          if (stream.sizeExceeded) {
            done(Object.assign(new Error('message too large'), { responseCode: 552 }));
            return;
          }
          const mail: DemoMail = {
            id: randomUUID(),
            from: parsed.from?.text ?? '',
            // The envelope is what was asked for; a header may say anything.
            to: session.envelope.rcptTo.map(({ address }) => address),
            subject: parsed.subject ?? '',
            html: parsed.html || '',
            text: parsed.text ?? '',
            messageId: parsed.messageId ?? '',
            headers: new Map(
              parsed.headerLines.map(({ key, line }) => [key, line.slice(line.indexOf(':') + 1).trim()]),
            ),
            attachments: parsed.attachments.map(({ filename, contentType, content, cid }) => ({
              name: filename ?? 'attachment',
              mime: contentType,
              bytes: content,
              cid: cid ?? null,
            })),
            at: new Date(now()).toISOString(),
          };
          mails.unshift(mail);
          mails.length = Math.min(mails.length, kept);
          for (const listener of listeners) listener(mail);
          done();
        },
        (thrown: unknown) => done(thrown instanceof Error ? thrown : new Error(String(thrown))),
      );
    },
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const subscribe: DemoMailbox['subscribe'] = (listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  };
  return {
    port: (server.server.address() as AddressInfo).port,
    mails: () => mails,
    subscribe,
    listener: createInboxListener({ mails: () => mails, subscribe }),
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
