import type { Answer } from '../../kpi/answer.ts';
import { describeChange, formatAnswerValue } from '../../kpi/number.ts';
import { bucketName } from '../charts/bucket-name.ts';
import { chooseChart } from '../charts/choose-chart.ts';
import { shownParts } from '../charts/shown-parts.ts';
import { themes } from '../charts/theme.ts';
import { describeSources } from '../freshness.ts';
import { altText } from '../picture/alt-text.ts';
import { plainText } from '../plain-text.ts';
import { numberFormat } from './excel-cell.ts';

const theme = themes.light;
const hex = (color: string) => color.slice(1).toUpperCase();
const face = 'Inter';

type Series = { name: string; labels: string[]; values: number[] };

/** The same course or parts that the picture shows, as data that can be edited in the slide. */
function chartSeries(answer: Answer, locale: string): Series[] {
  if (answer.parts.length > 0) {
    // Bar charts grow from the bottom: the first part must come last to stand on top.
    const parts = shownParts(answer).toReversed();
    return [
      {
        name: plainText(answer.period.label, 60),
        labels: parts.map((part) => plainText(part.name, 40)),
        values: parts.map((part) => part.value ?? Number.NaN),
      },
    ];
  }
  const labels = answer.series.map((point) => {
    const { top, bottom } = bucketName(answer, point.at, locale);
    return bottom === '' ? top : `${top} ${bottom}`;
  });
  const own = {
    name: plainText(answer.title, 60),
    labels,
    values: answer.series.map((point) => point.value ?? Number.NaN),
  };
  if (!answer.series.some((point) => point.comparison !== null)) return [own];
  const name = plainText(answer.comparison?.label ?? 'before', 60);
  return [own, { name, labels, values: answer.series.map((point) => point.comparison ?? Number.NaN) }];
}

/** Answers → slides with native, editable charts; reading, definition and sources in the speaker's notes. */
export async function powerpointAnswers(
  answers: readonly Answer[],
  options: { title: string; locale?: string },
): Promise<Uint8Array> {
  const { locale = 'en-US' } = options;
  const { default: Pptx } = await import('pptxgenjs');
  // The package's types describe its CommonJS form; Node hands its ESM default export over directly.
  const deck = new (Pptx as unknown as typeof Pptx.default)();
  deck.layout = 'LAYOUT_WIDE';
  deck.title = plainText(options.title, 200);
  deck.author = 'Herald';
  deck.company = 'Herald';
  for (const answer of answers.slice(0, 40)) {
    const slide = deck.addSlide();
    const { comparison } = answer;
    const change =
      comparison === null || comparison.change === null ? null : describeChange(comparison, locale);
    const tone = change === null || change.tone === 'neutral' ? theme.quiet : theme[change.tone];
    // The headline is the message, not the KPI's name.
    slide.addText(plainText(answer.sentence, 260), {
      x: 0.6,
      y: 0.35,
      w: 12.1,
      h: 0.95,
      fontFace: face,
      fontSize: 22,
      bold: true,
      color: hex(theme.ink),
      valign: 'top',
      fit: 'shrink',
    });
    slide.addText(formatAnswerValue(answer, { locale }), {
      x: 0.6,
      y: 1.4,
      w: 3.6,
      h: 0.9,
      fontFace: face,
      fontSize: 44,
      bold: true,
      color: hex(theme.ink),
    });
    if (change !== null) {
      slide.addText(`${change.arrow} ${change.amount} vs ${plainText(comparison!.label, 60)}`.trim(), {
        x: 4.2,
        y: 1.5,
        w: 8.5,
        h: 0.7,
        fontFace: face,
        fontSize: 20,
        bold: true,
        color: hex(tone),
      });
    }
    const data = chartSeries(answer, locale);
    if (data[0]!.values.some((value) => Number.isFinite(value))) {
      const { name } = chooseChart(answer);
      const type = name === 'breakdown' || name === 'columns' ? deck.ChartType.bar : deck.ChartType.line;
      slide.addChart(type, data, {
        x: 0.5,
        y: 2.4,
        w: 12.3,
        h: 4.3,
        altText: altText(answer, locale),
        barDir: name === 'breakdown' ? 'bar' : 'col',
        chartColors: [hex(theme.brand), hex(theme.comparison)],
        showLegend: data.length > 1,
        legendPos: 't',
        legendFontFace: face,
        catAxisLabelFontFace: face,
        valAxisLabelFontFace: face,
        catAxisLabelFontSize: 12,
        valAxisLabelFontSize: 12,
        valAxisLabelFormatCode: numberFormat(answer.unit, answer.currency),
        showValue: name === 'breakdown',
        dataLabelFormatCode: numberFormat(answer.unit, answer.currency),
        valGridLine: { color: hex(theme.line), size: 0.75 },
        catGridLine: { style: 'none' },
        displayBlanksAs: 'gap',
        lineSize: 3,
      });
    }
    slide.addText(`${describeSources(answer)} · definition v${answer.definition.version}`, {
      x: 0.6,
      y: 6.85,
      w: 12.1,
      h: 0.4,
      fontFace: face,
      fontSize: 11,
      color: hex(theme.quiet),
    });
    slide.addNotes(
      [
        plainText(answer.reading),
        plainText(answer.definition.text),
        `Formula: ${plainText(answer.definition.formula)}`,
        ...answer.warnings.map((warning) => plainText(warning)),
        `Data version ${answer.dataVersion}, answered ${answer.at}.`,
      ].join('\n'),
    );
  }
  const written = await deck.write({ outputType: 'uint8array' });
  if (!(written instanceof Uint8Array)) throw new TypeError('pptxgenjs did not give bytes');
  return written;
}
