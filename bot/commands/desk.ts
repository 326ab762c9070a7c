/**
 * The one door of every transport. Rights of the asker *and* of the audience are read for each reply; every request
 * leaves one audit row; nothing is thrown.
 */
import type { Answer } from '../../kpi/answer.ts';
import type { Catalogue } from '../../kpi/catalogue.ts';
import type { Question } from '../../kpi/question.ts';
import type { Why } from '../../kpi/why/why.ts';
import { HeraldError, toHeraldError } from '../../platform/errors.ts';
import type { Log } from '../../platform/log.ts';
import type { Audit } from '../access/audit.ts';
import type { Directory } from '../access/directory.ts';
import { may, type Rights } from '../access/roles.ts';
import type { Heed } from '../alert/heed.ts';
import { type Answerer, areaOf, requireArea } from './answer-text.ts';
import type { Action, Desk, Document, Incoming, Person, Picture, Place, Press, Reply } from './command.ts';
import { define } from './define.ts';
import { help } from './help.ts';
import { askedWhy, why } from './why.ts';

export type DeskInput = {
  answerer: Answerer;
  directory: Directory;
  audit: Audit;
  /** Draws the picture; a failure is logged and the text goes out without it. */
  draw: (answer: Answer, maxWidth: number) => Promise<Picture>;
  /** Where an answer's change comes from. */
  explain: (answer: Answer) => Promise<Why>;
  /** What is done with the buttons of an alert; left out where none are sent. */
  heed?: Heed;
  exporters: Readonly<Record<string, (answer: Answer) => Promise<Document>>>;
  /** Answers given, so that buttons know what they refer to. */
  given: {
    save(id: string, question: Question, asker: string): Promise<void>;
    load(id: string): Promise<Question | null>;
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
      const hasFigures = reply.kind === 'answer' || reply.kind === 'document' || action === 'why';
      if (hasFigures && reply.kind !== 'problem')
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
    const audience = directory.audience(asked.place, asked.person);
    const open = may(audience, `read:${areaOf(catalogue, question.kpi)}`);
    if (visibility === 'place' && !open) {
      throw new HeraldError(
        'access',
        `This place may not see ${answer.title} (${answer.area}). Share it where everybody has read:${answer.area}.`,
      );
    }
    const answerId = input.newId();
    await input.given.save(answerId, question, asked.person.id);
    let picture: Picture | null = null;
    try {
      picture = await input.draw(answer, maxWidth);
    } catch (thrown) {
      log.error({ err: (thrown as Error).message }, 'desk: the picture could not be drawn');
    }
    const reply: Reply = {
      kind: 'answer',
      answerId,
      answer,
      picture,
      visibility: open ? 'place' : 'asker',
      visibilityNote: open ? null : `Only you can see this: the others here may not see ${answer.area} KPIs.`,
      actions: actionsFor(catalogue, answer, open, may(rights, 'export')),
    };
    return { reply, kpi: question.kpi, dataVersion: answer.dataVersion };
  }

  const explained = (question: Question, { person, place }: Asked, rights: Rights) =>
    why({
      question,
      rights,
      audience: directory.audience(place, person),
      answerer,
      explain: input.explain,
    });

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
      const moved = askedWhy(text);
      if (moved !== null)
        return handle(incoming, 'why', text, (rights) => explained(answerer.parse(moved), incoming, rights));
      return handle(incoming, 'ask', text, (rights) =>
        show(answerer.parse(text), incoming, rights, width(options)),
      );
    },

    press(press: Press, options) {
      return handle(press, press.verb, `${press.answerId} ${press.value ?? ''}`, async (rights) => {
        if (press.verb === 'alert') {
          if (!input.heed) throw new HeraldError('ask', 'No alerts are sent from here.');
          const { answerId, value = '', person } = press;
          return input.heed({ answerId, act: value, person, rights });
        }
        if (press.verb === 'ask')
          return show(answerer.parse(press.value ?? ''), press, rights, width(options));
        const question = await input.given.load(press.answerId);
        if (!question)
          throw new HeraldError('ask', 'That answer is too old for its buttons. Ask the question again.');
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
          case 'export': {
            if (!may(rights, 'export'))
              throw new HeraldError(
                'access',
                `Your role (${rights.role}) may not export. Ask your administrator.`,
              );
            const exporter = input.exporters[press.value ?? 'xlsx'];
            if (!exporter)
              throw new HeraldError(
                'ask',
                `There is no export "${press.value}". Choose ${Object.keys(input.exporters).join(', ')}.`,
              );
            const answer = await answerer.answer(question, rights);
            const document = await exporter(answer);
            return {
              reply: {
                kind: 'document',
                document,
                text: `${answer.sentence} ${answer.reading}`,
                visibility: 'asker',
              },
              kpi: question.kpi,
              dataVersion: answer.dataVersion,
            };
          }
          case 'define':
            requireArea(catalogue, question.kpi, rights);
            return { reply: define(catalogue.kpiByName.get(question.kpi)!), kpi: question.kpi };
          case 'why':
            return explained(question, press, rights);
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

function problem(error: HeraldError): Reply {
  return {
    kind: 'problem',
    problem: { kind: error.kind, message: error.message, suggestions: error.suggestions },
    actions: error.suggestions.map((text): Action => ({ verb: 'ask', label: text, value: text })),
  };
}

/** At most five, the likeliest next steps first. */
function actionsFor(catalogue: Catalogue, answer: Answer, open: boolean, mayExport: boolean): Action[] {
  const kpi = catalogue.kpiByName.get(answer.kpi);
  const dimension = (['segment', 'region', ...(kpi?.dimensions ?? [])] as const).find(
    (name) => kpi?.dimensions.includes(name) && name !== answer.question.by,
  );
  const actions: Action[] = [];
  if (dimension) actions.push({ verb: 'by', label: `By ${dimension}`, value: dimension });
  actions.push({
    verb: 'compare',
    label: answer.question.comparison?.kind === 'last_year' ? 'vs previous' : 'vs last year',
  });
  // Only where its note may be shown, and a change is there to explain.
  const moved = answer.comparison !== null && answer.comparison.value !== null && answer.value !== null;
  if (open && moved && kpi?.formula.kind !== 'percentile' && kpi?.formula.kind !== 'distinct') actions.push({ verb: 'why', label: 'Why' });
  if (open) actions.push({ verb: 'share', label: 'Share' });
  if (mayExport) actions.push({ verb: 'export', label: 'Excel', value: 'xlsx' });
  actions.push({ verb: 'define', label: 'Definition' });
  return actions.slice(0, 5);
}
