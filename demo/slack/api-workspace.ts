/** auth.*, conversations.*, users.*, views.*, blocks.validate */
import { messageJson } from './api-chat.ts';
import { type ApiMethod, makeId, refuse, text } from './api-result.ts';
import { isObject } from './limit-checks.ts';
import { checkBlocks } from './limits.ts';
import {
  bot,
  channelById,
  channels,
  type DemoPerson,
  dmOwner,
  membersOf,
  people,
  personById,
  team,
} from './workspace.ts';

const userJson = ({ id, handle, name }: DemoPerson) => ({
  id,
  team_id: team.id,
  name: handle,
  real_name: name,
  is_bot: false,
  deleted: false,
  is_restricted: false,
  tz: 'Europe/London',
  profile: { real_name: name, display_name: handle, email: `${handle}@example.com` },
});

const botJson = {
  id: bot.userId,
  team_id: team.id,
  name: 'herald',
  real_name: bot.name,
  is_bot: true,
  deleted: false,
};

const view = (args: Record<string, unknown>, surface: 'home' | 'modal') => {
  const given = isObject(args.view) ? args.view : {};
  const fault = checkBlocks(given.blocks, surface, () => true);
  if (given.type !== surface) return { refused: refuse('invalid_arguments'), blocks: [] };
  if (fault)
    return { refused: refuse(fault.error, { response_metadata: { messages: fault.messages } }), blocks: [] };
  return { refused: null, blocks: given.blocks as unknown[] };
};

const history: ApiMethod = (args, { state, faults }) => {
  const channel = text(args.channel);
  if (membersOf(channel) === null) return refuse('channel_not_found');
  if (faults.botOutOf.has(channel)) return refuse('not_in_channel');
  const thread = text(args.ts) || null;
  const withMetadata = String(args.include_all_metadata) === 'true' || args.include_all_metadata === '1';
  const limit = Math.min(Number(args.limit ?? 100), 999);
  const before = text(args.cursor) || '9';
  const found = state.messages
    .filter((message) => message.channel === channel && message.onlyFor === null)
    .filter((message) =>
      thread ? message.threadTs === thread || message.ts === thread : message.threadTs === null,
    )
    .filter((message) => Number(message.ts) > Number(args.oldest ?? 0) && message.ts < before)
    .reverse();
  const page = found.slice(0, limit);
  const more = found.length > page.length;
  return {
    ok: true,
    messages: page.map((message) => messageJson(message, withMetadata)),
    has_more: more,
    response_metadata: { next_cursor: more ? (page.at(-1)?.ts ?? '') : '' },
  };
};

export const workspaceMethods: Record<string, ApiMethod> = {
  'auth.test': () => ({
    ok: true,
    url: 'https://demo.slack.com/',
    team: team.name,
    team_id: team.id,
    user: 'herald',
    user_id: bot.userId,
    bot_id: bot.botId,
  }),

  'conversations.history': (args, context) => history({ ...args, ts: '' }, context),
  'conversations.replies': (args, context) =>
    text(args.ts) === '' ? refuse('thread_not_found') : history(args, context),

  'conversations.info': (args) => {
    const id = text(args.channel);
    const channel = channelById(id);
    if (channel)
      return {
        ok: true,
        channel: {
          id,
          name: channel.name,
          is_channel: true,
          is_private: false,
          is_member: true,
          is_ext_shared: false,
          topic: { value: channel.topic },
        },
      };
    const owner = dmOwner(id);
    return owner ? { ok: true, channel: { id, is_im: true, user: owner.id } } : refuse('channel_not_found');
  },

  'conversations.members': (args) => {
    const members = membersOf(text(args.channel));
    return members
      ? { ok: true, members, response_metadata: { next_cursor: '' } }
      : refuse('channel_not_found');
  },

  'conversations.open': (args) => {
    const person = personById(text(args.users));
    return person ? { ok: true, channel: { id: person.dm } } : refuse('user_not_found');
  },

  'conversations.list': () => ({
    ok: true,
    channels: channels.map(({ id, name }) => ({ id, name, is_channel: true, is_member: true })),
    response_metadata: { next_cursor: '' },
  }),

  'users.info': (args) => {
    if (args.user === bot.userId) return { ok: true, user: botJson };
    const person = personById(text(args.user));
    return person ? { ok: true, user: userJson(person) } : refuse('user_not_found');
  },

  'users.list': () => ({
    ok: true,
    members: [...people.map(userJson), botJson],
    response_metadata: { next_cursor: '' },
  }),

  'views.publish': (args, { state, random }) => {
    const person = text(args.user_id);
    if (!personById(person)) return refuse('user_not_found');
    const { refused, blocks } = view(args, 'home');
    if (refused) return refused;
    state.publishHome(person, blocks);
    return { ok: true, view: { id: makeId('V', random), type: 'home' } };
  },

  'blocks.validate': (args) => {
    const fault = checkBlocks(args.blocks, 'message', () => true);
    return fault ? refuse(fault.error, { response_metadata: { messages: fault.messages } }) : { ok: true };
  },
};
