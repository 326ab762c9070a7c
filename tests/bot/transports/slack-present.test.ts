import { describe, expect, it } from 'vitest';
import { nativeChart } from '../../../bot/transports/slack/native-chart.ts';
import { createPresent } from '../../../bot/transports/slack/present-reply.ts';
import type { Chart } from '../../../bot/transports/slack/slack-options.ts';
import { checkBlocks } from '../../../demo/slack/limits.ts';
import { answerReply } from '../../contracts/transport.ts';
import { bookings, churn, hostile, samples, winRate } from '../../fixtures/answers.ts';

const present = createPresent();
const charts: Chart[] = [
  { kind: 'file', fileId: 'F0READYFILE' },
  { kind: 'url', url: 'https://example.com/a.png' },
  { kind: 'native' },
  { kind: 'none' },
];
const shown = Object.entries(samples).flatMap(([name, answer]) =>
  charts.map((chart) => [name, chart.kind, answer, chart] as const),
);
const reply = answerReply('asker');

describe('a reply in Slack', () => {
  it.each(shown)('keeps the limits: %s with the chart as %s', (_name, _kind, answer, chart) => {
    const { blocks } = present({ ...reply, kind: 'answer', answer } as typeof reply, { chart });
    expect(checkBlocks(blocks, 'message', () => true)).toBeNull();
  });

  it('says who can see it', () => {
    const { blocks } = present(
      { ...reply, visibilityNote: 'Only you can see this: #general may not see revenue.' } as typeof reply,
      { chart: { kind: 'none' } },
    );
    expect(JSON.stringify(blocks)).toContain('Only you can see this');
  });

  it('obeys nothing that a record says', () => {
    const { text, blocks } = present({ ...reply, answer: hostile } as typeof reply, {
      chart: { kind: 'native' },
    });
    expect(JSON.stringify([text, blocks])).not.toContain('<!channel>');
  });
});

describe('the chart that Slack draws', () => {
  it('names quarters by their year', () => {
    expect(nativeChart(churn)?.chart.axis_config.categories.at(-1)).toBe('Q3 2026');
  });

  it('shows the parts of a breakdown as bars', () => {
    expect(nativeChart(winRate)?.chart.type).toBe('bar');
  });

  it('is left out when the course is longer than Slack takes', () => {
    expect(nativeChart(bookings)).toBeNull();
  });

  it('is left out when the course has a hole', () => {
    const series = churn.series.map((point, index) => (index === 3 ? { ...point, value: null } : point));
    expect(nativeChart({ ...churn, series })).toBeNull();
  });
});
