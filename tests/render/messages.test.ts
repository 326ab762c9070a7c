import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { splitLead } from '../../render/messages/lead.ts';
import { slackAnswer, slackNote, slackProblem } from '../../render/messages/slack.ts';
import type { SlackBlock, SlackMessage } from '../../render/messages/slack-blocks.ts';
import { slackDigest } from '../../render/messages/slack-digest.ts';
import { sparkline } from '../../render/messages/sparkline.ts';
import { teamsAnswer, teamsProblem } from '../../render/messages/teams.ts';
import { teamsDigest } from '../../render/messages/teams-digest.ts';
import { terminalAnswer } from '../../render/messages/terminal.ts';
import { churn, digest, hostile, nothing, winRate } from '../fixtures/answers.ts';
import { arbitraryAnswer } from '../fixtures/arbitrary-answer.ts';

const actions = ['by', 'compare', 'why', 'share', 'export', 'define'].map((verb) => ({
  verb,
  label: `Do ${verb}`,
  value: 'x',
}));
const picture = { fileId: 'F0123456789', alt: 'Customer churn' };
const plain = (text: string) => text.replaceAll('\u00a0', ' ');

/** Block Kit's rules, written down a second time: what Slack would refuse. */
function refusals(message: SlackMessage): string[] {
  const faults: string[] = [];
  const text = (where: string, value: string, most: number) => {
    if (value.length === 0 || value.length > most) faults.push(`${where}: ${value.length} characters`);
    if (!value.isWellFormed()) faults.push(`${where}: half a character`);
  };
  if (message.text.length > 4000) faults.push('text');
  if (message.blocks.length > 50) faults.push('blocks');
  if (JSON.stringify(message.blocks).length > 13_200) faults.push('msg_blocks_too_long');
  const check = (block: SlackBlock): void => {
    if (block.type === 'header') text('header', block.text.text, 150);
    if (block.type === 'image') text('alt', block.alt_text, 2000);
    if (block.type === 'section') {
      if (block.text !== undefined) text('section', block.text.text, 3000);
      if ((block.fields?.length ?? 0) > 10) faults.push('fields');
      for (const field of block.fields ?? []) text('field', field.text, 2000);
    }
    if (block.type === 'context') {
      if (block.elements.length === 0 || block.elements.length > 10) faults.push('context');
      for (const element of block.elements) text('context', element.text, 2000);
    }
    if (block.type === 'actions') {
      if (block.elements.length === 0 || block.elements.length > 5) faults.push('actions');
      for (const button of block.elements) {
        text('button', button.text.text, 75);
        text('value', button.value, 2000);
      }
      if (new Set(block.elements.map((button) => button.action_id)).size !== block.elements.length)
        faults.push('action_id twice');
    }
  };
  for (const block of message.blocks) check(block);
  return faults;
}

describe('a Slack answer', () => {
  const message = slackAnswer({ answer: churn, answerId: 'a1', actions, picture });

  test('starts with the answer as a sentence, its first statement bold', () => {
    expect(plain(JSON.stringify(message.blocks[0]))).toContain(
      '*Customer churn was 2.1 % in Q3 2026*, down from 2.5 %',
    );
  });

  test('shows the uploaded picture by its id, with an alternative text', () => {
    expect(message.blocks).toContainEqual({
      type: 'image',
      slack_file: { id: 'F0123456789' },
      alt_text: 'Customer churn',
    });
  });

  test('has at most five buttons that carry ids only', () => {
    const block = message.blocks.at(-1);
    expect(block?.type === 'actions' && block.elements.map((button) => JSON.parse(button.value))).toEqual(
      actions.slice(0, 5).map(({ verb }) => ({ a: 'a1', v: verb, x: 'x' })),
    );
  });

  test('without a picture tells the course in characters', () => {
    expect(JSON.stringify(slackAnswer({ answer: churn, answerId: 'a1', actions, picture: null }))).toContain(
      '▇▆█▅▄▆▃▁',
    );
  });

  test('obeys nothing that a name says', () => {
    const text = JSON.stringify(slackAnswer({ answer: hostile, answerId: 'a1', actions, picture: null }));
    expect(text).not.toMatch(/<[!@#a-z]/i);
    expect(text).toContain('&lt;!channel&gt;');
  });

  test('is accepted by Slack, whatever the answer', () => {
    fc.assert(
      fc.property(arbitraryAnswer, fc.boolean(), (answer, drawn) => {
        const any = slackAnswer({
          answer,
          answerId: 'a1',
          actions,
          picture: drawn ? picture : null,
          notes: [answer.title],
        });
        expect(refusals(any)).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });
});

describe('other Slack messages', () => {
  test("a problem's suggestions are buttons that run", () => {
    const message = slackProblem({
      kind: 'ask',
      message: 'I do not know "chrun".',
      suggestions: ['churn', 'churned MRR'],
    });
    const block = message.blocks.at(-1);
    expect(block?.type === 'actions' && block.elements.map((button) => JSON.parse(button.value))).toEqual([
      { a: null, v: 'ask', x: 'churn' },
      { a: null, v: 'ask', x: 'churned MRR' },
    ]);
  });

  test('a long note is split between lines', () => {
    const message = slackNote({
      title: 'Help',
      lines: Array.from({ length: 100 }, (_, i) => `${i} ${'word '.repeat(15)}`),
    });
    expect(refusals(message)).toEqual([]);
    expect(message.blocks.length).toBeGreaterThan(2);
  });

  test('a digest fits into one message, with the areas in the thread', () => {
    const { thread, ...main } = slackDigest(digest, { picture });
    expect(refusals(main)).toEqual([]);
    expect(thread).toHaveLength(3);
    expect(plain(JSON.stringify(main))).toContain('2.1 %  ▼ 0.4 pp, better than Q2 2026');
  });

  test('a digest is accepted by Slack, whatever it is made of', () => {
    fc.assert(
      fc.property(
        fc.array(arbitraryAnswer, { maxLength: 12 }),
        fc.string({ maxLength: 6000 }),
        (answers, text) => {
          const lines = Array.from({ length: 9 }, () => ({ text }));
          const any = {
            ...digest,
            summary: text,
            tiles: answers,
            movers: lines,
            unusual: lines,
            restated: lines,
            sections: [{ area: text || 'x', answers }],
          };
          const { thread, ...main } = slackDigest(any);
          expect(
            [main, ...thread].flatMap(refusals).filter((fault) => fault !== 'section: 0 characters'),
          ).toEqual([]);
        },
      ),
      { numRuns: 40 },
    );
  });
});

describe('a Teams card', () => {
  const card = teamsAnswer({
    answer: churn,
    answerId: 'a1',
    actions,
    picture: { png: new Uint8Array([1, 2, 3]), alt: 'Customer churn' },
  });

  test('says the same to clients without cards and to screen readers', () => {
    expect(plain(card.fallbackText)).toContain('Customer churn was 2.1 % in Q3 2026');
    expect(plain(card.speak)).toContain('Customer churn was 2.1 % in Q3 2026');
  });

  test('carries the picture inside, with an alternative text', () => {
    expect(card.body).toContainEqual({
      type: 'Image',
      url: 'data:image/png;base64,AQID',
      altText: 'Customer churn',
      size: 'stretch',
    });
  });

  test('leaves out a picture that is too heavy and tells the course in characters', () => {
    const heavy = teamsAnswer({
      answer: churn,
      answerId: 'a1',
      actions,
      picture: { png: new Uint8Array(100_000), alt: 'x' },
    });
    expect(heavy.body.some((element) => element.type === 'Image')).toBe(false);
    expect(JSON.stringify(heavy.body)).toContain('▇▆█▅▄▆▃▁');
  });

  test('has at most five buttons, each run by its verb', () => {
    expect(card.actions?.map(({ type, verb, data }) => [type, verb, data.a])).toEqual(
      actions.slice(0, 5).map(({ verb }) => ['Action.Execute', verb, 'a1']),
    );
  });

  test('shows Markdown from data as text', () => {
    const text = JSON.stringify(
      teamsAnswer({ answer: hostile, answerId: 'a1', actions, picture: null }).body.slice(1),
    );
    expect(text).toContain(String.raw`\\[l\\](http://e.test)`);
    expect(text).not.toMatch(/[^\\]\*bold\*/);
  });

  test('stays below 80 KB in UTF-16, whatever the answer', () => {
    fc.assert(
      fc.property(arbitraryAnswer, (answer) => {
        expect(
          JSON.stringify(teamsAnswer({ answer, answerId: 'a1', actions, picture: null })).length * 2,
        ).toBeLessThan(80_000);
      }),
      { numRuns: 60 },
    );
  });

  test("a problem's suggestions are buttons that run", () => {
    expect(teamsProblem({ kind: 'ask', message: 'What?', suggestions: ['churn'] }).actions).toMatchObject([
      { verb: 'ask', data: { a: null, v: 'ask', x: 'churn' } },
    ]);
  });

  test('a digest shows every tile and every area', () => {
    const text = plain(JSON.stringify(teamsDigest(digest)));
    for (const answer of digest.tiles) expect(text).toContain(answer.title);
    for (const { area } of digest.sections) expect(text).toContain(area);
  });
});

describe('the terminal', () => {
  test('has the sentence first and the path of the picture last', () => {
    const lines = plain(terminalAnswer(churn, { color: false, picturePath: '/tmp/churn.png' }))
      .trimEnd()
      .split('\n');
    expect(lines[0]).toBe(plain(churn.sentence));
    expect(lines.at(-1)).toBe('picture /tmp/churn.png');
  });

  test('has no escape codes without colour, whatever the data', () => {
    expect(terminalAnswer({ ...churn, sentence: '\u001b[31mred\u0007' }, { color: false })).not.toContain(
      '\u001b',
    );
  });

  test('shows good and bad in colour on a terminal that has it', () => {
    expect(terminalAnswer(churn, { color: true })).toContain('\u001b[32m');
    expect(terminalAnswer(winRate, { color: true })).toContain('\u001b[31m');
  });

  test('says n/a for no records', () => {
    expect(terminalAnswer(nothing, { color: false })).toMatch(/Q3 2026\s+n\/a/);
  });
});

describe('small things', () => {
  test.each([
    ['a gap in a sparkline stays a gap', [1, null, 3], '▁ █'],
    ['a level course is drawn half high', [2, 2], '▄▄'],
    ['one value is no course', [2], ''],
  ])('%s', (_, values, expected) => {
    expect(sparkline(values)).toBe(expected);
  });

  test.each([
    ['Churn was 2.1 % in Q3, down from 2.5 %.', 'Churn was 2.1 % in Q3'],
    ['31 of 1,476 customers left. Most were small.', '31 of 1,476 customers left'],
    ['Nothing here.', 'Nothing here'],
  ])('the first statement of "%s" ends in the right place', (sentence, lead) => {
    expect(splitLead(sentence).lead).toBe(lead);
    expect(splitLead(sentence).lead + splitLead(sentence).rest).toBe(sentence);
  });
});
