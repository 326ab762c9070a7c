import { createHmac } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import type { Reply } from '../../../bot/commands/command.ts';
import { buttonValue } from '../../../bot/transports/slack/press.ts';
import { bot, channels } from '../../../demo/slack/workspace.ts';
import { answerReply } from '../../contracts/transport.ts';
import { churn } from '../../fixtures/answers.ts';
import {
  ann,
  general,
  type HouseOptions,
  openSlackHouse,
  type SlackHouse,
  signingSecret,
  vic,
} from '../../fixtures/slack-house.ts';

let house: SlackHouse;
const open = async (options?: HouseOptions) => {
  house = await openSlackHouse(options);
  return house;
};
afterEach(() => house.close());

const ask = (text = 'churn last quarter', channel = general) =>
  house.after(house.standIn.say(ann.id, channel, `/kpi ${text}`, null));
const ofHerald = (person = ann.id, channel = general) =>
  house.seen(person, channel).filter(({ author }) => author === bot.userId);
const types = (blocks: readonly unknown[] = []) => blocks.map((block) => (block as { type: string }).type);
const note: Reply = { kind: 'note', title: 'Your board', lines: ['MRR 1.2 M'], actions: [] };

/** A request that is signed correctly, at a time of choice. */
async function signed(body: string, ageSeconds = 0, secret = signingSecret): Promise<number> {
  const stamp = String(Math.floor(Date.now() / 1000) - ageSeconds);
  const signature = `v0=${createHmac('sha256', secret).update(`v0:${stamp}:${body}`).digest('hex')}`;
  const headers = {
    'content-type': 'application/x-www-form-urlencoded',
    'x-slack-request-timestamp': stamp,
    'x-slack-signature': signature,
  };
  const answer = await fetch(house.eventsUrl, { method: 'POST', headers, body });
  await answer.text();
  return answer.status;
}
const commandBody = (command = '/kpi') =>
  new URLSearchParams({
    command,
    text: 'churn',
    user_id: ann.id,
    user_name: 'ann',
    channel_id: general,
    team_id: 'T0DEMOCO01',
    trigger_id: '1.2',
  }).toString();

describe('slack requests', () => {
  it('run when the signature is right', async () => {
    await open();
    house.reply(note);
    await signed(commandBody());
    expect(house.asked).toHaveLength(1);
  });

  it.each([
    ['signed with another secret', 0, 'another-secret'],
    ['older than five minutes', 301, signingSecret],
    ['more than a minute ahead', -90, signingSecret],
  ])('are refused when %s', async (_case, ageSeconds, secret) => {
    await open();
    const status = await signed(commandBody(), ageSeconds, secret);
    expect({ status, asked: house.asked.length }).toEqual({ status: 401, asked: 0 });
  });

  it('are refused in the log too', async () => {
    await open();
    await signed(commandBody(), -90);
    expect(house.lines.join()).toContain('its timestamp lies in the future');
  });

  it('with an unknown command are told what Herald answers to', async () => {
    await open();
    expect({ status: await signed(commandBody('/chart')), asked: house.asked.length }).toEqual({
      status: 200,
      asked: 0,
    });
  });

  it('never put the token or the secret into the log', async () => {
    await open();
    house.standIn.faults.refuse = (method) => (method === 'chat.postMessage' ? 'invalid_auth' : null);
    house.reply(answerReply('place'));
    await ask();
    expect(house.lines.join()).not.toMatch(/xoxb-|signing-secret/);
  });
});

describe('a slash command', () => {
  it('shows an answer for the place with its uploaded picture', async () => {
    await open();
    house.reply(answerReply('place'));
    await ask();
    expect(types(ofHerald(vic.id)[0]?.blocks)).toEqual(['section', 'image']);
  });

  it('waits for the picture until Slack has scanned it', async () => {
    await open();
    house.standIn.faults.readyAfterMs = 900;
    house.reply(answerReply('place'));
    await ask();
    expect(house.standIn.state.wire.filter(({ what }) => what === 'files.info').length).toBeGreaterThan(2);
  });

  it('adds a late picture to the text by an edit', async () => {
    await open({ timeUp: [2_500] });
    house.reply(answerReply('place'));
    await ask();
    expect(ofHerald().map(({ blocks, edited }) => ({ types: types(blocks), edited }))).toEqual([
      { types: ['section', 'image'], edited: true },
    ]);
  });

  it('says what is running when the answer takes longer than the budget', async () => {
    await open({ timeUp: [1_200] });
    const answerNow = house.replyLater();
    await house.standIn.say(ann.id, general, '/kpi churn <!channel>', null);
    const shown = ofHerald().map(({ text, onlyFor }) => ({ text, onlyFor }));
    answerNow(answerReply('place'));
    await house.transport.stop();
    expect(shown).toEqual([{ text: 'Working on “churn &lt;!channel&gt;”…', onlyFor: ann.id }]);
  });

  it('shows a slow answer once it is there, with the one who asked', async () => {
    await open({ timeUp: [1_200] });
    const answerNow = house.replyLater();
    await house.standIn.say(ann.id, general, '/kpi churn', null);
    answerNow(answerReply('place'));
    await house.transport.stop();
    expect(JSON.stringify(ofHerald(vic.id)[0]?.blocks)).toContain(`Asked by <@${ann.id}>`);
  });

  it('answers a private question with a chart that Slack draws, and uploads nothing', async () => {
    await open();
    house.reply(answerReply('asker'));
    await ask();
    expect({ types: types(ofHerald()[0]?.blocks), files: house.standIn.state.files.size }).toEqual({
      types: ['section', 'data_visualization'],
      files: 0,
    });
  });

  it('shows a private picture by its signed address when Slack can reach us', async () => {
    await open({ publicUrl: 'https://herald.example.com' });
    house.reply(answerReply('asker'));
    await ask();
    expect(JSON.stringify(ofHerald()[0]?.blocks)).toContain(
      'https://herald.example.com/picture/a1?signature=x',
    );
  });

  it('falls back to words when Slack refuses every block', async () => {
    await open({ present: () => ({ text: churn.sentence, blocks: [{ type: 'header' }] }) });
    house.reply(answerReply('place'));
    await ask();
    expect(ofHerald(vic.id).map(({ text, blocks }) => ({ text, blocks }))).toEqual([
      { text: churn.sentence, blocks: [] },
    ]);
  });

  it('draws natively in the channel when the upload fails', async () => {
    await open();
    house.standIn.faults.uploadFails = true;
    house.reply(answerReply('place'));
    await ask();
    expect(types(ofHerald(vic.id)[0]?.blocks)).toEqual(['section', 'data_visualization']);
  });

  it('answers privately in a channel that Herald was not invited to', async () => {
    await open();
    house.standIn.faults.botOutOf.add(general);
    house.reply(answerReply('place'));
    await ask();
    expect({ ann: ofHerald(ann.id).length, vic: ofHerald(vic.id).length }).toEqual({ ann: 1, vic: 0 });
  });

  it('shows a board to its owner alone', async () => {
    await open();
    house.reply(note);
    await ask('');
    expect({ ann: ofHerald(ann.id).length, vic: house.seen(vic.id).length }).toEqual({ ann: 1, vic: 0 });
  });

  it('posts two answers in a row although the channel takes one a second', async () => {
    await open();
    house.reply(answerReply('place'));
    await ask();
    await ask('churn this year');
    expect(ofHerald(vic.id)).toHaveLength(2);
  });
});

describe('running text', () => {
  it('is answered in its thread when Herald is mentioned', async () => {
    await open();
    house.reply(answerReply('place'));
    await house.after(house.standIn.say(ann.id, general, '@Herald churn last quarter', null));
    const [question, answer] = house.seen(vic.id);
    expect({ text: house.asked[0]?.text, thread: answer?.threadTs }).toEqual({
      text: 'churn last quarter',
      thread: question?.ts,
    });
  });

  it('brings the name of the one who wrote it', async () => {
    await open();
    house.reply(answerReply('place'));
    await house.after(house.standIn.say(ann.id, general, '@Herald churn', null));
    expect(house.asked[0]?.person).toEqual({ platform: 'slack', id: ann.id, name: ann.name });
  });

  it('is answered privately when the answer is above what the channel may see', async () => {
    await open();
    house.reply(answerReply('asker'));
    await house.after(house.standIn.say(ann.id, general, '@Herald mrr', null));
    expect({ ann: ofHerald(ann.id).length, vic: ofHerald(vic.id).length }).toEqual({ ann: 1, vic: 0 });
  });

  it('is answered in a direct message without a mention', async () => {
    await open();
    house.reply(answerReply('place'));
    await house.after(house.standIn.say(ann.id, ann.dm, 'churn last quarter', null));
    expect(ofHerald(ann.id, ann.dm)).toHaveLength(1);
  });
});

describe('a button', () => {
  const press = (verb: Parameters<typeof buttonValue>[1], value?: string) =>
    house.after(
      house.standIn.press(ann.id, ofHerald()[0]!, {
        type: 'button',
        action_id: 'x',
        value: buttonValue('a1', verb, value),
      }),
    );

  it('brings the answer, the verb and the value to the desk', async () => {
    await open();
    house.reply(answerReply('place'));
    await ask();
    await press('by', 'region');
    expect(house.pressed[0]).toMatchObject({
      answerId: 'a1',
      verb: 'by',
      value: 'region',
      person: { id: ann.id },
    });
  });

  it('under a public answer is answered in its thread', async () => {
    await open();
    house.reply(answerReply('place'));
    await ask();
    await press('why');
    expect(ofHerald(vic.id)[1]?.threadTs).toBe(ofHerald(vic.id)[0]?.ts);
  });

  it('under a private answer is answered in private, even when the place may see it', async () => {
    await open();
    house.reply(answerReply('asker'));
    await ask();
    house.reply(answerReply('place'));
    await press('by', 'region');
    expect({ ann: ofHerald(ann.id).length, vic: ofHerald(vic.id).length }).toEqual({ ann: 2, vic: 0 });
  });

  it('that shares posts to the channel, with the one who shared', async () => {
    await open();
    house.reply(answerReply('asker'));
    await ask();
    house.reply(answerReply('place'));
    await press('share');
    expect(JSON.stringify(ofHerald(vic.id)[0]?.blocks)).toContain(`Shared by <@${ann.id}>`);
  });

  it('that exports a private answer sends the file as a direct message', async () => {
    await open();
    house.reply(answerReply('asker'));
    await ask();
    const document = {
      name: 'churn.xlsx',
      mime: 'application/vnd.ms-excel',
      bytes: new Uint8Array([1, 2, 3]),
    };
    house.reply({ kind: 'document', document, text: 'Churn, Q3 2026', visibility: 'asker' });
    await press('export', 'xlsx');
    const files = ofHerald(ann.id, ann.dm).flatMap((message) =>
      message.files.map((id) => house.standIn.state.files.get(id)?.name),
    );
    expect({ files, inChannel: ofHerald(vic.id).length }).toEqual({ files: ['churn.xlsx'], inChannel: 0 });
  });

  it('of another app is acknowledged and runs nothing', async () => {
    await open();
    house.reply(answerReply('place'));
    await ask();
    await house.after(
      house.standIn.press(ann.id, ofHerald()[0]!, { type: 'button', action_id: 'other', value: 'not json' }),
    );
    expect({
      pressed: house.pressed.length,
      complained: house.seen(ann.id).some(({ author }) => author === 'slackbot'),
    }).toEqual({ pressed: 0, complained: false });
  });
});

describe('App Home', () => {
  it('shows the board of the one who opens it', async () => {
    await open();
    house.reply(note);
    await house.after(house.standIn.openHome(ann.id));
    expect(types(house.standIn.state.homes.get(ann.id))).toEqual(['section']);
  });
});

describe('a delivery', () => {
  const message = {
    text: 'Monday digest',
    blocks: [{ type: 'section', text: { type: 'mrkdwn', text: 'Monday digest' } }],
  };
  const executive = channels[0]!.id;
  const post = () => house.transport.post({ channel: executive }, message, { slot: 'hash-1' });

  it('that Slack took is sent', async () => {
    await open();
    expect(await post()).toEqual({ kind: 'sent', ts: house.standIn.state.messages[0]?.ts });
  });

  it('that Slack refused was not sent', async () => {
    await open();
    house.standIn.faults.botOutOf.add(executive);
    expect(await post()).toEqual({ kind: 'not_sent', reason: 'not_in_channel', retryAfterMs: null });
  });

  it('that came too fast was not sent, and says when to try again', async () => {
    await open();
    await post();
    expect(await post()).toEqual({ kind: 'not_sent', reason: 'rate_limited', retryAfterMs: 1_000 });
  });

  it('whose reply was lost is ambiguous, and sent once', async () => {
    await open();
    house.standIn.faults.loseReply = (method) => method === 'chat.postMessage';
    const { kind } = await post();
    expect({ kind, copies: house.standIn.state.messages.length }).toEqual({ kind: 'ambiguous', copies: 1 });
  });

  it('is found again by its slot', async () => {
    await open();
    await post();
    const copies = await house.transport.find(
      { channel: executive },
      'hash-1',
      new Date(Date.now() - 60_000),
    );
    expect(copies).toEqual([house.standIn.state.messages[0]?.ts]);
  });

  it('is not taken for that of another slot', async () => {
    await open();
    await post();
    expect(
      await house.transport.find({ channel: executive }, 'hash-2', new Date(Date.now() - 60_000)),
    ).toEqual([]);
  });

  it('that was posted twice loses its second copy', async () => {
    await open();
    await post();
    house.pass(2_000);
    await post();
    await house.transport.remove(executive, house.standIn.state.messages[1]!.ts);
    expect(house.standIn.state.messages).toHaveLength(1);
  });
});

describe('start', () => {
  it('names a refused token as something to set up', async () => {
    await open();
    const { createSlackTransport } = await import('../../../bot/transports/slack/create-slack-transport.ts');
    const { createLog } = await import('../../../platform/log.ts');
    const desk = { ask: async () => note, press: async () => note, complete: async () => [] };
    const other = createSlackTransport({
      desk,
      present: () => ({ text: '', blocks: [] }),
      signingSecret,
      botToken: 'xoxb-wrong-token',
      slackApiUrl: `${house.origin}/demo/slack/api/`,
      seen: async () => false,
      now: () => new Date(),
      wait: async () => {},
      log: createLog('silent', () => {}),
    });
    await expect(other.start()).rejects.toMatchObject({ kind: 'setup' });
  });
});
