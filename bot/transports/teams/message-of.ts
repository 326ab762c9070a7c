import type { Reply } from '../../commands/command.ts';
import { fitText, maxMessageBytes, messageBytes } from './message-size.ts';
import { type Host, pictureAddress } from './picture-address.ts';
import type { TeamsMessage } from './port.ts';

/** `render/messages/teams.ts`, handed in: a transport does not decide how an answer looks. */
export type Present = (
  reply: Reply,
  options: { pictureUrl: string | null },
) => { card: unknown; fallbackText: string };

/** What goes out for a reply, and the text alone for when the card is refused. */
export type Outgoing = { message: TeamsMessage; textOnly: TeamsMessage };

/** Turn a reply into a message that Teams takes: picture inside or linked, never over the size limit. */
export async function messageOf(reply: Reply, present: Present, host: Host): Promise<Outgoing> {
  if (reply.kind === 'document') return documentMessage(reply, host);
  const pictureUrl =
    reply.kind === 'answer' || reply.kind === 'table'
      ? await pictureAddress(reply.picture, reply.answerId, host)
      : null;
  const { card, fallbackText } = present(reply, { pictureUrl });
  return outgoing(card, fallbackText);
}

/** A card with its fallback; the card is left out when Teams would refuse it. */
export function outgoing(card: unknown, fallbackText: string): Outgoing {
  const textOnly = { text: fitText(fallbackText) };
  const message =
    messageBytes(card) > maxMessageBytes ? textOnly : { card, summary: fallbackText.slice(0, 200) };
  return { message, textOnly };
}

/** Bots cannot attach files in Teams channels, so a document is a signed link. */
async function documentMessage(reply: Extract<Reply, { kind: 'document' }>, host: Host): Promise<Outgoing> {
  if (!host) {
    const why = `${reply.document.name} cannot be handed over in Teams: Herald has no public address. Its operator sets PUBLIC_URL.`;
    return outgoing(textCard(why, []), why);
  }
  const url = await host(reply.document);
  const open = { type: 'Action.OpenUrl', title: `Download ${reply.document.name}`, url };
  return outgoing(textCard(reply.text, [open]), `${reply.text}\n\n${url}`);
}

function textCard(text: string, actions: readonly unknown[]): unknown {
  return {
    type: 'AdaptiveCard',
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    version: '1.5',
    // RichTextBlock reads no markdown: names in the text stay names.
    body: [{ type: 'RichTextBlock', inlines: [{ type: 'TextRun', text }] }],
    actions,
  };
}
