import type { MailAttachment } from '../../transports/mail/mail.ts';
import type { MailTransport } from '../../transports/mail/transport.ts';
import type { MailPayload } from '../payload.ts';
import type { Sender } from '../sender.ts';

/** Mail's side of the outbox: every try has the same Message-ID, by which many mail servers show it once. */
export function createMailSender(mail: MailTransport): Sender<MailPayload> {
  return {
    async send({ to, slotKey, payload, load }) {
      let attachments: MailAttachment[];
      try {
        attachments = await Promise.all(
          payload.attachments.map(async ({ hash, name, mime, cid }) => ({
            name,
            mime,
            bytes: await load(hash),
            ...(cid === null ? {} : { cid }),
          })),
        );
      } catch (thrown) {
        return { kind: 'not_sent', reason: `An attachment could not be read: ${(thrown as Error).message}` };
      }
      const { subject, html, text } = payload;
      const made = await mail.send({ to: [to], subject, html, text, attachments, messageId: slotKey });
      if (made.kind === 'sent') return { kind: 'sent', receipt: { messageId: made.messageId } };
      return made.kind === 'ambiguous' ? { kind: 'ambiguous', reason: made.reason } : made;
    },
  };
}
