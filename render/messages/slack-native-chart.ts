import type { Answer } from '../../kpi/answer.ts';
import { bucketName } from '../charts/bucket-name.ts';
import { course } from '../charts/course.ts';
import { shownParts } from '../charts/shown-parts.ts';
import { plainText } from '../plain-text.ts';

type Point = { label: string; value: number };

/**
 * Slack's own chart (docs.slack.dev/reference/block-kit/blocks/data-visualization-block). A private answer cannot
 * carry a file, so this stands in for the picture. Not in @slack/types 3.2.0, hence written out here.
 */
export type NativeChart = {
  type: 'data_visualization';
  title: string;
  chart: {
    type: 'line' | 'bar';
    series: { name: string; data: Point[] }[];
    axis_config: { categories: string[] };
  };
};

// The narrower of the documented and the observed limits.
const limits = { title: 50, name: 20, points: 20 } as const;

/** Labels have 20 characters and must differ. */
function distinct(names: readonly string[]): string[] {
  const seen = new Map<string, number>();
  return names.map((name) => {
    const short = plainText(name, limits.name) || '–';
    const count = (seen.get(short) ?? 0) + 1;
    seen.set(short, count);
    return count === 1 ? short : `${plainText(short, limits.name - 4)} (${count})`;
  });
}

/** The answer as a native chart; null where Slack cannot draw it (gaps, fewer than two points). */
export function nativeChart(answer: Answer, locale = 'en-US'): NativeChart | null {
  const parts = shownParts(answer).filter((part) => part.value !== null);
  const values =
    parts.length > 0 ? parts.map((part) => part.value) : course(answer).values.slice(-limits.points);
  const names =
    parts.length > 0
      ? parts.map((part) => part.name)
      : answer.series.slice(-limits.points).map((point) =>
          Object.values(bucketName(answer, point.at, locale))
            .join(' ')
            .trim(),
        );
  if (values.length < 2 || !values.every((value) => value !== null && Number.isFinite(value))) return null;
  const categories = distinct(names);
  const data = categories.map((label, i) => ({ label, value: values[i]! }));
  return {
    type: 'data_visualization',
    title: plainText(answer.title, limits.title) || 'Chart',
    chart: {
      type: parts.length > 0 ? 'bar' : 'line',
      series: [{ name: plainText(answer.period.label, limits.name) || 'value', data }],
      axis_config: { categories },
    },
  };
}
