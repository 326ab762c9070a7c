/** Between the port's plain data and botbuilder's types. */
import {
  type Activity,
  CardFactory,
  type ConversationReference,
  MessageFactory,
  type TurnContext,
} from 'botbuilder';
import { mentionsOf, parseActivity, tenantOf } from './activity.ts';
import type { Reference, TeamsMessage, Turn } from './port.ts';

/** Run the handler, unless the activity is not one that Teams would send. */
export async function withTurn(context: TurnContext, handler: (turn: Turn) => Promise<void>): Promise<void> {
  const turn = readTurn(context);
  if (turn) await handler(turn);
}

/** The library's turn as the port's. */
export function readTurn(context: TurnContext): Turn | null {
  const inbound = parseActivity(context.activity);
  if (!inbound) return null;
  return {
    activityId: inbound.id ?? '',
    replyToId: inbound.replyToId ?? null,
    reference: {
      serviceUrl: inbound.serviceUrl,
      conversation: inbound.conversation.id,
      kind: inbound.conversation.conversationType ?? 'personal',
      tenant: tenantOf(inbound),
      bot: { id: inbound.recipient.id, name: inbound.recipient.name ?? 'Herald' },
    },
    person: {
      id: inbound.from.aadObjectId ?? inbound.from.id,
      member: inbound.from.id,
      name: inbound.from.name ?? '',
    },
    rawText: inbound.text ?? '',
    mentions: mentionsOf(inbound),
  };
}

export function libraryReference(to: Reference): Partial<ConversationReference> {
  return {
    channelId: 'msteams',
    serviceUrl: to.serviceUrl,
    bot: to.bot,
    conversation: {
      id: to.conversation,
      isGroup: to.kind !== 'personal',
      conversationType: to.kind,
      name: '',
      ...(to.tenant ? { tenantId: to.tenant } : {}),
    },
  };
}

export function libraryMessage(message: TeamsMessage): Partial<Activity> {
  if ('card' in message)
    return {
      ...MessageFactory.attachment(CardFactory.adaptiveCard(message.card)),
      // What a phone's notification shows.
      summary: message.summary,
    };
  // Plain, so that names and CRM text are never read as markup.
  return { ...MessageFactory.text(message.text), textFormat: 'plain' };
}
