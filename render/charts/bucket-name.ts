import type { Answer } from '../../kpi/answer.ts';
import type { Day } from '../../kpi/question.ts';

/** What the names of buckets follow. */
export type Named = Pick<Answer, 'seriesGrain'> & {
  period: Pick<Answer['period'], 'label' | 'unit' | 'from'>;
};

function utc(day: Day): number {
  return Date.parse(`${day}T00:00:00Z`);
}

function quarterName(answer: Named, day: Day): { top: string; bottom: string } | null {
  const month = Number(day.slice(5, 7));
  const index = Number(day.slice(0, 4)) * 4 + Math.floor((month - 1) / 3);
  // A fiscal year may start anywhere: the asked period's own label says what its quarter is called.
  const own = /^Q([1-4])\s+(\D*)(\d{2,4})$/.exec(answer.period.label);
  if (own === null || answer.period.unit !== 'quarter') {
    return (month - 1) % 3 === 0
      ? { top: `Q${(index % 4) + 1}`, bottom: String(Math.floor(index / 4)) }
      : null;
  }
  const ownMonth = Number(answer.period.from.slice(5, 7));
  const ownIndex = Number(answer.period.from.slice(0, 4)) * 4 + Math.floor((ownMonth - 1) / 3);
  const named = Number(own[3]) * 4 + Number(own[1]) - 1 + index - ownIndex;
  return { top: `Q${(named % 4) + 1}`, bottom: `${own[2]}${Math.floor(named / 4)}` };
}

/** What a bucket is called. */
export function bucketName(answer: Named, day: Day, locale: string): { top: string; bottom: string } {
  const format = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(locale, { timeZone: 'UTC', ...options }).format(utc(day));
  const year = day.slice(0, 4);
  switch (answer.seriesGrain) {
    case 'day':
    case 'week': {
      // "2 Nov" in every locale: short and in one order, like the labels of periods.
      const number = String(Number(day.slice(8, 10)));
      return { top: `${number} ${format({ month: 'short' })}`, bottom: year };
    }
    case 'month':
      return { top: format({ month: 'short' }), bottom: year };
    case 'quarter':
      return quarterName(answer, day) ?? { top: format({ month: 'short' }), bottom: year };
    case 'year':
      return { top: year, bottom: '' };
    default:
      return answer.seriesGrain satisfies never;
  }
}
