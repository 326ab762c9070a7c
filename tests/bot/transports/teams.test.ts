/** The real teams-ai over HTTP, against the strict stand-in of the Teams channel. */
import { randomBytes } from 'node:crypto';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Reply } from '../../../bot/commands/command.ts';
import { channels, directChat, people, tenantId } from '../../../demo/teams/workspace.ts';
import { answer, type Harness, startHarness } from './teams-harness.ts';

const general = channels.find(({ name }) => name === 'general')!.id;
const [ann, mo] = people as unknown as [(typeof people)[number], (typeof people)[number]];

let h: Harness;
beforeAll(async () => {
  h = await startHarness();
});
afterAll(() => h.close());

const hasCard = (message: { card: unknown }) => message.card !== null;

test('a question in the personal chat is answered with a card and its picture', async () => {
  h.say(answer());
  const said = await h.ask('ann', directChat('ann'), 'kpi churn last quarter');
  expect(JSON.stringify(said.card)).toContain('Customer churn was 2.1 %');
  expect(JSON.stringify(said.card)).toContain('data:image/png;base64,');
  expect(h.asked.at(-1)).toMatchObject({
    text: 'churn last quarter',
    person: { platform: 'teams', id: ann.aadObjectId, name: 'Ann Executive' },
    place: { platform: 'teams', channel: directChat('ann'), kind: 'dm' },
  });
});

test('a mention in a channel is answered in its thread, without the mention in the question', async () => {
  h.say(answer());
  await h.ask('mo', general, '@Herald kpi win rate & churn');
  const [asked, answered] = h.standIn.transcript(general).slice(-2);
  expect(answered?.thread).toBe(asked?.id);
  expect(h.asked.at(-1)).toMatchObject({
    text: 'win rate & churn',
    place: { channel: general, kind: 'channel' },
  });
});

test('a slow question shows a placeholder that turns into the answer', async () => {
  let finish: (reply: Reply) => void = () => {};
  h.say(() => new Promise((resolve) => (finish = resolve)));
  const placeholder = await h.ask('vic', directChat('vic'), 'churn');
  expect(placeholder.text).toBe('Working on “churn” …');
  finish(answer());
  const said = await h.botSays(directChat('vic'), hasCard);
  expect(said).toMatchObject({ id: placeholder.id, edited: true });
});

test('a pressed button redraws the card for everybody', async () => {
  h.say(answer());
  const { id } = await h.ask('mo', general, '@Herald churn', hasCard);
  const pressed = await h.standIn.press('ann', general, {
    activityId: id,
    type: 'Action.Execute',
    verb: 'by',
    data: { a: 'a1', v: 'by', x: 'segment' },
  });
  expect(pressed).toMatchObject({ status: 200, body: { type: 'application/vnd.microsoft.card.adaptive' } });
  expect(h.pressed.at(-1)).toMatchObject({
    answerId: 'a1',
    verb: 'by',
    value: 'segment',
    person: { id: ann.aadObjectId },
  });
  expect(await h.botSays(general, (message) => message.edited)).toMatchObject({ id });
});

test('Action.Submit, which arrives as a message without text, is answered with a message', async () => {
  h.say(answer());
  const { id } = await h.ask('ana', directChat('ana'), 'churn');
  h.say({
    kind: 'note',
    title: 'Churn',
    lines: ['Customers lost over customers at the start.'],
    actions: [],
  });
  await h.standIn.press('ana', directChat('ana'), {
    activityId: id,
    type: 'Action.Submit',
    data: { a: 'a1', v: 'define' },
  });
  const said = await h.botSays(directChat('ana'), (message) => message.id !== id);
  expect(JSON.stringify(said.card)).toContain('Customers lost over');
});

test('an unknown button is answered and reaches nobody', async () => {
  const before = h.pressed.length;
  const { id } = await h.botSays(directChat('ana'));
  const { body } = await h.standIn.press('ana', directChat('ana'), {
    activityId: id,
    type: 'Action.Execute',
    verb: 'delete_everything',
    data: { a: 'a1' },
  });
  expect(body).toMatchObject({ type: 'application/vnd.microsoft.activity.message' });
  expect(h.pressed.length).toBe(before);
});

test('what the channel may not see goes to the asker alone', async () => {
  h.say(answer({ visibility: 'asker' }));
  const count = h.standIn.transcript(directChat('mo')).length;
  const note = await h.ask('mo', general, '@Herald churn', (message) =>
    message.text.startsWith('Answered privately'),
  );
  expect(note.card).toBeNull();
  expect(note.text).not.toMatch(/\d|churn/i);
  expect(h.standIn.transcript(directChat('mo')).length).toBe(count + 1);
  expect(JSON.stringify(h.standIn.transcript(directChat('mo')).at(-1)?.card)).toContain('2.1 %');
});

test('who cannot be reached privately is told how, and sees no number in the channel', async () => {
  h.say(answer({ visibility: 'asker' }));
  const stranger = { ...mo, memberId: '29:stranger', aadObjectId: '5a1d0c3e-0000-4000-8000-000000000009' };
  const typed = h.standIn.activity(stranger, general, { type: 'message', text: 'churn' });
  await h.standIn.deliver(typed, `Bearer ${await h.standIn.token()}`);
  const note = await h.botSays(general, (message) => message.text.startsWith('This answer is for you alone'));
  expect(note.text).not.toMatch(/\d/);
});

test('a picture over 60 KB is sent with fewer colours when it cannot be linked', async () => {
  const noisy = await sharp(randomBytes(200 * 200 * 3), { raw: { width: 200, height: 200, channels: 3 } })
    .png()
    .toBuffer();
  expect(noisy.length).toBeGreaterThan(60_000);
  h.say(answer({ picture: { png: noisy, alt: 'chart', width: 200, height: 200 } }));
  const { card } = await h.ask('ann', directChat('ann'), 'churn by region');
  const uri = /data:image\/png;base64,[^"]+/.exec(JSON.stringify(card))?.[0] ?? '';
  expect(uri.length).toBeGreaterThan(1000);
  expect(uri.length).toBeLessThanOrEqual(60_000);
});

test('a message that Teams delivers twice is answered once', async () => {
  h.say(answer());
  const typed = h.standIn.activity(ann, directChat('ann'), { type: 'message', text: 'once' });
  const authorization = `Bearer ${await h.standIn.token()}`;
  await h.standIn.deliver(typed, authorization);
  await h.standIn.deliver(typed, authorization);
  expect(h.asked.filter(({ text }) => text === 'once').length).toBe(1);
});

test('the way back to a conversation is remembered without its thread', () => {
  expect(h.references.get(general)).toMatchObject({
    conversation: general,
    kind: 'channel',
    tenant: tenantId,
  });
  expect(h.references.get(`dm:${ann.aadObjectId}`)).toMatchObject({ conversation: directChat('ann') });
});
