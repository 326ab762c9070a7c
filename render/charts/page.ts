import type { Spec } from 'vega';
import type { Freshness } from '../../kpi/answer.ts';
import type { Drawing } from './chart.ts';
import { footer, footerHeight } from './footer.ts';
import { canvas, type Frame, ruleMark, type Text, text, textMark } from './frame.ts';
import type { Marked } from './ring.ts';
import { fitText } from './text-width.ts';
import { type ThemeName, themes } from './theme.ts';

export type DrawOptions = {
  theme?: ThemeName;
  locale?: string;
  /** Ringed in the chart: what an alert is about. */
  marked?: Marked | null;
};

/** What stands at the foot of every picture. */
export type Footed = {
  freshness: readonly Freshness[];
  definition: { version: string };
  warnings: readonly string[];
  asOf: string | null;
  at: string;
};

export type Composition = {
  headHeight: number;
  head: (page: Frame) => Text[];
  draw: (frame: Frame) => Drawing;
};

/** A picture: head, chart, first warning, footer. Pure. */
export function composePage(of: Footed, { headHeight, head, draw }: Composition, options: DrawOptions): Spec {
  const theme = themes[options.theme ?? 'light'];
  const { width, height, margin } = canvas;
  const page: Frame = {
    x: margin,
    y: 40,
    width: width - 2 * margin,
    height: height - 40 - 34,
    theme,
    locale: options.locale ?? 'en-US',
    marked: options.marked ?? null,
  };
  const warning = of.warnings[0];
  const bottom = page.y + page.height - footerHeight - (warning === undefined ? 0 : 34);
  const top = page.y + headHeight + 6;
  const chart = draw({ ...page, y: top, height: bottom - top });
  const caution =
    warning === undefined
      ? []
      : [
          text(fitText(`⚠ ${warning}`, 22, page.width), {
            x: page.x,
            y: page.y + page.height - 36,
            color: theme.caution,
          }),
        ];
  return {
    $schema: 'https://vega.github.io/schema/vega/v6.json',
    width,
    height,
    padding: 0,
    autosize: 'none',
    background: theme.background,
    signals: chart.signals ?? [],
    data: [
      ...(chart.data ?? []),
      { name: 'grid', values: chart.grid ?? [] },
      { name: 'over', values: chart.over ?? [] },
      { name: 'texts', values: [...head(page), ...chart.texts, ...caution, ...footer(of, page)] },
    ],
    scales: chart.scales ?? [],
    marks: [ruleMark('grid'), ...(chart.marks ?? []), ruleMark('over'), textMark('texts')],
  };
}
