import { parseQuestion } from '../bot/language/parse-question.ts';
import type { Config } from '../config.ts';
import { kpis } from '../kpi/definitions/index.ts';
import type { Dimension, Question } from '../kpi/question.ts';

/** Text → Question with the company's calendar at one instant. */
export function createParser(
  { company }: Config,
  now: Date,
): (text: string, values?: ReadonlyMap<string, Dimension>) => Question {
  const calendar = {
    timeZone: company.timeZone,
    weekStart: company.weekStart,
    fiscalYearStart: company.fiscalYearStart,
  };
  return (text, values) => parseQuestion(text, { kpis, calendar, now, ...(values ? { values } : {}) });
}
