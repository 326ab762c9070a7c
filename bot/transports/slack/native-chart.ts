/**
 * The chart as Slack's own `data_visualization` block: what a private answer shows where Slack cannot fetch our picture
 * (a file cannot be private). It has no reference line and no number format, so the picture stays the first choice.
 */
import type { Answer } from '../../../kpi/answer.ts';
import { bucketName } from '../../../render/charts/bucket-name.ts';
import { shownParts } from '../../../render/charts/shown-parts.ts';
import { plainText } from '../../../render/plain-text.ts';

/** docs.slack.dev, block "data_visualization"; twenty points at most, and no holes. */
const mostPoints = 20;
const labelLength = 20;
const titleLength = 50;

type Point = { label: string; value: number };
type Series = { name: string; data: Point[] };

export type NativeChart = {
  type: 'data_visualization';
  title: string;
  chart: { type: 'line' | 'bar'; axis_config: { categories: string[]; y_label?: string }; series: Series[] };
};

/** Null when Slack could not show the answer truthfully: a hole would be closed, a longer course cut. */
export function nativeChart(answer: Answer, locale = 'en-US'): NativeChart | null {
  return answer.parts.length > 0 ? bars(answer) : course(answer, locale);
}

function bars(answer: Answer): NativeChart | null {
  const known = shownParts(answer).filter((part) => part.value !== null);
  const data = known.map((part) => ({ label: short(part.name), value: part.value! }));
  return draw(answer, 'bar', [{ name: short(answer.period.label), data }]);
}

function course(answer: Answer, locale: string): NativeChart | null {
  // Buckets before the first record and those that are still to come are no holes.
  const first = answer.series.findIndex(({ value }) => value !== null);
  const last = answer.series.findLastIndex(({ value }) => value !== null);
  const shown = first < 0 ? [] : answer.series.slice(first, last + 1);
  if (shown.some(({ value }) => value === null)) return null;
  const name = (at: string) => {
    const { top, bottom } = bucketName(answer, at, locale);
    return short(answer.seriesGrain === 'day' || answer.seriesGrain === 'week' ? top : `${top} ${bottom}`);
  };
  const series: Series[] = [
    { name: short(answer.title), data: shown.map(({ at, value }) => ({ label: name(at), value: value! })) },
  ];
  const against = answer.comparison?.label;
  if (against && shown.every(({ comparison }) => comparison !== null)) {
    const data = shown.map(({ at, comparison }) => ({ label: name(at), value: comparison! }));
    series.push({ name: short(against), data });
  }
  return draw(answer, 'line', series);
}

function draw(answer: Answer, type: 'line' | 'bar', series: Series[]): NativeChart | null {
  const categories = series[0]?.data.map(({ label }) => label) ?? [];
  const unique =
    new Set(categories).size === categories.length &&
    new Set(series.map(({ name }) => name)).size === series.length;
  if (categories.length < 2 || categories.length > mostPoints || !unique || categories.includes(''))
    return null;
  return {
    type: 'data_visualization',
    title: inert(`${answer.title}, ${answer.period.label}`, titleLength),
    chart: { type, axis_config: { categories, y_label: unitName(answer) }, series },
  };
}

/** Whether Slack obeys `<!channel>` in a chart is not documented; without its brackets there is nothing to obey. */
const inert = (text: string, most: number): string =>
  plainText(text, most).replaceAll('<', '‹').replaceAll('>', '›');

const short = (text: string): string => inert(text, labelLength);

/** Slack formats no numbers: the axis says what they are. */
function unitName({ unit, currency }: Answer): string {
  if (unit === 'percent') return '%';
  if (unit === 'money') return currency ?? 'money';
  return unit === 'money_per_day' ? `${currency ?? 'money'} per day` : unit;
}
