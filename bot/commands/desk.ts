/**
 * The one door of every transport. Rights of the asker *and* of the audience are read for each reply; every request
 * leaves one audit row; nothing is thrown.
 */
import type { Answer } from '../../kpi/answer.ts';
import type { Catalogue } from '../../kpi/catalogue.ts';
import type { Question } from '../../kpi/question.ts';
import type { TableAnswer } from '../../kpi/table.ts';
import { HeraldError, toHeraldError } from '../../platform/errors.ts';
import type { Log } from '../../platform/log.ts';
import type { Audit } from '../access/audit.ts';
import type { Directory } from '../access/directory.ts';
import { may, type Rights } from '../access/roles.ts';
import type { Heed } from '../alert/heed.ts';
import { type Answerer, areaOf, requireArea } from './answer-text.ts';
import { isTableRequest, type TableRequest } from './asked-table.ts';
import type { Action, Desk, Document, Incoming, Person, Picture, Place, Press, Reply } from './command.ts';
import { define } from './define.ts';
import { recordsOf } from './drill.ts';
import type { Given } from './given-answers.ts';
import { help } from './help.ts';
import type { NoteReader } from './notes.ts';
import type { NoteRequest } from './recognise-note.ts';
import { mostRecords, nextTables, type TableReader } from './tables.ts';

export type DeskInput = {
  answerer: Answerer;
  directory: Directory;
  audit: Audit;
  /** Draws the picture; a failure is logged and the text goes out without it. */
  draw: (answer: Answer | TableAnswer, maxWidth: number) => Promise<Picture>;
  notes: NoteReader;
  /** What is done with the buttons of an alert; left out where none are sent. */
  heed?: Heed;
  exporters: Readonly<Record<string, (answer: Answer) => Promise<Document>>>;
  tables: TableReader;
  tableExporters: Readonly<Record<string, (table: TableAnswer) => Promise<Document>>>;
  /** Answers given, so that buttons know what they refer to. */
  given: {
    save(id: string, question: Given, asker: string): Promise<void>;
    load(id: string): Promise<Given | null>;
  };
  newId: () => string;
  log: Log;
};

type Asked = { person: Person; place: Place; requestId: string };

export function createDesk(input: DeskInput): Desk {
  const { answerer, directory, audit, log } = input;
  const { catalogue } = answerer;

  /** Run one request: what it throws becomes a problem, what happened becomes an audit row. */
  async function handle(
    asked: Asked,
    action: string,
    text: string,
    work: (rights: Rights) => Promise<{ reply: Reply; kpi?: string | null; dataVersion?: number | null }>,
  ): Promise<Reply> {
    const rights = directory.person(asked.person);
    let kpi: string | null = null;
    let dataVersion: number | null = null;
    let outcome: 'answered' | 'refused' | 'not_understood' | 'failed' = 'answered';
    let reply: Reply;
    try {
      const done = await work(rights);
      reply = done.reply;
      kpi = done.kpi ?? null;
      dataVersion = done.dataVersion ?? null;
      if (reply.kind === 'problem') outcome = reply.problem.kind === 'access' ? 'refused' : 'not_understood';
    } catch (thrown) {
      const error = toHeraldError(thrown);
      outcome = error.kind === 'access' ? 'refused' : error.kind === 'ask' ? 'not_understood' : 'failed';
      if (outcome === 'failed')
        log.error(
          { err: error.note ?? error.message, cause: String(error.cause ?? ''), request: asked.requestId },
          'desk: a request failed',
        );
      reply = problem(error);
    }
    try {
      await audit({
        person: asked.person,
        role: rights.role,
        place: asked.place,
        action,
        kpi,
        text,
        outcome,
        dataVersion,
        trace: asked.requestId,
      });
    } catch (thrown) {
      log.error({ err: (thrown as Error).message }, 'desk: the audit trail could not be written');
      // A number that leaves no trace does not leave the house.
      if (dataVersion !== null && reply.kind !== 'problem')
        reply = problem(
          new HeraldError(
            'upstream',
            'The database does not take the audit entry, so the answer is withheld. Try again in a minute.',
            { cause: thrown },
          ),
        );
    }
    return reply;
  }

  async function show(
    question: Question,
    asked: Asked,
    rights: Rights,
    maxWidth: number,
    visibility?: 'place',
  ) {
    const answer = await answerer.answer(question, rights);
    const open = mayAll(asked, question.kpi);
    if (visibility === 'place' && !open) throw notHere(answer);
    const { answerId, picture } = await given(question, answer, asked, maxWidth);
    const reply: Reply = {
      kind: 'answer',
      answerId,
      answer,
      picture,
      visibility: open ? 'place' : 'asker',
      visibilityNote: open ? null : onlyYou(answer),
      actions: actionsFor(catalogue, answer, {
        share: open && asked.place.kind === 'channel',
        export: may(rights, 'export'),
      }),
    };
    return { reply, kpi: question.kpi, dataVersion: answer.dataVersion };
  }

  async function showTable(
    request: TableRequest,
    asked: Asked,
    rights: Rights,
    maxWidth: number,
    visibility?: 'place',
  ) {
    const table = await input.tables.read(request, rights, mostRecords.shown);
    const open = mayAll(asked, request.kpi);
    if (visibility === 'place' && !open) throw notHere(table);
    const { answerId, picture } = await given(request, table, asked, maxWidth);
    const reply: Reply = {
      kind: 'table',
      answerId,
      table,
      picture,
      visibility: open ? 'place' : 'asker',
      visibilityNote: open ? null : onlyYou(table),
      actions: [
        ...nextTables(request, input.tables),
        ...(open && asked.place.kind === 'channel' ? [{ verb: 'share', label: 'Share' } as const] : []),
        ...(may(rights, 'export') ? [{ verb: 'export', label: 'Excel', value: 'xlsx' } as const] : []),
      ],
    };
    return { reply, kpi: request.kpi, dataVersion: table.dataVersion };
  }

  /** Whether everybody in the place may see a KPI's figures. */
  const mayAll = ({ place, person }: Asked, kpi: string) =>
    may(directory.audience(place, person), `read:${areaOf(catalogue, kpi)}`);

  /** What the buttons will refer to, and the picture; without one the words go out alone. */
  async function given(asked: Given, answered: Answer | TableAnswer, { person }: Asked, maxWidth: number) {
    const answerId = input.newId();
    await input.given.save(answerId, asked, person.id);
    // A list of records has no shape to draw.
    const drawable = !('kind' in answered && answered.kind === 'records');
    return { answerId, picture: drawable ? await pictureOf(answered, maxWidth) : null };
  }

  async function pictureOf(answered: Answer | TableAnswer, maxWidth: number): Promise<Picture | null> {
    try {
      return await input.draw(answered, maxWidth);
    } catch (thrown) {
      log.error({ err: (thrown as Error).message }, 'desk: the picture could not be drawn');
      return null;
    }
  }

  /** A file of an answer or a table, for whoever may export. */
  async function exported(asked: Given, format: string, rights: Rights) {
    if (!may(rights, 'export'))
      throw new HeraldError('access', `Your role (${rights.role}) may not export. Ask your administrator.`);
    const made = isTableRequest(asked)
      ? await fileOf(input.tableExporters, format, () =>
          input.tables.read(asked, rights, mostRecords.exported),
        )
      : await fileOf(input.exporters, format, () => answerer.answer(asked, rights));
    const { sentence, reading, dataVersion } = made.of;
    const reply: Reply = {
      kind: 'document',
      document: made.document,
      text: `${sentence} ${reading}`,
      visibility: 'asker',
    };
    return { reply, kpi: asked.kpi, dataVersion };
  }

  /** In words; one that has a picture as its table, with the buttons of the words. */
  async function noted(request: NoteRequest, asked: Asked, rights: Rights, maxWidth: number) {
    const { person, place } = asked;
    const {
      reply: note,
      table,
      ...rest
    } = await input.notes.read(request, rights, directory.audience(place, person));
    const picture = table && table.rows.length > 0 ? await pictureOf(table, maxWidth) : null;
    if (!table || !picture) return { reply: note, ...rest };
    const reply: Reply = {
      kind: 'table',
      answerId: input.newId(),
      table,
      picture,
      visibility: note.visibility ?? 'place',
      visibilityNote: note.visibility === 'asker' ? (note.lines.at(-1) ?? null) : null,
      actions: note.actions,
    };
    return { reply, ...rest };
  }

  /** A table or a note where one is asked for, else a number. */
  async function asks(text: string, asked: Asked, rights: Rights, maxWidth: number) {
    const request = input.tables.parse(text);
    if (request) return showTable(request, asked, rights, maxWidth);
    const note = input.notes.recognise(text);
    return note
      ? noted(note.request(), asked, rights, maxWidth)
      : show(answerer.parse(text), asked, rights, maxWidth);
  }

  const width = (options?: { maxPictureWidth?: number }) => options?.maxPictureWidth ?? 1800;

  return {
    ask(incoming: Incoming, options) {
      const text = incoming.text.trim();
      const defined = /^(?:define|definition(?: of)?|what is)\s+(.+?)\??$/i.exec(text);
      if (text === '' || /^(?:help|\?|hi|hello)$/i.test(text))
        return handle(incoming, 'help', text, async (rights) => ({ reply: help(catalogue, rights) }));
      if (/^def/i.test(text) && defined) {
        return handle(incoming, 'define', text, async (rights) => {
          const { kpi } = answerer.parse(defined[1]!);
          requireArea(catalogue, kpi, rights);
          return { reply: define(catalogue.kpiByName.get(kpi)!), kpi };
        });
      }
      const note = input.notes.recognise(text);
      if (note)
        return handle(incoming, note.action, text, (rights) =>
          noted(note.request(), incoming, rights, width(options)),
        );
      return handle(incoming, 'ask', text, (rights) => asks(text, incoming, rights, width(options)));
    },

    press(press: Press, options) {
      return handle(press, press.verb, `${press.answerId} ${press.value ?? ''}`, async (rights) => {
        if (press.verb === 'alert') {
          if (!input.heed) throw new HeraldError('ask', 'No alerts are sent from here.');
          const { answerId, value = '', person } = press;
          return input.heed({ answerId, act: value, person, rights });
        }
        if (press.verb === 'ask') return asks(press.value ?? '', press, rights, width(options));
        const question = await input.given.load(press.answerId);
        if (!question)
          throw new HeraldError('ask', 'That answer is too old for its buttons. Ask the question again.');
        if (press.verb === 'export') return exported(question, press.value ?? 'xlsx', rights);
        if (isTableRequest(question)) {
          if (press.verb === 'share') return showTable(question, press, rights, width(options), 'place');
          throw new HeraldError('ask', 'A table has no such button. Ask for it in words.');
        }
        switch (press.verb) {
          case 'by': {
            const dimension = catalogue.kpiByName
              .get(question.kpi)
              ?.dimensions.find((name) => name === press.value);
            if (!dimension) throw new HeraldError('ask', `It cannot be split by ${press.value ?? 'that'}.`);
            return show(answerer.vary(question, { by: dimension }), press, rights, width(options));
          }
          case 'compare':
            return show(
              answerer.vary(question, {
                compareWith: question.comparison?.kind === 'last_year' ? 'previous' : 'last_year',
              }),
              press,
              rights,
              width(options),
            );
          case 'share':
            return show(question, press, rights, width(options), 'place');
          case 'define':
            requireArea(catalogue, question.kpi, rights);
            return { reply: define(catalogue.kpiByName.get(question.kpi)!), kpi: question.kpi };
          case 'why':
            return noted({ action: 'why', question }, press, rights, width(options));
          case 'records':
            return showTable(recordsOf(question, answerer), press, rights, width(options));
          default:
            return press.verb satisfies never;
        }
      });
    },

    async complete(prefix, person) {
      const rights = directory.person(person);
      const typed = prefix.trim().toLowerCase();
      const phrases = catalogue.kpis
        .filter((kpi) => may(rights, `read:${kpi.area}`))
        .flatMap((kpi) => [kpi.name.replaceAll('_', ' '), ...kpi.synonyms.slice(0, 1)]);
      return [...new Set(phrases)].filter((phrase) => phrase.startsWith(typed)).slice(0, 8);
    },
  };
}

async function fileOf<T>(
  exporters: Readonly<Record<string, (of: T) => Promise<Document>>>,
  format: string,
  read: () => Promise<T>,
): Promise<{ document: Document; of: T }> {
  const exporter = exporters[format];
  if (!exporter)
    throw new HeraldError(
      'ask',
      `There is no export "${format}". Choose ${Object.keys(exporters).join(', ')}.`,
    );
  const of = await read();
  return { document: await exporter(of), of };
}

type Titled = Pick<Answer | TableAnswer, 'title' | 'area'>;

const notHere = ({ title, area }: Titled) =>
  new HeraldError(
    'access',
    `This place may not see ${title} (${area}). Share it where everybody has read:${area}.`,
  );

const onlyYou = ({ area }: Titled) => `Only you can see this: the others here may not see ${area} KPIs.`;

function problem(error: HeraldError): Reply {
  return {
    kind: 'problem',
    problem: { kind: error.kind, message: error.message, suggestions: error.suggestions },
    actions: error.suggestions.map((text): Action => ({ verb: 'ask', label: text, value: text })),
  };
}

/** At most five, the likeliest next steps first; Share only where others could see it. */
function actionsFor(
  catalogue: Catalogue,
  answer: Answer,
  can: { share: boolean; export: boolean },
): Action[] {
  const kpi = catalogue.kpiByName.get(answer.kpi);
  const { by, comparison, asOf } = answer.question;
  const dimension = (['segment', 'region', ...(kpi?.dimensions ?? [])] as const).find(
    (name) => kpi?.dimensions.includes(name) && name !== by,
  );
  const actions: Action[] = [];
  if (dimension) actions.push({ verb: 'by', label: `By ${dimension}`, value: dimension });
  // Only where a change is there to explain. What it says is seen by those who see the answer.
  const moved = answer.comparison !== null && answer.comparison.value !== null && answer.value !== null;
  if (moved && kpi?.formula.kind !== 'percentile' && kpi?.formula.kind !== 'distinct')
    actions.push({ verb: 'why', label: 'Why' });
  if (answer.value !== null && asOf === null) actions.push({ verb: 'records', label: 'Records' });
  if (can.share) actions.push({ verb: 'share', label: 'Share' });
  if (can.export) actions.push({ verb: 'export', label: 'Excel', value: 'xlsx' });
  actions.push({ verb: 'compare', label: comparison?.kind === 'last_year' ? 'vs previous' : 'vs last year' });
  actions.push({ verb: 'define', label: 'Definition' });
  return actions.slice(0, 5);
}
