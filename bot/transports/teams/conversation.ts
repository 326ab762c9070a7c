/** One turn of conversation: what was typed or pressed goes to the desk, its reply goes where it may be seen. */
import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import type { Log } from '../../../platform/log.ts';
import { type Desk, type Incoming, type Press, type Reply, verbs } from '../../commands/command.ts';
import { messageOf, type Outgoing, type Present } from './message-of.ts';
import { withPatience } from './patience.ts';
import type { Host } from './picture-address.ts';
import type { PressAnswer, PressedData, Reference, TeamsPort, Turn } from './port.ts';
import { readText, withoutThread } from './read-text.ts';
import { directKey, type References, remember } from './references.ts';
import { TeamsSendError } from './send-error.ts';

export type Conversation = {
  port: TeamsPort;
  desk: Desk;
  present: Present;
  host: Host;
  references: References;
  log: Log;
  /** A question that takes longer gets "Working on it" first, which then turns into the answer. */
  placeholderAfterMs: number;
};

/** Teams shows pictures up to 1024 px wide. */
const pictures = { maxPictureWidth: 1000 };

/** Teams gives a pressed button five seconds; beyond this the answer follows as a message. */
const pressBudgetMs = 3_500;

/** `a` is null on buttons that belong to no answer: a suggestion's `ask` carries its question in `x`. */
const pressed = z.object({ a: z.string().max(200).nullish(), x: z.string().max(1000).optional() });

/** Answer what was typed. */
export async function answerQuestion(on: Conversation, turn: Turn): Promise<void> {
  const question: Incoming = {
    text: readText(turn.rawText, turn.mentions, turn.reference.bot.id),
    ...asker(turn),
  };
  // Beside the answer, not before it: a reference that could not be kept costs a later digest, not this answer.
  const remembered = remember(on.references, turn.reference, turn.person.id).catch((err: unknown) =>
    on.log.error({ event: 'teams.reference_lost', err }),
  );
  const work = on.desk.ask(question, pictures);
  const early = await Promise.race([work, wait(on.placeholderAfterMs, null)]);
  if (early) {
    await show(on, turn, early, { replaces: null, announce: true });
    return remembered;
  }
  const placeholder = await withPatience(() =>
    on.port.send(turn.reference, { text: `Working on “${question.text}” …` }),
  );
  await show(on, turn, await work, { replaces: placeholder, announce: true });
  return remembered;
}

/** Answer Action.Execute, within its time. `later` is handed the rest of the work when it takes longer. */
export async function answerExecute(
  on: Conversation,
  turn: Turn,
  data: PressedData,
  later: (work: Promise<void>) => void,
): Promise<PressAnswer> {
  const press = readPress(turn, data);
  if (!press) return { line: unknownButton };
  const work = on.desk.press(press, pictures);
  const reply = await Promise.race([work, wait(pressBudgetMs, null)]);
  if (!reply) {
    later(work.then((late) => show(on, turn, late, quietly)));
    return { line: 'Still working: the answer follows as a message.' };
  }
  if (isPrivate(reply, turn)) {
    later(show(on, turn, reply, quietly));
    return { line: 'Sent to you alone, in your chat with Herald.' };
  }
  const redrawn = reply.kind === 'answer' && (press.verb === 'by' || press.verb === 'compare');
  if (redrawn && turn.replyToId) {
    const outgoing = await messageOf(reply, on.present, on.host);
    // Everybody sees the redrawn card; whoever pressed has it at once with this answer.
    later(put(on, turn.reference, outgoing, turn.replyToId));
    if ('card' in outgoing.message) return { card: outgoing.message.card };
    return { line: 'The answer is long: it replaces the message as text.' };
  }
  later(show(on, turn, reply, quietly));
  return { line: 'Answered below.' };
}

/** Answer Action.Submit, which has no reply of its own. */
export async function answerSubmit(on: Conversation, turn: Turn, data: PressedData): Promise<void> {
  const press = readPress(turn, data);
  if (press) return show(on, turn, await on.desk.press(press, pictures), quietly);
  await withPatience(() => on.port.send(turn.reference, { text: unknownButton }));
}

const unknownButton = 'Herald does not know this button any more. Ask the question again for fresh ones.';

/** `announce`: say in the channel that somebody was answered privately, since all saw the question. */
type Manner = { replaces: string | null; announce: boolean };
const quietly: Manner = { replaces: null, announce: false };

/** Put a reply where it may be seen, in place of the message `replaces` when given. */
async function show(
  on: Conversation,
  turn: Turn,
  reply: Reply,
  { replaces, announce }: Manner,
): Promise<void> {
  const outgoing = await messageOf(reply, on.present, on.host);
  if (!isPrivate(reply, turn)) return put(on, turn.reference, outgoing, replaces);
  const { reached, note } = await showPrivately(on, turn, outgoing);
  // The public line names nobody's numbers, and no KPI: even the question's answerability may be private.
  if (announce || !reached) await put(on, turn.reference, note, replaces);
}

async function showPrivately(on: Conversation, turn: Turn, outgoing: Outgoing) {
  const say = (text: string) => ({ message: { text }, textOnly: { text } });
  try {
    const direct = await directChat(on, turn);
    await put(on, direct, outgoing, null);
    return {
      reached: true,
      note: say(`Answered privately: ${turn.person.name} has it in the chat with Herald.`),
    };
  } catch (thrown) {
    if (!(thrown instanceof TeamsSendError)) throw thrown;
    on.log.warn({ event: 'teams.private_failed', person: turn.person.id, reason: thrown.message });
    return {
      reached: false,
      note: say(
        'This answer is for you alone, and I could not open a chat with you. Add Herald as a personal app, then ask there.',
      ),
    };
  }
}

async function directChat(on: Conversation, turn: Turn): Promise<Reference> {
  const known = await on.references.load(directKey(turn.person.id));
  if (known) return { ...known, serviceUrl: turn.reference.serviceUrl };
  const opened = await withPatience(() => on.port.openDirect(turn.reference, turn.person));
  await remember(on.references, opened, turn.person.id);
  return opened;
}

/** Send or replace; a card that Teams finds too large goes out as text. */
async function put(
  on: Conversation,
  to: Reference,
  outgoing: Outgoing,
  replaces: string | null,
): Promise<void> {
  const write = (message: Outgoing['message']) =>
    withPatience<unknown>(() =>
      replaces ? on.port.update(to, replaces, message) : on.port.send(to, message),
    );
  try {
    await write(outgoing.message);
  } catch (thrown) {
    if (!(thrown instanceof TeamsSendError) || (thrown.status !== 413 && thrown.status !== 400)) throw thrown;
    on.log.warn({ event: 'teams.card_refused', reason: thrown.message });
    await write(outgoing.textOnly);
  }
}

function isPrivate(reply: Reply, turn: Turn): boolean {
  const forAsker = 'visibility' in reply && reply.visibility === 'asker';
  return forAsker && turn.reference.kind !== 'personal';
}

function readPress(turn: Turn, { verb, data }: PressedData): Press | null {
  const known = verbs.find((one) => one === verb);
  const parsed = pressed.safeParse(data);
  if (!known || !parsed.success) return null;
  const { a, x } = parsed.data;
  return { answerId: a ?? '', verb: known, ...(x === undefined ? {} : { value: x }), ...asker(turn) };
}

function asker({ person, reference, activityId }: Turn): Pick<Incoming, 'person' | 'place' | 'requestId'> {
  return {
    person: { platform: 'teams', id: person.id, name: person.name },
    place: {
      platform: 'teams',
      channel: withoutThread(reference.conversation),
      kind: reference.kind === 'personal' ? 'dm' : 'channel',
    },
    requestId: `${reference.conversation}/${activityId}`,
  };
}
