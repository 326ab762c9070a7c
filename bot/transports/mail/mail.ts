/** A mail as the house hands it over, and the parsing that makes its headers safe. */

export type MailAttachment = {
  name: string;
  mime: string;
  bytes: Uint8Array;
  /** Given for a picture that the HTML shows as `cid:…`. */
  cid?: string | undefined;
};

export type Mail = {
  /** Plain addresses; each sees the others, so one target is one mail. */
  to: readonly string[];
  subject: string;
  html: string;
  text: string;
  attachments: readonly MailAttachment[];
  /** The same for every try of one delivery (a hash of its slot), so that a mail that came twice shows once. */
  messageId: string;
  /** https or mailto address behind the mail program's "unsubscribe"; a mail to the sender when absent. */
  unsubscribe?: string | undefined;
};

/** One address and nothing else: no list, no name, no comment, no line break. */
const address = /^[^\s<>()[\]\\,;:"@\p{Cc}]{1,64}@[\p{L}\p{N}]([\p{L}\p{N}.-]{0,251}[\p{L}\p{N}])?$/u;

export function isAddress(text: string): boolean {
  return text.length <= 254 && address.test(text);
}

/** One line: a subject or file name can start no header of its own. */
export function oneLine(text: string, most: number): string {
  return text
    .replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')
    .trim()
    .slice(0, most);
}

/** `<hash@domain>`: anything but the characters of an id is left out. */
export function messageIdHeader(id: string, from: string): string {
  const [local = '', domain] = id.replace(/[<>]/g, '').split('@');
  const host = domain ?? from.replace(/^.*@/, '').replace(/>\s*$/, '');
  return `<${local.replace(/[^\w.+=-]/g, '')}@${host.replace(/[^\w.-]/g, '')}>`;
}
