/** Questions that a number does not answer: why it moved, what it moves with, what was restated. Recognised before the ordinary question. */
import type { Database } from '../../db/client.ts';
import { dayIn, dayLabel } from '../../kpi/calendar.ts';
import { relateKpis } from '../../kpi/relation/relate-kpis.ts';
import { relateRetention } from '../../kpi/relation/relate-retention.ts';
import { lagTable, retentionTable } from '../../kpi/relation/relation-table.ts';
import { restate } from '../../kpi/restate/restate.ts';
import type { EngineSettings } from '../../kpi/settings.ts';
import type { TableAnswer } from '../../kpi/table.ts';
import { explainMove } from '../../kpi/why/explain.ts';
import { HeraldError } from '../../platform/errors.ts';
import { may, type Rights } from '../access/roles.ts';
import { type Answerer, areaOf, requireArea } from './answer-text.ts';
import type { Note } from './command.ts';
import { kpisOf, type NoteRequest, type RecognisedNote, recogniseNote } from './recognise-note.ts';
import { lagNote, retentionNote } from './relation-note.ts';
import { restateNote } from './restate-note.ts';
import { why } from './why.ts';

export type Noted = {
  reply: Note;
  /** The same as a table, where it has one: what can be drawn and put in a file. */
  table: TableAnswer | null;
  kpi: string;
  dataVersion: number;
};

export type NoteReader = {
  /** Null when the text asks for something else. Never throws: `request` does, with suggestions. */
  recognise(text: string): RecognisedNote | null;
  /** Throws `access` where the asker's rights do not reach; what the audience may not see is for the asker alone. */
  read(request: NoteRequest, rights: Rights, audience: Rights): Promise<Noted>;
};

export type NoteReaderInput = { db: Database; engine: EngineSettings; answerer: Answerer; now: () => Date };

export function createNoteReader({ db, engine, answerer, now }: NoteReaderInput): NoteReader {
  const { catalogue } = answerer;

  async function readNote(
    request: NoteRequest,
    rights: Rights,
  ): Promise<{ note: Note; table?: TableAnswer; dataVersion: number }> {
    if (request.action === 'why')
      return why({
        question: request.question,
        rights,
        answerer,
        explain: (answer) => explainMove(db, answer, engine, now()),
      });
    // One snapshot: all that is set side by side is of the same state.
    return db.inTransaction(
      async (sql) => {
        if (request.action === 'restate') {
          const { question, since } = request.restated;
          const from = since.kind === 'instant' ? since : await lastDigest(sql, now(), engine);
          const kpi = catalogue.kpiByName.get(question.kpi)!;
          const { period, filters } = question;
          const found = await restate(
            sql,
            { kpi, period, filters, from: from.at, to: now(), most: 0 },
            engine,
          );
          return {
            note: restateNote({ found, kpi, question, since: from.label, money: engine }),
            dataVersion: found.to.dataVersion,
          };
        }
        const { relation } = request;
        if (relation.kind === 'lag') {
          const found = await relateKpis(sql, relation, engine, now());
          const table = await lagTable(sql, found, engine, now());
          return { note: lagNote(found, engine.currency), table, dataVersion: found.dataVersion };
        }
        const found = await relateRetention(sql, relation, engine);
        const kpis = kpisOf(request).flatMap((name) => catalogue.kpiByName.get(name) ?? []);
        const table = await retentionTable(sql, found, kpis, engine, now());
        return { note: retentionNote(found), table, dataVersion: found.dataVersion };
      },
      { isolation: 'repeatable read' },
    );
  }

  return {
    recognise: (text) => recogniseNote(text, answerer, engine.calendar),
    async read(request, rights, audience) {
      const kpis = kpisOf(request);
      for (const kpi of kpis) requireArea(catalogue, kpi, rights);
      const { note, table = null, dataVersion } = await readNote(request, rights);
      const hidden = [...new Set(kpis.map((kpi) => areaOf(catalogue, kpi)))].filter(
        (area) => !may(audience, `read:${area}`),
      );
      const reply: Note =
        hidden.length === 0
          ? note
          : {
              ...note,
              visibility: 'asker',
              lines: [
                ...note.lines,
                `Only you can see this: the others here may not see ${hidden.join(' and ')} KPIs.`,
              ],
            };
      return { reply, table, kpi: kpis.join(' '), dataVersion };
    },
  };
}

type Sql = Parameters<typeof restate>[0];

/** When the latest digest was written, and the day as people call it. */
async function lastDigest(
  sql: Sql,
  now: Date,
  { calendar }: EngineSettings,
): Promise<{ at: Date; label: string }> {
  const [row] = await sql<{ at: Date | null }[]>`
    select max(created_at) as at from outbox where kind = 'digest' and state = 'sent' and created_at < ${now}`;
  if (row?.at) return { at: row.at, label: `the digest of ${dayLabel(dayIn(row.at, calendar.timeZone))}` };
  throw new HeraldError('ask', 'No digest has been sent yet. Name a day instead.', {
    suggestions: ['what changed in churn since Monday'],
  });
}
