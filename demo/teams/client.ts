/** What people's Teams clients make of typing and pressing: signed activities sent to the real `/api/messages`. */
import { randomUUID } from 'node:crypto';
import type { Issuer, TokenClaims } from './issuer.ts';
import type { Room } from './room.ts';
import { bot, channels, type DemoPerson, people, tenantId } from './workspace.ts';

export type BotAnswer = { status: number; body: unknown };

export type Press = {
  activityId: string;
  type: 'Action.Execute' | 'Action.Submit';
  verb?: string;
  data: unknown;
};

export type Client = {
  /** In a channel only messages that begin with or contain "@Herald" reach the bot. */
  send(handle: string, conversation: string, text: string): Promise<BotAnswer | null>;
  press(handle: string, conversation: string, press: Press): Promise<BotAnswer>;
  /** Post any activity with any token: for tests of refusals. */
  deliver(activity: unknown, authorization: string | null): Promise<BotAnswer>;
  token(claims?: Partial<TokenClaims>): Promise<string>;
  activity(person: DemoPerson, conversation: string, rest: object): Record<string, unknown>;
};

type Settings = {
  room: Room;
  issuer: Issuer;
  appId: string;
  botUrl: () => string;
  serviceUrl: () => string;
  now: () => number;
};

export function createClient({ room, issuer, appId, botUrl, serviceUrl, now }: Settings): Client {
  const personOf = (handle: string, conversation: string): DemoPerson => {
    const person = people.find((one) => one.handle === handle);
    if (!person || !room.mayRead(handle, conversation))
      throw new Error(`${handle} is not in ${conversation}`);
    return person;
  };
  const token = (claims: Partial<TokenClaims> = {}) =>
    issuer.sign({ audience: appId, serviceUrl: serviceUrl(), ...claims });

  const activity = (person: DemoPerson, conversation: string, rest: object) => ({
    id: randomUUID(),
    channelId: 'msteams',
    serviceUrl: serviceUrl(),
    timestamp: new Date(now()).toISOString(),
    from: { id: person.memberId, name: person.name, aadObjectId: person.aadObjectId },
    recipient: bot,
    conversation: {
      id: conversation,
      tenantId,
      conversationType: conversation.startsWith('19:') ? 'channel' : 'personal',
    },
    channelData: { tenant: { id: tenantId } },
    locale: 'en-GB',
    ...rest,
  });

  const deliver = async (body: unknown, authorization: string | null): Promise<BotAnswer> => {
    const response = await fetch(botUrl(), {
      method: 'POST',
      headers: {
        'content-type': 'application/json; charset=utf-8',
        ...(authorization === null ? {} : { authorization }),
      },
      body: JSON.stringify(body),
    });
    const text = await response.text();
    return { status: response.status, body: text ? JSON.parse(text) : null };
  };

  return {
    token,
    activity,
    deliver,
    async send(handle, conversation, text) {
      const person = personOf(handle, conversation);
      const { id } = room.add({
        conversation,
        from: person.memberId,
        fromName: person.name,
        text,
        card: null,
      });
      const inChannel = channels.some((channel) => channel.id === conversation);
      if (inChannel && !text.includes(`@${bot.name}`)) return null;
      const mention = `<at>${bot.name}</at>`;
      const escaped = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
      const sent = activity(person, inChannel ? `${conversation};messageid=${id}` : conversation, {
        id,
        type: 'message',
        textFormat: 'plain',
        text: inChannel ? escaped.replace(new RegExp(`@${bot.name} ?`), `${mention}&nbsp;`) : escaped,
        entities: inChannel ? [{ type: 'mention', text: mention, mentioned: bot }] : [],
      });
      return deliver(sent, `Bearer ${await token()}`);
    },
    async press(handle, conversation, { activityId, type, verb, data }) {
      const person = personOf(handle, conversation);
      const pressed = room.transcript(conversation).find((message) => message.id === activityId);
      if (!pressed) throw new Error(`no message ${activityId} in ${conversation}`);
      const inThread = conversation.startsWith('19:')
        ? `${conversation};messageid=${pressed.thread}`
        : conversation;
      const kind =
        type === 'Action.Execute'
          ? {
              type: 'invoke',
              name: 'adaptiveCard/action',
              value: { action: { type, verb, data }, trigger: 'manual' },
            }
          : { type: 'message', value: data };
      const sent = activity(person, inThread, { ...kind, replyToId: activityId });
      const answer = await deliver(sent, `Bearer ${await token()}`);
      const invoked = answer.body as { type?: string; value?: unknown } | null;
      if (invoked?.type === 'application/vnd.microsoft.card.adaptive')
        room.redrawFor(handle, activityId, invoked.value);
      return answer;
    },
  };
}
