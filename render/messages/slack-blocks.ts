import { plainText, shorten } from '../plain-text.ts';
import { type MessageAction, mostActions } from './message-action.ts';
import { slackLimits } from './slack-limits.ts';

type Plain = { type: 'plain_text'; text: string; emoji: false };
type Mrkdwn = { type: 'mrkdwn'; text: string; verbatim: true };
type Button = {
  type: 'button';
  action_id: string;
  text: Plain;
  value: string;
  accessibility_label: string;
  style?: 'primary';
};

/** A cell of a table: plain, or a link. */
export type TableCell =
  | { type: 'raw_text'; text: string }
  | {
      type: 'rich_text';
      elements: { type: 'rich_text_section'; elements: { type: 'link'; url: string; text: string }[] }[];
    };

/** The blocks we use, narrower than Slack's own types so that nothing unknown slips in. */
export type SlackBlock =
  | { type: 'header'; text: Plain }
  | { type: 'section'; text?: Mrkdwn; fields?: Mrkdwn[] }
  | { type: 'context'; elements: Mrkdwn[] }
  | { type: 'actions'; elements: Button[] }
  | { type: 'divider' }
  | {
      type: 'table';
      column_settings: { align: 'left' | 'right'; is_wrapped: false }[];
      rows: TableCell[][];
    }
  | { type: 'image'; alt_text: string; slack_file?: { id: string }; image_url?: string };

export type SlackMessage = { text: string; blocks: SlackBlock[] };

/** A picture in Slack: an uploaded file, or a URL that Slack can fetch. */
export type SlackPicture = { fileId: string; alt: string } | { url: string; alt: string };

/**
 * Make text inert in mrkdwn: Slack's three control characters become entities, so `<!channel>`, mentions and
 * links from data are shown, not obeyed (docs.slack.dev/messaging/formatting-message-text#escaping).
 */
export function escapeSlack(text: string): string {
  return plainText(text).replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}

/** Bold, unless the text has asterisks of its own, which would end it early. */
export function bold(text: string): string {
  const clean = escapeSlack(text);
  return clean === '' || clean.includes('*') ? clean : `*${clean}*`;
}

// A cut must not leave half an entity: "&am…" would show as such.
function cut(text: string, most: number): string {
  return text.length <= most ? text : `${shorten(text, most).replace(/&[a-z]{0,3}…$/, '…')}`;
}

/** `verbatim` keeps Slack from linking what looks like a channel, a name or an address. */
export function mrkdwn(text: string, most: number = slackLimits.sectionText): Mrkdwn {
  return { type: 'mrkdwn', text: cut(text, most) || ' ', verbatim: true };
}

export function plain(text: string, most: number): Plain {
  return { type: 'plain_text', text: plainText(text, most) || ' ', emoji: false };
}

export function section(text: string): SlackBlock {
  return { type: 'section', text: mrkdwn(text) };
}

export function context(lines: readonly string[]): SlackBlock[] {
  const shown = lines.filter((line) => line !== '').slice(0, slackLimits.contextElements);
  return shown.length === 0
    ? []
    : [{ type: 'context', elements: shown.map((line) => mrkdwn(line, slackLimits.contextText)) }];
}

export function image(picture: SlackPicture | null): SlackBlock[] {
  if (picture === null) return [];
  const alt_text = plainText(picture.alt, slackLimits.altText) || 'Chart';
  return 'fileId' in picture
    ? [{ type: 'image', alt_text, slack_file: { id: picture.fileId } }]
    : [{ type: 'image', alt_text, image_url: picture.url }];
}

/** At most five buttons. The value is `{a: answer id, v: verb, x?: value}`; one too long for Slack is left out. */
export function buttons(actions: readonly MessageAction[], answerId: string | null): SlackBlock[] {
  const elements = actions
    .map((action, i): Button => {
      const value = JSON.stringify({
        a: answerId,
        v: action.verb,
        ...(action.value === undefined ? {} : { x: action.value }),
      });
      return {
        type: 'button',
        action_id: `herald:${action.verb}:${i}`,
        text: plain(action.label, slackLimits.buttonText),
        value,
        accessibility_label: plainText(action.label, slackLimits.buttonText) || action.verb,
        ...(action.style === undefined ? {} : { style: action.style }),
      };
    })
    .filter((button) => button.value.length <= slackLimits.buttonValue)
    .slice(0, mostActions);
  return elements.length === 0 ? [] : [{ type: 'actions', elements }];
}

function weight(block: SlackBlock): number {
  return JSON.stringify(block).length;
}

/** Keep a message within Slack's limits: blocks beyond them are dropped from the end, the buttons last. */
export function within(message: SlackMessage): SlackMessage {
  const last = message.blocks.at(-1);
  const footer = last?.type === 'actions' ? [last] : [];
  const body = footer.length === 0 ? message.blocks : message.blocks.slice(0, -1);
  let room = slackLimits.messageCharacters - footer.reduce((sum, block) => sum + weight(block), 0);
  const kept: SlackBlock[] = [];
  for (const block of body) {
    room -= weight(block);
    if (room < 0 || kept.length + footer.length >= slackLimits.blocks) break;
    kept.push(block);
  }
  return { text: cut(message.text, slackLimits.text), blocks: [...kept, ...footer] };
}
