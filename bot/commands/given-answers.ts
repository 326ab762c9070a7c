/** Answers given in chat, kept so that their buttons know what they refer to. */
import type { Database } from '../../db/client.ts';
import type { Question } from '../../kpi/question.ts';
import type { TableRequest } from './asked-table.ts';

/** What was asked: a number, or a table. */
export type Given = Question | TableRequest;

/** Buttons of older messages ask to be asked again. */
const KEEP_DAYS = 90;

export function createGivenAnswers(db: Database) {
  return {
    async save(id: string, question: Given, asker: string): Promise<void> {
      await db.sql`insert into given_answer (id, question, asker) values (${id}, ${JSON.stringify(question)}::text::jsonb, ${asker})`;
    },
    async load(id: string): Promise<Given | null> {
      const [row] = await db.sql<{ question: Given }[]>`
        select question from given_answer where id = ${id} and at > clock_timestamp() - make_interval(days => ${KEEP_DAYS})`;
      return row?.question ?? null;
    },
    async forgetOld(): Promise<void> {
      await db.sql`delete from given_answer where at < clock_timestamp() - make_interval(days => ${KEEP_DAYS})`;
    },
  };
}
