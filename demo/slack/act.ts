/** What people do in the workspace, each turned into the signed request that Slack would send. */

import { messageJson } from './api-chat.ts';
import { type ApiContext, makeId } from './api-result.ts';
import type { ResponseUrls } from './response-url.ts';
import type { SendOptions, Sent } from './signed-request.ts';
import type { StoredMessage } from './state.ts';
import { bot, channelById, type DemoPerson, dmOwner, personById, team } from './workspace.ts';

type ActOptions = {
  context: ApiContext;
  urls: ResponseUrls;
  send: (options: SendOptions) => Promise<Sent>;
  eventsUrl: () => string;
  commandName: string;
};

/** `value` of a button, or `selected_option` of a menu, as the block has it. */
export type PressedElement = {
  type: string;
  action_id?: string;
  block_id?: string;
  value?: string;
  selected_option?: { value: string };
};

export function createActs({ context, urls, send, eventsUrl, commandName }: ActOptions) {
  const { state, now, random } = context;
  const form = 'application/x-www-form-urlencoded';
  const trigger = () => `${now().getTime()}.${makeId('', random)}`;
  const notice = (channel: string, person: string, text: string) =>
    state.add({ channel, author: 'slackbot', text, onlyFor: person });

  async function sendEvent(event: Record<string, unknown>): Promise<void> {
    const body = JSON.stringify({
      token: 'unused',
      team_id: team.id,
      api_app_id: bot.appId,
      type: 'event_callback',
      event_id: makeId('Ev', random),
      event_time: Math.floor(now().getTime() / 1000),
      authorizations: [
        {
          enterprise_id: null,
          team_id: team.id,
          user_id: bot.userId,
          is_bot: true,
          is_enterprise_install: false,
        },
      ],
      event,
    });
    const options: SendOptions = {
      what: `event · ${String(event.type)}`,
      url: eventsUrl(),
      body,
      contentType: 'application/json',
    };
    const first = await send(options);
    if (first.status === 200) return;
    // Slack tries again at once, after a minute and after five; the first is enough to show the effect.
    await send({
      ...options,
      retry: { number: 1, reason: first.status === 0 ? 'http_timeout' : 'http_error' },
    });
  }

  async function command(person: DemoPerson, channel: string, name: string, text: string): Promise<void> {
    const place = { channel, person: person.id, origin: null };
    const sent = await send({
      what: `command · ${name}`,
      url: eventsUrl(),
      contentType: form,
      body: new URLSearchParams({
        token: 'unused',
        team_id: team.id,
        team_domain: team.domain,
        channel_id: channel,
        channel_name: channelById(channel)?.name ?? 'directmessage',
        user_id: person.id,
        user_name: person.handle,
        command: name,
        text,
        api_app_id: bot.appId,
        is_enterprise_install: 'false',
        response_url: urls.issue(channel, person.id, null),
        trigger_id: trigger(),
      }).toString(),
    });
    const fail = (error: string) => notice(channel, person.id, `${name} failed with the error “${error}”`);
    if ('failure' in sent) return void fail(sent.failure);
    if (sent.status !== 200) return void fail('dispatch_failed');
    if (sent.body === '') return;
    const payload: Record<string, unknown> = sent.contentType.includes('json')
      ? (JSON.parse(sent.body) as Record<string, unknown>)
      : { text: sent.body };
    if (payload.response_type === 'in_channel') {
      state.add({ channel, author: person.id, text: `${name} ${text}`.trim() });
      if (payload.text === undefined && payload.blocks === undefined) return;
    }
    const { status, body } = urls.show(payload, place);
    if (status !== 200) fail(body);
  }

  return {
    /** A line typed into the message box. */
    async say(personId: string, channel: string, text: string, threadTs: string | null): Promise<void> {
      const person = personById(personId);
      const known = channelById(channel)?.members.includes(personId) || dmOwner(channel)?.id === personId;
      if (!person || !known) return;
      const typed = /^(\/\S+)\s*([\s\S]*)$/.exec(text);
      if (typed) {
        const [, name = '', rest = ''] = typed;
        if (threadTs) return void notice(channel, personId, `${name} is not supported in threads. Sorry!`);
        if (name !== commandName) return void notice(channel, personId, `${name} is not a valid command.`);
        return command(person, channel, name, rest.trim());
      }
      const escaped = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
      const mentioned = escaped.replaceAll(/@herald\b/gi, `<@${bot.userId}>`);
      const message = state.add({ channel, author: personId, text: mentioned, threadTs });
      const event = {
        user: personId,
        text: mentioned,
        ts: message.ts,
        channel,
        event_ts: message.ts,
        ...(threadTs ? { thread_ts: threadTs } : {}),
      };
      if (dmOwner(channel)) await sendEvent({ type: 'message', channel_type: 'im', ...event });
      else if (mentioned !== escaped) await sendEvent({ type: 'app_mention', ...event });
    },

    /** A press on a button, or a choice from a menu, of a message (or of App Home, where there is none). */
    async press(personId: string, message: StoredMessage | null, element: PressedElement): Promise<void> {
      const person = personById(personId);
      if (!person || (message && !state.visibleTo(personId, message))) return;
      const channel = message?.channel ?? person.dm;
      const ephemeral = message?.onlyFor !== null && message !== null;
      const payload = {
        type: 'block_actions',
        team: { id: team.id, domain: team.domain },
        user: { id: person.id, username: person.handle, name: person.handle, team_id: team.id },
        api_app_id: bot.appId,
        trigger_id: trigger(),
        container: message
          ? { type: 'message', message_ts: message.ts, channel_id: channel, is_ephemeral: ephemeral }
          : { type: 'view' },
        ...(message
          ? {
              channel: { id: channel, name: channelById(channel)?.name ?? 'directmessage' },
              response_url: urls.issue(channel, person.id, message),
            }
          : { view: { type: 'home' } }),
        // Slack leaves out what an ephemeral message said.
        ...(message && !ephemeral ? { message: messageJson(message) } : {}),
        actions: [{ action_ts: state.nextTs(), ...element }],
      };
      const sent = await send({
        what: `press · ${element.action_id ?? element.type}`,
        url: eventsUrl(),
        contentType: form,
        body: new URLSearchParams({ payload: JSON.stringify(payload) }).toString(),
      });
      if (sent.status !== 200)
        notice(channel, personId, '⚠ Herald did not respond to that button. Try again.');
    },

    /** The Home tab was opened. */
    async openHome(personId: string): Promise<void> {
      const person = personById(personId);
      if (!person) return;
      await sendEvent({
        type: 'app_home_opened',
        user: personId,
        channel: person.dm,
        tab: 'home',
        event_ts: state.nextTs(),
      });
    },
  };
}
