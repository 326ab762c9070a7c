import { type CalendarSettings, offset } from '../calendar.ts';
import type { Period } from '../question.ts';

/** A period as it will be when it is over. */
export type Whole = Pick<Period, 'from' | 'to' | 'unit' | 'count' | 'kind'>;

export function wholeOf(period: Period, settings: CalendarSettings): Whole {
  return { ...period, to: offset(period.from, period.unit, period.count, settings, period.kind) };
}
