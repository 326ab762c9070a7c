import { plainText } from '../plain-text.ts';
import { html } from './html.ts';
import type { Mail } from './mail.ts';
import { mailPage, styles } from './mail-page.ts';

/** A title and lines as a mail, without pictures. */
export function mailNote(note: { title: string; lines: readonly string[]; locale?: string }): Mail {
  const { locale = 'en-GB' } = note;
  const title = plainText(note.title);
  const lines = note.lines.map((line) => plainText(line));
  const page = mailPage(
    title,
    [
      html`<h1 class="ink" style="font-size:20px;line-height:1.3;margin:0 0 12px;${styles.ink}">${title}</h1>`,
      ...lines.map((line) => html`<p class="ink" style="margin:0 0 12px;${styles.ink}">${line}</p>`),
    ],
    locale,
  );
  return { subject: title, html: page, text: [title, '', ...lines, ''].join('\n') };
}
