/** What every chat transport keeps, whatever the platform. Each one brings a rig around its real receiver. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Incoming, Reply } from '../../bot/commands/command.ts';
import { churn } from '../fixtures/answers.ts';

export type TransportRig = {
  /** Ask in a channel that another person reads too; resolves when the platform has shown what there is to show. */
  ask(text: string): Promise<void>;
  /** What the desk says next. */
  reply: (reply: Reply) => void;
  asked: readonly Incoming[];
  /** Texts that a person sees in the channel. */
  seenBy(who: 'asker' | 'other'): readonly string[];
  /** From now on the platform takes no pictures. */
  breakPictures(): void;
  /** Send the last question again, byte for byte. */
  replay(): Promise<void>;
  /** Send a question that the platform did not sign. */
  forge(): Promise<number>;
  close(): Promise<void>;
};

/** An answer with a picture, for the place or for the asker. */
export function answerReply(visibility: 'place' | 'asker'): Reply {
  return {
    kind: 'answer',
    answerId: 'a1',
    answer: churn,
    picture: {
      png: new Uint8Array([137, 80, 78, 71]),
      alt: 'Churn over eight quarters, 2.1 % last',
      width: 1000,
      height: 563,
    },
    visibility,
    visibilityNote: null,
    actions: [{ verb: 'why', label: 'Why?' }],
  };
}

export function transportContract(name: string, open: () => Promise<TransportRig>): void {
  describe(`${name} as a transport`, () => {
    let rig: TransportRig;
    beforeEach(async () => {
      rig = await open();
    });
    afterEach(() => rig.close());

    const showsSentence = (texts: readonly string[]) => texts.some((text) => text.includes(churn.sentence));

    it('hands the words to the desk without the command', async () => {
      rig.reply(answerReply('place'));
      await rig.ask('churn last quarter');
      expect(rig.asked.map(({ text }) => text)).toEqual(['churn last quarter']);
    });

    it('shows an answer for the place to everybody there', async () => {
      rig.reply(answerReply('place'));
      await rig.ask('churn last quarter');
      expect(showsSentence(rig.seenBy('other'))).toBe(true);
    });

    it('shows a private answer to the asker', async () => {
      rig.reply(answerReply('asker'));
      await rig.ask('churn last quarter');
      expect(showsSentence(rig.seenBy('asker'))).toBe(true);
    });

    it('shows a private answer to nobody else', async () => {
      rig.reply(answerReply('asker'));
      await rig.ask('churn last quarter');
      expect(rig.seenBy('other')).toEqual([]);
    });

    it('shows a problem to nobody but the asker', async () => {
      rig.reply({
        kind: 'problem',
        problem: { kind: 'access', message: 'Revenue is not yours to read.', suggestions: [] },
        actions: [],
      });
      await rig.ask('revenue');
      expect(rig.seenBy('other')).toEqual([]);
    });

    it('sends the words out when pictures fail', async () => {
      rig.breakPictures();
      rig.reply(answerReply('place'));
      await rig.ask('churn last quarter');
      expect(showsSentence(rig.seenBy('other'))).toBe(true);
    });

    it('answers a request once, however often it arrives', async () => {
      rig.reply(answerReply('place'));
      await rig.ask('churn last quarter');
      await rig.replay();
      expect(rig.asked).toHaveLength(1);
    });

    it('runs nothing for a request that the platform did not sign', async () => {
      const status = await rig.forge();
      expect({ refused: status >= 400, asked: rig.asked.length }).toEqual({ refused: true, asked: 0 });
    });
  });
}
