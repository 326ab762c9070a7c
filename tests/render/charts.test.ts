import fc from 'fast-check';
import type { Spec } from 'vega';
import { describe, expect, test } from 'vitest';
import { drawCard } from '../../render/charts/card.ts';
import { chooseChart } from '../../render/charts/choose-chart.ts';
import { canvas, type Text } from '../../render/charts/frame.ts';
import { textWidth } from '../../render/charts/text-width.ts';
import { themes } from '../../render/charts/theme.ts';
import { vegaSvg } from '../../render/picture/vega-svg.ts';
import { bookings, churn, mrr, newDeals, nothing, samples, winRate } from '../fixtures/answers.ts';
import { arbitraryAnswer } from '../fixtures/arbitrary-answer.ts';

/** Numbers to one decimal and without generated ids: what stays is what is seen. */
function withoutNoise(svg: string): string {
  return svg
    .replace(/\s(?:id|clip-path)="[^"]*"/g, '')
    .replace(/-?\d+\.\d+/g, (number) => String(Math.round(Number(number) * 10) / 10))
    .replace(/></g, '>\n<');
}

type Box = { text: string; size: number; left: number; right: number; top: number; bottom: number };

/** Where every text of the card stands, measured with the real font. */
function textBoxes(spec: Spec): Box[] {
  const texts = spec.data!.find((data) => data.name === 'texts') as unknown as { values: Text[] };
  return texts.values.flatMap(({ x, y, size, text, weight, align, baseline }) => {
    const width = textWidth(text, size, weight);
    const left = align === 'right' ? x - width : align === 'center' ? x - width / 2 : x;
    // Cap height of Inter is 0.73 em; descenders may touch the line spacing below.
    const top = baseline === 'middle' ? y - size * 0.37 : y - size * 0.73;
    return text === '' ? [] : [{ text, size, left, right: left + width, top, bottom: top + size * 0.73 }];
  });
}

function overlaps(boxes: readonly Box[]): string[] {
  return boxes.flatMap((a, i) =>
    boxes.slice(i + 1).flatMap((b) => {
      const apart = a.right <= b.left || b.right <= a.left || a.bottom <= b.top || b.bottom <= a.top;
      return apart ? [] : [`"${a.text}" covers "${b.text}"`];
    }),
  );
}

function luminance(color: string): number {
  const [r, g, b] = [1, 3, 5]
    .map((i) => Number.parseInt(color.slice(i, i + 2), 16) / 255)
    .map((c) => (c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

describe('the right chart for an answer', () => {
  test.each([
    ['a breakdown is drawn as bars', winRate, 'breakdown'],
    ['days of an additive KPI are drawn as a running total', bookings, 'pace'],
    ['months of an additive KPI are drawn as columns', newDeals, 'columns'],
    ['a rate is drawn as a line', churn, 'trend'],
    ['a stock is a line although it is money', mrr, 'trend'],
    ['no records are said in words', nothing, 'silence'],
    ['a value without a course shows what it is made of', { ...churn, series: [] }, 'facts'],
  ] as const)('%s', (_, answer, expected) => {
    expect(chooseChart(answer).name).toBe(expected);
  });
});

describe('pictures stay as they were approved', () => {
  const drawn = Object.entries(samples).flatMap(([name, answer]) =>
    (['light', 'dark'] as const).map((theme) => [name, theme, answer] as const),
  );
  test.each(drawn)('%s, %s', async (name, theme, answer) => {
    const svg = withoutNoise(await vegaSvg(drawCard(answer, { theme })));
    await expect(svg).toMatchFileSnapshot(`../pictures/${name}-${theme}.svg`);
  });
});

describe('every picture can be read', () => {
  test('no text covers another, whatever the answer', () => {
    fc.assert(
      fc.property(arbitraryAnswer, (answer) => {
        expect(overlaps(textBoxes(drawCard(answer)))).toEqual([]);
      }),
      { numRuns: 30 },
    );
  });

  test('no text leaves the canvas, whatever the answer', () => {
    fc.assert(
      fc.property(arbitraryAnswer, (answer) => {
        const outside = textBoxes(drawCard(answer)).filter(
          (box) => box.left < 0 || box.right > canvas.width || box.top < 0 || box.bottom > canvas.height,
        );
        expect(outside).toEqual([]);
      }),
      { numRuns: 30 },
    );
  });

  test('no text is smaller than 22 px', () => {
    const sizes = Object.values(samples).flatMap((answer) =>
      textBoxes(drawCard(answer)).map((box) => box.size),
    );
    expect(Math.min(...sizes)).toBeGreaterThanOrEqual(22);
  });

  test('every answer can be drawn without a fault', async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryAnswer, async (answer) => {
        const svg = await vegaSvg(drawCard(answer));
        expect(svg).not.toMatch(/NaN|Infinity|undefined/);
      }),
      { numRuns: 20 },
    );
  });

  test.each(Object.entries(themes))('text tones of the %s theme have a contrast of 4.5', (_, theme) => {
    const background = luminance(theme.background);
    for (const tone of [theme.ink, theme.quiet, theme.brand, theme.good, theme.bad, theme.caution]) {
      const [dark, bright] = [luminance(tone), background].sort((a, b) => a - b) as [number, number];
      expect((bright + 0.05) / (dark + 0.05), tone).toBeGreaterThanOrEqual(4.5);
    }
  });
});

describe('what the picture says', () => {
  const words = (answer: typeof churn) =>
    textBoxes(drawCard(answer)).map((box) => box.text.replaceAll('\u00a0', ' '));

  test('the value, the change and what it is compared with', () => {
    expect(words(churn)).toEqual(
      expect.arrayContaining([
        'Customer churn',
        '2.1',
        '%',
        '▼ 0.4 pp · better',
        'vs Q2 2026: 2.5 %',
        'Q3 2026',
      ]),
    );
  });

  test('sources with their ages, a late one marked', () => {
    expect(words(churn)).toContain('Salesforce 2 min · Billing 4 min · Zendesk 3 h ⚠');
  });

  test('a value without records is n/a, never 0', () => {
    expect(words(nothing)).toContain('n/a');
    expect(words(nothing)).not.toContain('0');
  });

  test('only the top tick has a unit', () => {
    expect(words(mrr)).toEqual(expect.arrayContaining(['€1.40 M', '1.20', '1.00', '0.80']));
  });

  test('a marked bucket is ringed and has its reason beside it', async () => {
    const spec = drawCard(bookings, { marked: { at: '2026-11-08', reason: 'Two large deals on one day' } });
    expect(textBoxes(spec).map((box) => box.text)).toContain('Two large deals on one day');
    const svg = withoutNoise(await vegaSvg(spec));
    await expect(svg).toMatchFileSnapshot('../pictures/bookings-marked.svg');
  });

  test('fiscal quarters are called what the asked period calls them', () => {
    const fiscal = { ...churn, period: { ...churn.period, label: 'Q2 FY27' } };
    expect(words(fiscal)).toEqual(expect.arrayContaining(['Q3', 'FY25', 'Q2']));
  });

  test('text from data reaches Vega as data only, never in what it compiles', () => {
    const name = 'datum.x + alert(1)';
    const sneaky = {
      ...winRate,
      title: name,
      parts: [{ dimension: 'owner' as const, name, value: 1, n: 1, comparison: null }],
    };
    const { data: _data, ...compiled } = drawCard(sneaky);
    expect(JSON.stringify(compiled)).not.toContain('alert');
  });

  test('a customer called toString is drawn', async () => {
    expect(await vegaSvg(drawCard({ ...churn, title: 'toString' }))).toContain('toString');
  });

  test('answers of one kind share one compiled specification', () => {
    const shape = (answer: typeof churn) => {
      const { data, signals, ...rest } = drawCard(answer);
      return JSON.stringify([rest, data!.map((one) => one.name), signals!.map((one) => one.name)]);
    };
    expect(shape({ ...churn, value: 3, target: null, series: churn.series.slice(2) })).toBe(shape(churn));
  });
});
