import type { Answer } from '../../kpi/answer.ts';
import { formatValue } from '../../kpi/number.ts';
import type { Problem } from '../../platform/errors.ts';
import { course } from '../charts/course.ts';
import { shownParts } from '../charts/shown-parts.ts';
import { describeSources } from '../freshness.ts';
import { splitLead } from './lead.ts';
import type { MessageAction } from './message-action.ts';
import {
  bold,
  buttons,
  context,
  escapeSlack,
  image,
  mrkdwn,
  type SlackBlock,
  type SlackMessage,
  type SlackPicture,
  section,
  within,
} from './slack-blocks.ts';
import { sparkline } from './sparkline.ts';

export type SlackAnswer = {
  answer: Answer;
  answerId: string;
  actions: readonly MessageAction[];
  /** Null when drawing or uploading failed: the text always goes out, with the course in characters. */
  picture: SlackPicture | null;
  /** Said in the last line: who can see this, "asked by …". */
  notes?: readonly string[];
  locale?: string;
};

/** What a picture would have shown, in characters: the course, or the parts. */
function inWords(answer: Answer, locale: string | undefined): SlackBlock[] {
  const say = (value: number | null) =>
    formatValue(value, answer.unit, { currency: answer.currency, locale });
  if (answer.parts.length > 0) {
    const fields = shownParts(answer).map((part) =>
      mrkdwn(`${escapeSlack(part.name)}\n${bold(say(part.value))}`, 2000),
    );
    return [{ type: 'section', fields }];
  }
  const line = sparkline(course(answer).values);
  return line === ''
    ? []
    : [
        section(
          `${line}  ${escapeSlack(`${say(course(answer).values[0] ?? null)} → ${say(course(answer).values.at(-1) ?? null)}`)}`,
        ),
      ];
}

/** Answer → sentence, picture, warnings, one context line, at most five buttons. */
export function slackAnswer(input: SlackAnswer): SlackMessage {
  const { answer, answerId, actions, picture, notes = [], locale } = input;
  const { lead, rest } = splitLead(answer.sentence);
  const echo = [answer.reading, describeSources(answer), `definition v${answer.definition.version}`].filter(
    (part) => part !== '',
  );
  return within({
    text: escapeSlack(answer.sentence),
    blocks: [
      section(`${bold(lead)}${escapeSlackKeepingSpace(rest)}`),
      ...(picture === null ? inWords(answer, locale) : image(picture)),
      ...context(answer.warnings.slice(0, 3).map((warning) => `⚠ ${escapeSlack(warning)}`)),
      ...context([[...echo, ...notes].map(escapeSlack).join(' · ')]),
      ...buttons(actions, answerId),
    ],
  });
}

function escapeSlackKeepingSpace(rest: string): string {
  const escaped = escapeSlack(rest);
  return /^\s/.test(rest) ? ` ${escaped}` : escaped;
}

/** What was understood, what is missing, what to press: suggestions are buttons that run. */
export function slackProblem(problem: Problem, actions: readonly MessageAction[] = []): SlackMessage {
  const suggested = problem.suggestions.map(
    (text): MessageAction => ({ verb: 'ask', label: text, value: text }),
  );
  const pressable = actions.length > 0 ? actions : suggested;
  return within({
    text: escapeSlack(problem.message),
    blocks: [section(`⚠ ${escapeSlack(problem.message)}`), ...buttons(pressable, null)],
  });
}

/** A title and lines: definitions, help, confirmations. */
export function slackNote(note: {
  title: string;
  lines: readonly string[];
  actions?: readonly MessageAction[];
}): SlackMessage {
  const body = note.lines.map(escapeSlack);
  // A section holds 3,000 characters; long notes are split between lines, never inside one.
  const chunks: string[] = [];
  for (const line of body) {
    const current = chunks.at(-1);
    if (current !== undefined && current.length + line.length < 2800)
      chunks[chunks.length - 1] = `${current}\n${line}`;
    else chunks.push(line);
  }
  return within({
    text: [escapeSlack(note.title), ...body.slice(0, 3)].join('\n'),
    blocks: [
      section(bold(note.title)),
      ...chunks.filter((chunk) => chunk.trim() !== '').map(section),
      ...buttons(note.actions ?? [], null),
    ],
  });
}
