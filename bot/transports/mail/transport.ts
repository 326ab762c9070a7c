/** Mail through SMTP: one try per call, and an honest word on whether the server has taken it. */
import nodemailer from 'nodemailer';
import { HeraldError } from '../../../platform/errors.ts';
import { type Log, neverLog } from '../../../platform/log.ts';
import { isAddress, type Mail, messageIdHeader, oneLine } from './mail.ts';

export type MailTransportSettings = {
  host: string;
  port: number;
  /** TLS from the first byte (port 465); else STARTTLS. */
  secure: boolean;
  /** Refuse a server without TLS. Default: required of all but a server on this machine. */
  requireTls?: boolean;
  user?: string | undefined;
  password?: string | undefined;
  /** `Herald <herald@example.com>` or the address alone. */
  from: string;
  log: Log;
  /** Oldest TLS accepted. Default 1.3; some older relays speak 1.2 alone. */
  minTls?: 'TLSv1.2' | 'TLSv1.3';
  timeoutMs?: number;
};

export type MailOutcome =
  | { kind: 'sent'; messageId: string; refused: readonly string[] }
  | { kind: 'not_sent'; reason: string; permanent: boolean }
  /** The server had the whole mail when the connection was lost: a second try may double it. */
  | { kind: 'ambiguous'; messageId: string; reason: string };

export type MailTransport = {
  send(mail: Mail): Promise<MailOutcome>;
  /** Connect, agree on TLS and log in; sends nothing. Throws nodemailer's error. */
  check(): Promise<void>;
};

/** Throws `setup` when `from` is no address. */
export function createMailTransport(settings: MailTransportSettings): MailTransport {
  const { host, port, secure, user, password, log } = settings;
  const timeoutMs = settings.timeoutMs ?? 30_000;
  const sender = parseSender(settings.from);
  neverLog(password);
  const local = host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
  const requireTls = settings.requireTls ?? !local;

  /** One connection per mail: what was written on it then belongs to this mail. */
  const connect = (onWhole: () => void) =>
    nodemailer.createTransport({
      host,
      port,
      secure,
      requireTLS: !secure && requireTls,
      ignoreTLS: !secure && !requireTls,
      tls: { minVersion: settings.minTls ?? 'TLSv1.3', servername: host },
      ...(user ? { auth: { user, pass: password ?? '' } } : {}),
      connectionTimeout: Math.min(timeoutMs, 10_000),
      greetingTimeout: Math.min(timeoutMs, 10_000),
      dnsTimeout: Math.min(timeoutMs, 5_000),
      socketTimeout: timeoutMs,
      // A mail never reads files or addresses by itself.
      disableFileAccess: true,
      disableUrlAccess: true,
      logger: watchFor(onWhole),
    });

  return {
    async check() {
      const connection = connect(() => undefined);
      try {
        await connection.verify();
      } finally {
        connection.close();
      }
    },
    async send(mail) {
      const wrong = mail.to.filter((one) => !isAddress(one));
      if (mail.to.length === 0 || wrong.length > 0)
        return {
          kind: 'not_sent',
          reason: `No mail address: ${wrong.length} of ${mail.to.length}.`,
          permanent: true,
        };
      const messageId = messageIdHeader(mail.messageId, sender.address);
      let whole = false;
      const connection = connect(() => {
        whole = true;
      });
      try {
        const info = await connection.sendMail({
          from: sender,
          to: mail.to.map((one) => ({ name: '', address: one })),
          subject: oneLine(mail.subject, 250),
          html: mail.html,
          text: mail.text,
          messageId,
          headers: {
            // Out-of-office answers to a report help nobody (RFC 3834; the second is Exchange's).
            'Auto-Submitted': 'auto-generated',
            'X-Auto-Response-Suppress': 'All',
            ...unsubscribeHeaders(mail.unsubscribe, sender.address),
          },
          attachments: mail.attachments.map(({ name, mime, bytes, cid }) => ({
            filename: oneLine(name, 150).replace(/[/\\]/g, '_'),
            contentType: oneLine(mime, 100),
            content: Buffer.from(bytes),
            ...(cid ? { cid, contentDisposition: 'inline' as const } : {}),
          })),
        });
        return { kind: 'sent', messageId, refused: info.rejected.map(String) };
      } catch (thrown) {
        const outcome = classify(thrown, whole, messageId);
        log.warn({ event: 'mail.failed', outcome: outcome.kind, code: codeOf(thrown) });
        return outcome;
      } finally {
        connection.close();
      }
    },
  };
}

function classify(thrown: unknown, whole: boolean, messageId: string): MailOutcome {
  const error = thrown as { responseCode?: number; code?: string; message?: string };
  const code = codeOf(thrown);
  // The server's own words may quote addresses or content, so they stay out; its code says enough.
  if (error.responseCode)
    return {
      kind: 'not_sent',
      reason: `The mail server refused it (${error.responseCode}, ${code}).`,
      permanent: error.responseCode >= 500 && code !== 'EAUTH',
    };
  if (whole)
    return { kind: 'ambiguous', messageId, reason: `The connection was lost after the mail (${code}).` };
  return { kind: 'not_sent', reason: `The mail server could not be used (${code}).`, permanent: false };
}

function codeOf(thrown: unknown): string {
  const code = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined;
  return typeof code === 'string' ? code : 'unknown';
}

/**
 * A logger for nodemailer that keeps nothing and looks for one line: that the message, with the dot that ends
 * it, was written. There is no event for it; tests hold this to both sides of the dot.
 */
function watchFor(onWhole: () => void) {
  const ignore = () => {};
  const look = (entry: unknown) => {
    if (typeof entry === 'object' && entry !== null && 'tnx' in entry && entry.tnx === 'message') onWhole();
  };
  return {
    level: ignore,
    trace: ignore,
    debug: ignore,
    info: look,
    warn: ignore,
    error: ignore,
    fatal: ignore,
  };
}

function unsubscribeHeaders(link: string | undefined, sender: string): Record<string, string> {
  const url = link && URL.canParse(link) ? new URL(link) : null;
  if (url?.protocol === 'https:')
    return { 'List-Unsubscribe': `<${url.href}>`, 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' };
  const mailto = url?.protocol === 'mailto:' ? url.href : `mailto:${sender}?subject=unsubscribe`;
  return { 'List-Unsubscribe': `<${mailto}>` };
}

function parseSender(from: string): { name: string; address: string } {
  const [, name = '', bracketed] = /^\s*"?([^"<>]*?)"?\s*<([^<>]+)>\s*$/.exec(from) ?? [];
  const found = { name: oneLine(name, 100), address: (bracketed ?? from).trim() };
  if (!isAddress(found.address))
    throw new HeraldError('setup', 'Mail: `from` must be an address, as in "Herald <herald@example.com>".');
  return found;
}
