import { plainText } from '../plain-text.ts';
import { type MessageAction, mostActions } from './message-action.ts';

/** The Adaptive Card elements we use (adaptivecards.io/explorer, schema 1.5). */
export type CardElement =
  | {
      type: 'TextBlock';
      text: string;
      wrap: true;
      size?: 'small' | 'large' | 'extraLarge';
      weight?: 'bolder';
      isSubtle?: boolean;
      color?: 'good' | 'attention' | 'warning';
      spacing?: 'small' | 'none';
      style?: 'heading';
      fontType?: 'monospace';
      horizontalAlignment?: 'right';
    }
  | { type: 'RichTextBlock'; inlines: { type: 'TextRun'; text: string; weight?: 'bolder' }[] }
  | { type: 'Image'; url: string; altText: string; size: 'stretch' }
  | { type: 'FactSet'; facts: { title: string; value: string }[] }
  | {
      type: 'Table';
      firstRowAsHeader: true;
      showGridLines: false;
      columns: { width: number }[];
      rows: { type: 'TableRow'; cells: { type: 'TableCell'; items: CardElement[] }[] }[];
    }
  | {
      type: 'ColumnSet';
      columns: { type: 'Column'; width: 'stretch'; items: CardElement[] }[];
      spacing?: 'medium';
    };

export type CardAction = {
  type: 'Action.Execute';
  title: string;
  verb: string;
  data: { a: string | null; v: string; x?: string };
  style?: 'positive';
};

export type AdaptiveCard = {
  type: 'AdaptiveCard';
  $schema: 'http://adaptivecards.io/schemas/adaptive-card.json';
  version: '1.5';
  fallbackText: string;
  speak: string;
  body: CardElement[];
  actions?: CardAction[];
  msteams: { width: 'Full' };
};

/** A picture in Teams: bytes sent inside the card, or a URL that Teams can fetch. */
export type TeamsPicture = { png: Uint8Array; alt: string } | { url: string; alt: string };

/**
 * Text blocks and facts read a subset of Markdown. Characters that would start it get a backslash; a text run
 * (`RichTextBlock`) reads none and is preferred for what people typed.
 */
export function escapeMarkdown(text: string, most = 1000): string {
  return (
    plainText(text, most)
      .replace(/[\\`*_[\]#~|]/g, '\\$&')
      // The legacy renderer reads HTML-like tags and list markers at the start of a line.
      .replace(/</g, '&lt;')
      .replace(/^(\s*)([-+>]|\d+\.)(?=\s)/, '$1\\$2')
  );
}

/** Base64 longer than this makes clients refuse or drop the card; Teams' own guidance is far below 100 KB. */
const longestDataUri = 90_000;

/** The picture, or nothing when it is missing or too heavy for a card. */
export function cardImage(picture: TeamsPicture | null): CardElement[] {
  if (picture === null) return [];
  const altText = plainText(picture.alt, 500) || 'Chart';
  const url =
    'url' in picture ? picture.url : `data:image/png;base64,${Buffer.from(picture.png).toString('base64')}`;
  if (!('url' in picture) && url.length > longestDataUri) return [];
  return [{ type: 'Image', url, altText, size: 'stretch' }];
}

/** At most five buttons, each `Action.Execute` with `{a: answer id, v: verb, x?: value}`. */
export function cardActions(actions: readonly MessageAction[], answerId: string | null): CardAction[] {
  return actions.slice(0, mostActions).map((action) => ({
    type: 'Action.Execute',
    title: plainText(action.label, 60) || action.verb,
    verb: action.verb,
    data: { a: answerId, v: action.verb, ...(action.value === undefined ? {} : { x: action.value }) },
    ...(action.style === undefined ? {} : { style: 'positive' as const }),
  }));
}

export function textBlock(
  text: string,
  more: Omit<Extract<CardElement, { type: 'TextBlock' }>, 'type' | 'text' | 'wrap'> = {},
): CardElement {
  return { type: 'TextBlock', text: escapeMarkdown(text) || ' ', wrap: true, ...more };
}

/** Text that is shown letter for letter; the first part may be bold. */
export function literal(lead: string, rest = ''): CardElement {
  const inlines: Extract<CardElement, { type: 'RichTextBlock' }>['inlines'] = [
    { type: 'TextRun', text: plainText(lead) || ' ', weight: 'bolder' },
  ];
  if (rest !== '')
    inlines.push({ type: 'TextRun', text: rest.startsWith(' ') ? ` ${plainText(rest)}` : plainText(rest) });
  return { type: 'RichTextBlock', inlines };
}

/** Wrap a body in a card. `fallbackText` is what clients without cards show, `speak` what readers say. */
export function card(said: string, body: CardElement[], actions: CardAction[] = []): AdaptiveCard {
  return {
    type: 'AdaptiveCard',
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    version: '1.5',
    fallbackText: escapeMarkdown(said, 2000),
    speak: plainText(said, 2000),
    body,
    ...(actions.length === 0 ? {} : { actions }),
    msteams: { width: 'Full' },
  };
}
