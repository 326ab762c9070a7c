import type { Answer } from '../../kpi/answer.ts';
import { type Digest, digestLists } from '../digest.ts';
import { describeSources } from '../freshness.ts';
import { plainText } from '../plain-text.ts';
import { type Html, html } from './html.ts';
import { splitLead } from './lead.ts';
import { mailImage, mailPage, styles } from './mail-page.ts';
import { terminalAnswer } from './terminal.ts';
import { type Tile, tile } from './tile.ts';

export type Mail = { subject: string; html: string; text: string };

/** A picture attached with this content id. `kpi` says which answer of a digest it belongs to. */
export type MailPicture = { cid: string; alt: string; kpi?: string };

function paragraph(content: Html | string, style: keyof typeof styles = 'ink'): Html {
  return html`<p class="${style}" style="margin:0 0 12px;${styles[style]}">${content}</p>`;
}

function heading(text: string): Html {
  return html`<h2 class="ink line" style="font-size:18px;line-height:1.3;margin:28px 0 8px;padding-top:20px;${styles.line};${styles.ink}">${text}</h2>`;
}

function bullets(lines: readonly string[]): Html {
  return html`<ul style="margin:0 0 12px;padding-left:20px">
${lines.map((line) => html`<li class="ink" style="margin:0 0 6px;${styles.ink}">${line}</li>`)}
</ul>`;
}

function tileCell(one: Tile): Html {
  return html`<td class="tile" valign="top" style="width:50%;padding:10px 12px 10px 0">
<div class="quiet" style="font-size:14px;${styles.quiet}">${one.title}</div>
<div class="ink" style="font-size:28px;line-height:1.2;font-weight:700;${styles.ink}">${one.value}</div>
<div class="${one.tone === 'neutral' ? 'quiet' : one.tone}" style="font-size:14px;font-weight:600;${styles[one.tone]}">${one.change}</div>
<div class="quiet" aria-hidden="true" style="font-size:16px;letter-spacing:1px;${styles.quiet}">${one.spark}</div>
<div class="quiet" style="font-size:14px;${styles.quiet}">${one.target}</div>
</td>`;
}

function tileTable(tiles: readonly Tile[]): Html[] {
  if (tiles.length === 0) return [];
  const rows: Html[] = [];
  for (let i = 0; i < tiles.length; i += 2) rows.push(html`<tr>${tiles.slice(i, i + 2).map(tileCell)}</tr>`);
  return [
    html`<table role="presentation" cellpadding="0" cellspacing="0" style="width:100%;border-collapse:collapse">${rows}</table>`,
  ];
}

function sentence(answer: Answer): Html {
  const { lead, rest } = splitLead(plainText(answer.sentence));
  return html`<strong>${lead}</strong>${rest.startsWith(' ') ? ' ' : ''}${rest}`;
}

/** One answer as a mail. */
export function mailAnswer(input: {
  answer: Answer;
  picture: MailPicture | null;
  notes?: readonly string[];
  locale?: string;
}): Mail {
  const { answer, picture, notes = [], locale = 'en-US' } = input;
  const subject = plainText(`${answer.title}: ${answer.period.label}`, 150);
  const last = [answer.reading, describeSources(answer), `definition v${answer.definition.version}`, ...notes]
    .filter((part) => part !== '')
    .join(' · ');
  const body = [
    html`<h1 class="ink" style="font-size:20px;line-height:1.4;font-weight:400;margin:0 0 12px;${styles.ink}">${sentence(answer)}</h1>`,
    ...(picture === null ? [] : [mailImage(picture)]),
    ...answer.warnings.map((warning) => paragraph(`⚠ ${warning}`, 'caution')),
    paragraph(last, 'quiet'),
  ];
  const text = [
    terminalAnswer(answer, { color: false, locale }),
    ...notes.map((note) => plainText(note)),
  ].join('\n');
  return { subject, html: mailPage(subject, body, locale), text };
}

function digestText(digest: Digest, locale: string): string {
  const tiles = digest.tiles.map((answer) => {
    const { title, value, change, target } = tile(answer, locale);
    return `- ${[`${title}: ${value}`, change, target].filter((part) => part !== '').join(', ')}`;
  });
  const lists = digestLists(digest).flatMap(({ heading: name, lines }) => [
    '',
    name.toUpperCase(),
    ...lines.map((line) => `- ${plainText(line)}`),
  ]);
  const areas = digest.sections.flatMap(({ area, answers }) => [
    '',
    plainText(area).toUpperCase(),
    ...answers.map((answer) => `- ${plainText(answer.sentence)}`),
  ]);
  const head = [
    plainText(`${digest.title} · ${digest.periodLabel}`),
    ...(digest.lateNote === undefined ? [] : ['', `⚠ ${plainText(digest.lateNote)}`]),
  ];
  return `${[...head, '', plainText(digest.summary, 5000), '', ...tiles, ...lists, ...areas].join('\n')}\n`;
}

/** A digest as a mail: summary, tiles, lists, then a section per area with its picture. */
export function mailDigest(input: {
  digest: Digest;
  pictures: readonly MailPicture[];
  locale?: string;
  footer?: string;
}): Mail {
  const { digest, pictures, locale = 'en-US', footer } = input;
  const subject = plainText(`${digest.title} · ${digest.periodLabel}`, 150);
  const placed = new Set<string>();
  const pictureOf = (answers: readonly Answer[]): Html[] => {
    const found = pictures.find(
      (picture) => !placed.has(picture.cid) && answers.some((answer) => answer.kpi === picture.kpi),
    );
    if (found === undefined) return [];
    placed.add(found.cid);
    return [mailImage(found)];
  };
  const sections = digest.sections.flatMap(({ area, answers }) => [
    heading(area),
    ...answers.map((answer) => paragraph(sentence(answer))),
    ...pictureOf(answers),
  ]);
  const loose = pictures.filter((picture) => !placed.has(picture.cid)).map(mailImage);
  const body = [
    html`<h1 class="ink" style="font-size:24px;line-height:1.3;margin:0 0 4px;${styles.ink}">${digest.title}</h1>`,
    paragraph(digest.periodLabel, 'quiet'),
    ...(digest.lateNote === undefined ? [] : [paragraph(`⚠ ${digest.lateNote}`, 'caution')]),
    paragraph(digest.summary),
    ...tileTable(digest.tiles.map((answer) => tile(answer, locale))),
    ...loose,
    ...digestLists(digest).flatMap(({ heading: name, lines }) => [heading(name), bullets(lines)]),
    ...sections,
    ...(footer === undefined ? [] : [paragraph(footer, 'quiet')]),
  ];
  return { subject, html: mailPage(subject, body, locale), text: digestText(digest, locale) };
}
