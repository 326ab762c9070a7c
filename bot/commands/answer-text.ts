/** Text → Answer under somebody's rights: what every command that shows a number goes through. */
import type { Database } from '../../db/client.ts';
import type { Answer } from '../../kpi/answer.ts';
import { lastYear, previousPeriod, today } from '../../kpi/calendar.ts';
import type { Catalogue } from '../../kpi/catalogue.ts';
import { compute } from '../../kpi/engine.ts';
import { freshen } from '../../kpi/freshen.ts';
import { readDataVersion } from '../../kpi/freshness.ts';
import type { Dimension, Question } from '../../kpi/question.ts';
import type { EngineSettings } from '../../kpi/settings.ts';
import { HeraldError } from '../../platform/errors.ts';
import { type Area, may, type Rights } from '../access/roles.ts';
import { type AnswerCache, answerKey } from '../cache/answer-cache.ts';
import { parseQuestion } from '../language/parse-question.ts';
import { readingOf } from '../language/reading.ts';

export type Answerer = {
  catalogue: Catalogue;
  /** Read a question; throws `ask` with suggestions. */
  parse(text: string): Question;
  /** The same question with another breakdown or comparison, its echo written anew. */
  vary(question: Question, change: { by?: Dimension; compareWith?: 'previous' | 'last_year' }): Question;
  /** Answer it for somebody with these rights; throws `access` when they do not reach. */
  answer(question: Question, rights: Rights): Promise<Answer>;
};

export type AnswererInput = {
  db: Database;
  engine: EngineSettings;
  cache: AnswerCache;
  now: () => Date;
  values?: () => ReadonlyMap<string, Dimension>;
};

export function createAnswerer({ db, engine, cache, now, values }: AnswererInput): Answerer {
  const { catalogue } = engine;
  return {
    catalogue,
    parse: (text) =>
      parseQuestion(text, {
        kpis: catalogue.kpis,
        calendar: engine.calendar,
        now: now(),
        ...(values ? { values: values() } : {}),
      }),
    vary(question, { by, compareWith }) {
      const kpi = catalogue.kpiByName.get(question.kpi);
      if (!kpi) throw new HeraldError('ask', `There is no KPI "${question.kpi}" any more.`);
      const { period } = question;
      const varied: Question = {
        ...question,
        ...(by ? { by, top: null } : {}),
        ...(compareWith
          ? {
              comparison: {
                kind: compareWith,
                period:
                  compareWith === 'previous'
                    ? previousPeriod(period, engine.calendar)
                    : lastYear(period, engine.calendar),
              },
            }
          : {}),
      };
      return { ...varied, reading: readingOf(varied, kpi, question.asOf?.slice(0, 10) ?? null) };
    },
    async answer(question, rights) {
      requireArea(catalogue, question.kpi, rights);
      const version = await readDataVersion(db.sql);
      const key = answerKey(question, version, today(now(), engine.calendar), 'all');
      const known = await cache.through(key, () => compute(db, question, engine, now()));
      // The wording is this asker's, the number is everybody's.
      return freshen(db.sql, { ...known, reading: question.reading, question }, engine, now());
    },
  };
}

/** The area a KPI belongs to. */
export function areaOf(catalogue: Catalogue, kpi: string): Area {
  const definition = catalogue.kpiByName.get(kpi);
  if (!definition) throw new HeraldError('ask', `There is no KPI "${kpi}".`);
  return definition.area;
}

/** Refuse with words that say what is missing and who can give it. */
export function requireArea(catalogue: Catalogue, kpi: string, rights: Rights): void {
  const area = areaOf(catalogue, kpi);
  if (may(rights, `read:${area}`)) return;
  const mine = [...rights.permissions]
    .filter((permission) => permission.startsWith('read:'))
    .map((permission) => permission.slice(5));
  const title = catalogue.kpiByName.get(kpi)?.title ?? kpi;
  throw new HeraldError(
    'access',
    rights.role === 'none'
      ? `You are not known to Herald yet, so it cannot show you ${title}. Ask your administrator to give you a role.`
      : `${title} is a ${area} KPI, and your role (${rights.role}) does not include ${area}. ${mine.length > 0 ? `You can ask about ${mine.join(', ')}.` : ''} Ask your administrator for read:${area}.`.replace(
          '  ',
          ' ',
        ),
    {
      suggestions: catalogue.kpis
        .filter((candidate) => may(rights, `read:${candidate.area}`))
        .slice(0, 3)
        .map((candidate) => candidate.name.replaceAll('_', ' ')),
    },
  );
}
