import { parseQuestion } from '../bot/language/parse-question.ts';
import type { Config } from '../config.ts';
import type { Catalogue } from '../kpi/catalogue.ts';
import type { Dimension, Question } from '../kpi/question.ts';
import { calendarOf } from './calendar-of.ts';
import { catalogueOf } from './catalogue-of.ts';

/** Text → Question with the company's calendar at one instant. */
export function createParser(
  config: Config,
  now: Date,
  { kpis }: Pick<Catalogue, 'kpis'> = catalogueOf(config),
): (text: string, values?: ReadonlyMap<string, Dimension>) => Question {
  const calendar = calendarOf(config);
  return (text, values) => parseQuestion(text, { kpis, calendar, now, ...(values ? { values } : {}) });
}
