import { describe, expect, it } from 'vitest';
import { checkBlocks, type Surface } from '../../../demo/slack/limits.ts';

const plain = (text: string) => ({ type: 'plain_text', text });
const section = (text: string) => ({ type: 'section', text: { type: 'mrkdwn', text } });
const button = (more: object = {}) => ({
  type: 'button',
  text: plain('Why?'),
  action_id: 'a',
  value: 'v',
  ...more,
});
const actions = (...elements: object[]) => ({ type: 'actions', elements });
const option = (n: number) => ({ text: plain(`Option ${n}`), value: `${n}` });
const image = (more: object) => ({ type: 'image', ...more });
const points = (n: number) => Array.from({ length: n }, (_, i) => ({ label: `P${i}`, value: i }));
const chart = (n: number, series = 1) => ({
  type: 'data_visualization',
  title: 'Churn',
  chart: {
    type: 'line',
    axis_config: { categories: points(n).map(({ label }) => label) },
    series: Array.from({ length: series }, (_, i) => ({ name: `S${i}`, data: points(n) })),
  },
});
const many = <T>(n: number, make: (i: number) => T) => Array.from({ length: n }, (_, i) => make(i));
const check = (blocks: unknown, surface: Surface = 'message') =>
  checkBlocks(blocks, surface, (id) => id === 'F0READYFILE');

const accepted: [string, unknown[]][] = [
  ['fifty blocks', many(50, () => section('x'))],
  ['a section of 3,000 characters', [section('x'.repeat(3000))]],
  ['an image of a file that was scanned', [image({ slack_file: { id: 'F0READYFILE' }, alt_text: 'Chart' })]],
  ['25 buttons', [actions(...many(25, () => button()))]],
  ['a chart of 20 points', [chart(20)]],
  ['a button value of 2,000 characters', [actions(button({ value: 'x'.repeat(2000) }))]],
  ['a menu of 100 options', [actions({ type: 'static_select', options: many(100, option) })]],
];

const refused: [string, unknown[], string][] = [
  ['51 blocks', many(51, () => section('x')), '/blocks]'],
  ['a section of 3,001 characters', [section('x'.repeat(3001))], '/blocks/0/text/text'],
  ['an empty section text', [section('')], '/blocks/0/text/text'],
  ['eleven fields', [{ type: 'section', fields: many(11, () => plain('x')) }], '/blocks/0/fields'],
  ['a header of 151 characters', [{ type: 'header', text: plain('x'.repeat(151)) }], '/blocks/0/text/text'],
  ['a header in mrkdwn', [{ type: 'header', text: { type: 'mrkdwn', text: 'x' } }], '/blocks/0/text/type'],
  [
    'eleven context elements',
    [{ type: 'context', elements: many(11, () => plain('x')) }],
    '/blocks/0/elements',
  ],
  ['26 buttons', [actions(...many(26, () => button()))], '/blocks/0/elements'],
  [
    'a button text of 76 characters',
    [actions(button({ text: plain('x'.repeat(76)) }))],
    '/blocks/0/elements/0/text/text',
  ],
  [
    'a button value of 2,001 characters',
    [actions(button({ value: 'x'.repeat(2001) }))],
    '/blocks/0/elements/0/value',
  ],
  ['a button style that does not exist', [actions(button({ style: 'quiet' }))], '/blocks/0/elements/0/style'],
  [
    'a menu of 101 options',
    [actions({ type: 'static_select', options: many(101, option) })],
    '/blocks/0/elements/0/options',
  ],
  ['an image without alt text', [image({ image_url: 'https://example.com/a.png' })], '/blocks/0/alt_text'],
  ['an image of nothing', [image({ alt_text: 'Chart' })], '/blocks/0]'],
  [
    'an image of a file that is still scanned',
    [image({ slack_file: { id: 'F0NOTREADY1' }, alt_text: 'Chart' })],
    'invalid slack file',
  ],
  ['three charts', [chart(2), chart(2), chart(2)], 'data_visualization'],
  ['a chart of 21 points', [chart(21)], '/blocks/0/chart'],
  ['a chart of seven series', [chart(2, 7)], '/blocks/0/chart/series'],
  [
    'a chart with a hole',
    [{ ...chart(2), chart: { ...chart(2).chart, series: [{ name: 'S', data: points(1) }] } }],
    'one point per category',
  ],
  ['two tables', many(2, () => ({ type: 'table', rows: [[plain('x')]] })), 'only one table'],
  ['a block that does not exist', [{ type: 'sparkline' }], 'unsupported type'],
  ['the same block_id twice', many(2, () => ({ ...section('x'), block_id: 'b' })), 'block_id already exists'],
];

describe('the stand-in for Slack', () => {
  it.each(accepted)('accepts %s', (_case, blocks) => {
    expect(check(blocks)).toBeNull();
  });

  it.each(refused)('refuses %s and points at it', (_case, blocks, pointer) => {
    expect(check(blocks)?.messages.join('\n')).toContain(pointer);
  });

  it('refuses a message whose blocks hold more text than Slack takes', () => {
    expect(check(many(6, () => section('x'.repeat(2500))))?.error).toBe('msg_blocks_too_long');
  });

  it('takes 100 blocks in App Home', () => {
    expect(
      check(
        many(100, () => section('x')),
        'home',
      ),
    ).toBeNull();
  });

  it('takes no chart in App Home', () => {
    expect(check([chart(2)], 'home')?.messages.join()).toContain('only allowed in messages');
  });
});
