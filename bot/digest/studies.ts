import type { Database } from '../../db/client.ts';
import type { Answer } from '../../kpi/answer.ts';
import type { Question } from '../../kpi/question.ts';
import { restate } from '../../kpi/restate/restate.ts';
import type { EngineSettings } from '../../kpi/settings.ts';
import { explainMove } from '../../kpi/why/explain.ts';
import type { Why } from '../../kpi/why/why.ts';
import { HeraldError } from '../../platform/errors.ts';
import { partLine } from '../commands/restate-note.ts';

/** What a digest says about a number besides the number, in the words of chat. */
export type Studies = {
  /** Throws `ask` where no share of the change belongs to a part. */
  explain(answer: Answer): Promise<Why>;
  /** What changed a number between two instants, a line for each sum behind it; empty where that is not kept. */
  restated(question: Question, from: Date, to: Date): Promise<readonly string[]>;
};

export function createStudies(db: Database, engine: EngineSettings, now: Date): Studies {
  return {
    explain: (answer) => explainMove(db, answer, engine, now),
    async restated({ kpi: name, period, filters }, from, to) {
      const kpi = engine.catalogue.kpiByName.get(name);
      if (!kpi) return [];
      try {
        const { parts } = await db.inTransaction(
          (sql) => restate(sql, { kpi, period, filters, from, to, most: 0 }, engine),
          { isolation: 'repeatable read' },
        );
        return parts.filter(({ classes }) => classes.length > 0).map((part) => partLine(part, engine));
      } catch (thrown) {
        if (thrown instanceof HeraldError && thrown.kind === 'ask') return [];
        throw thrown;
      }
    },
  };
}
