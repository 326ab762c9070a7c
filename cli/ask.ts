/** `herald ask "churn last quarter" [--as role] [--format …] [--out FILE] [--now ISO]`: a question from the shell. */
import { randomUUID } from 'node:crypto';
import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { createAudit } from '../bot/access/audit.ts';
import { rightsOf } from '../bot/access/roles.ts';
import { createAnswerCache } from '../bot/cache/answer-cache.ts';
import { createAnswerer, requireArea } from '../bot/commands/answer-text.ts';
import { askedTable, isTableRequest, type TableRequest } from '../bot/commands/asked-table.ts';
import type { Role } from '../bot/commands/command.ts';
import { recogniseNote } from '../bot/commands/recognise-note.ts';
import type { Config } from '../config.ts';
import type { Answer } from '../kpi/answer.ts';
import type { Question } from '../kpi/question.ts';
import { readDimensionValues } from '../kpi/read/dimension-values.ts';
import type { TableAnswer } from '../kpi/table.ts';
import { exitCodes, HeraldError, toHeraldError, toProblem } from '../platform/errors.ts';
import { calendarOf } from './calendar-of.ts';
import { catalogueOf } from './catalogue-of.ts';
import { firstSync } from './first-sync.ts';
import { asHeraldError, type House, openHouse } from './house.ts';
import { readNow } from './options.ts';
import type { Tools, Verb } from './verb.ts';

export const formats = ['text', 'json', 'png', 'svg', 'csv', 'xlsx', 'pdf', 'pptx'] as const;
export type Format = (typeof formats)[number];

const roles: readonly Role[] = ['executive', 'manager', 'analyst', 'viewer'];

export const ask: Verb = async (tools) => {
  const { values, positionals } = parseArgs({
    args: [...tools.args],
    options: {
      as: { type: 'string' },
      format: { type: 'string', default: 'text' },
      out: { type: 'string' },
      now: { type: 'string' },
    },
    allowPositionals: true,
  });
  const format = values.format as Format;
  try {
    if (!formats.includes(format))
      throw new HeraldError('ask', `--format takes ${formats.join(', ')}; not "${values.format}".`);
    const config = tools.config();
    const grant =
      values.as === undefined ? config.access.terminal : { role: values.as as Role, areas: undefined };
    if (!roles.includes(grant.role))
      throw new HeraldError('ask', `--as takes ${roles.join(', ')}; not "${values.as}".`);
    const now = readNow(values.now, tools.now);
    const text = positionals.join(' ');
    const rights = rightsOf(grant);
    const { createParser } = await import('./parser.ts');
    const parse = createParser(config, now);
    // Understood and permitted first: neither needs the database, unless a word is a value that only it knows.
    const catalogue = catalogueOf(config);
    const read = (values?: Parameters<typeof parse>[1]) =>
      askedTable(text, { catalogue, parse: (words) => parse(words, values) }) ?? parse(text, values);
    const note = recogniseNote(text, { catalogue, parse }, calendarOf(config));
    if (note) {
      if (!hasData(config)) note.request();
      const house = await openHouse(config, () => now, tools.terminal.say, { max: 2, name: 'herald-ask' });
      try {
        const { askNote } = await import('./ask-note.ts');
        return await askNote(
          {
            text,
            role: grant.role,
            rights,
            now,
            format,
            show: (table) => show(table, format, values.out, house, tools),
          },
          house,
          tools,
        );
      } finally {
        await house.close();
      }
    }
    const first = attempt(() => read());
    if (first.kind === 'read') requireArea(catalogue, first.question.kpi, rights);
    else if (!hasData(config)) throw first.error;
    const house = await openHouse(config, () => now, tools.terminal.say, { max: 2, name: 'herald-ask' });
    try {
      const vocabulary = await readDimensionValues(house.db.sql);
      const early = first.kind === 'read' ? first.question : read(vocabulary);
      requireArea(catalogue, early.kpi, rights);
      await firstSync({ ...house, now: tools.now }, early.kpi, needsPlaces(early), tools);
      const answerer = createAnswerer({
        db: house.db,
        engine: house.engine,
        cache: createAnswerCache(null, tools.log()),
        now: () => now,
      });
      const answered = isTableRequest(early)
        ? await (await import('./ask-table.ts')).readTable(early, {
            house,
            answerer,
            rights,
            now,
            whole: format !== 'text',
          })
        : await answerer.answer(early, rights);
      await createAudit(house.db)({
        person: { platform: 'terminal', id: 'terminal', name: 'terminal' },
        role: grant.role,
        place: { platform: 'terminal', channel: 'terminal', kind: 'dm' },
        action: `ask ${format}`,
        kpi: early.kpi,
        text,
        outcome: 'answered',
        dataVersion: answered.dataVersion,
        trace: randomUUID(),
      });
      await show(answered, format, values.out, house, tools);
      return 0;
    } finally {
      await house.close();
    }
  } catch (thrown) {
    return explain(asHeraldError(thrown), format, tools);
  }
};

type Attempt = { kind: 'read'; question: Question | TableRequest } | { kind: 'not_read'; error: unknown };

function attempt(parse: () => Question | TableRequest): Attempt {
  try {
    return { kind: 'read', question: parse() };
  } catch (error) {
    return { kind: 'not_read', error };
  }
}

/** Regions and segments of customers are another system's word than what is counted. */
function needsPlaces(asked: Question | TableRequest): boolean {
  const question = isTableRequest(asked) && asked.kind === 'records' ? asked.question : asked;
  return ('by' in question && question.by !== null) || ('filters' in question && question.filters.length > 0);
}

/** Whether there is a database whose names of owners, products and the like could help to understand. */
const hasData = (config: Config) =>
  config.databaseUrl !== null || existsSync(path.join(config.folder, 'postgres.log'));

async function explain(thrown: unknown, format: Format, tools: Tools): Promise<number> {
  // The operator's faults keep their lines, one a fault: the composition root says them.
  if (!(thrown instanceof HeraldError) || (thrown.kind === 'setup' && format !== 'json')) throw thrown;
  const error = toHeraldError(thrown);
  if (format === 'json') tools.terminal.out(`${JSON.stringify({ problem: toProblem(error) }, null, 2)}\n`);
  else {
    const { terminalProblem } = await import('../render/messages/terminal.ts');
    tools.terminal.say(terminalProblem(toProblem(error), { color: tools.terminal.color }));
  }
  return exitCodes[error.kind];
}

async function show(
  answer: Answer | TableAnswer,
  format: Format,
  out: string | undefined,
  house: House,
  tools: Tools,
): Promise<void> {
  if (format === 'text') {
    const pictured = out ? await writeOut(await renderFile(answer, 'png', house, tools), out) : null;
    const options = { color: tools.terminal.color, picturePath: pictured };
    tools.terminal.out(
      'kind' in answer
        ? (await import('../render/messages/terminal-table.ts')).terminalTable(answer, options)
        : (await import('../render/messages/terminal.ts')).terminalAnswer(answer, options),
    );
    return;
  }
  const bytes = await renderFile(answer, format, house, tools);
  if (out) tools.terminal.say(await writeOut(bytes, out));
  else if (format === 'json' || format === 'csv' || format === 'svg' || !process.stdout.isTTY)
    tools.terminal.out(bytes);
  else tools.terminal.say(await writeOut(bytes, `${'kind' in answer ? answer.kind : answer.kpi}.${format}`));
}

async function writeOut(bytes: string | Uint8Array, out: string): Promise<string> {
  const file = path.resolve(out);
  try {
    writeFileSync(file, bytes);
  } catch (cause) {
    throw new HeraldError('setup', `Cannot write ${file}: ${(cause as Error).message}`, { cause });
  }
  return file;
}

async function renderFile(
  answer: Answer | TableAnswer,
  format: Exclude<Format, 'text'>,
  house: House,
  tools: Tools,
): Promise<string | Uint8Array> {
  if ('kind' in answer) return (await import('./ask-table.ts')).tableFile(answer, format, house, tools);
  const { renderAnswer } = await import('./render-answer.ts');
  return renderAnswer(answer, format, {
    cacheFolder: path.join(house.config.folder, 'render'),
    log: tools.log(),
  });
}
