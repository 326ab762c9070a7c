/** A question whose answer is a note, asked in the terminal: read as the desk reads it. */
import { randomUUID } from 'node:crypto';
import { createAudit } from '../bot/access/audit.ts';
import type { Rights } from '../bot/access/roles.ts';
import { createAnswerCache } from '../bot/cache/answer-cache.ts';
import { createAnswerer, requireArea } from '../bot/commands/answer-text.ts';
import type { Role } from '../bot/commands/command.ts';
import { createNoteReader } from '../bot/commands/notes.ts';
import { kpisOf } from '../bot/commands/recognise-note.ts';
import { readDimensionValues } from '../kpi/read/dimension-values.ts';
import type { TableAnswer } from '../kpi/table.ts';
import { HeraldError } from '../platform/errors.ts';
import { terminalNote } from '../render/messages/terminal.ts';
import type { Format } from './ask.ts';
import { firstSync } from './first-sync.ts';
import type { House } from './house.ts';
import type { Tools } from './verb.ts';

export type NoteAsked = {
  text: string;
  role: Role;
  rights: Rights;
  now: Date;
  format: Format;
  /** Writes a table in the format asked for. */
  show: (table: TableAnswer) => Promise<void>;
};

/** Throws `ask` for formats that a note does not have, and for what is not understood. */
export async function askNote(
  { text, role, rights, now, format, show }: NoteAsked,
  house: House,
  tools: Tools,
): Promise<number> {
  const values = await readDimensionValues(house.db.sql);
  const answerer = createAnswerer({
    db: house.db,
    engine: house.engine,
    cache: createAnswerCache(null, tools.log()),
    now: () => now,
    values: () => values,
  });
  const notes = createNoteReader({ db: house.db, engine: house.engine, answerer, now: () => now });
  const asked = notes.recognise(text);
  if (!asked) throw new HeraldError('ask', 'That is no question for a note.');
  const request = asked.request();
  for (const kpi of kpisOf(request)) {
    requireArea(answerer.catalogue, kpi, rights);
    await firstSync({ ...house, now: tools.now }, kpi, true, tools);
  }
  // In a terminal nobody else reads along.
  const { reply, table, kpi, dataVersion } = await notes.read(request, rights, rights);
  const words = format === 'text' || format === 'json';
  if (!words && !table)
    throw new HeraldError('ask', `This answer is words, not ${format}. --format takes text or json.`);
  await createAudit(house.db)({
    person: { platform: 'terminal', id: 'terminal', name: 'terminal' },
    role,
    place: { platform: 'terminal', channel: 'terminal', kind: 'dm' },
    action: asked.action,
    kpi,
    text,
    outcome: 'answered',
    dataVersion,
    trace: randomUUID(),
  });
  const { title, lines } = reply;
  if (!words && table) {
    await show(table);
    return 0;
  }
  tools.terminal.out(
    format === 'json'
      ? `${JSON.stringify({ note: { title, lines }, dataVersion }, null, 2)}\n`
      : `${terminalNote({ title, lines }, { color: tools.terminal.color }).trimEnd()}\n`,
  );
  return 0;
}
