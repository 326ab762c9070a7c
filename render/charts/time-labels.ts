import type { Answer } from '../../kpi/answer.ts';
import { bucketName, type Named } from './bucket-name.ts';
import { textSizes } from './frame.ts';
import { textWidth } from './text-width.ts';

/** A label under the time axis: "Nov", and below it the year where that changes. */
export type TimeLabel = { index: number; top: string; bottom: string };

const strides: Record<Answer['seriesGrain'], readonly number[]> = {
  day: [1, 2, 7, 14, 28, 56],
  week: [1, 2, 4, 8, 13, 26],
  month: [1, 2, 3, 6, 12, 24],
  quarter: [1, 2, 4, 8],
  year: [1, 2, 5, 10],
};

const gap = 18;

/**
 * The labels that fit, measured with the real font: the smallest regular stride at which none touches its
 * neighbour. Whole periods count back from the asked one, days count from the first.
 */
export function timeLabels(
  answer: Named & Pick<Answer, 'series' | 'seriesKind'>,
  position: (index: number) => number,
  locale: string,
  room: [number, number],
): TimeLabel[] {
  const names = answer.series.map((point) => bucketName(answer, point.at, locale));
  const anchor = answer.seriesKind === 'trailing' ? names.length - 1 : 0;
  const years = new Set(names.map((name) => name.bottom));
  const showYears = answer.seriesGrain !== 'day' || years.size > 1;
  const width = (index: number) =>
    Math.max(...[names[index]!.top, names[index]!.bottom].map((t) => textWidth(t, textSizes.small)));
  for (const stride of strides[answer.seriesGrain]) {
    const shown = names.map((_, i) => i).filter((i) => (i - anchor) % stride === 0);
    const inside = shown.filter(
      (i) => position(i) - width(i) / 2 >= room[0] && position(i) + width(i) / 2 <= room[1],
    );
    const clear = inside.every((i, k) => {
      const before = inside[k - 1];
      return (
        before === undefined || position(i) - width(i) / 2 - (position(before) + width(before) / 2) >= gap
      );
    });
    if (!clear) continue;
    return inside.map((index, k) => {
      const name = names[index]!;
      const before = inside[k - 1];
      const changed = before === undefined || names[before]!.bottom !== name.bottom;
      const running =
        answer.series[index]?.complete === false && answer.seriesGrain !== 'day' ? 'so far' : '';
      return { index, top: name.top, bottom: showYears && changed ? name.bottom : running };
    });
  }
  return names.length === 0
    ? []
    : [{ index: anchor, top: names[anchor]!.top, bottom: names[anchor]!.bottom }];
}
