import { PeriodProblem } from './atom.ts';
import { twoDigits } from './year.ts';

/** "Oct-24", "oct24", "in Oct 24": asked back, with both readings. */
export function dayOrYear(month: string, digits: string): PeriodProblem {
  return new PeriodProblem(`${month} ${digits}: the day or the year?`, [
    `${Number(digits)} ${month}`,
    `${month} ${twoDigits(digits)}`,
  ]);
}
