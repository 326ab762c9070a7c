import type { Answer } from '../../kpi/answer.ts';
import { describeChange, formatAnswerValue, formatValue } from '../../kpi/number.ts';
import type { Problem } from '../../platform/errors.ts';
import { course } from '../charts/course.ts';
import { shownParts } from '../charts/shown-parts.ts';
import { describeSources } from '../freshness.ts';
import { splitLead } from './lead.ts';
import type { MessageAction } from './message-action.ts';
import { sparkline } from './sparkline.ts';
import {
  type AdaptiveCard,
  type CardElement,
  card,
  cardActions,
  cardImage,
  escapeMarkdown,
  literal,
  type TeamsPicture,
  textBlock,
} from './teams-elements.ts';

export type TeamsAnswer = {
  answer: Answer;
  answerId: string;
  actions: readonly MessageAction[];
  picture: TeamsPicture | null;
  notes?: readonly string[];
  locale?: string;
};

function facts(answer: Answer, locale: string | undefined): CardElement {
  const say = (value: number | null) =>
    formatValue(value, answer.unit, { currency: answer.currency, locale });
  const { comparison } = answer;
  const rows = [
    { title: answer.period.label, value: formatAnswerValue(answer, { locale }) },
    ...(comparison === null
      ? []
      : [
          {
            title: comparison.label,
            value: `${say(comparison.value)} (${describeChange(comparison, locale).words})`,
          },
        ]),
    ...(answer.target === null ? [] : [{ title: 'Target', value: say(answer.target) }]),
  ];
  return {
    type: 'FactSet',
    facts: rows.map(({ title, value }) => ({
      title: escapeMarkdown(title, 80),
      value: escapeMarkdown(value, 200),
    })),
  };
}

function inWords(answer: Answer, locale: string | undefined): CardElement[] {
  const say = (value: number | null) =>
    formatValue(value, answer.unit, { currency: answer.currency, locale });
  if (answer.parts.length > 0) {
    return [
      {
        type: 'FactSet',
        facts: shownParts(answer).map((part) => ({
          title: escapeMarkdown(part.name, 80) || 'unnamed',
          value: escapeMarkdown(say(part.value)),
        })),
      },
    ];
  }
  const line = sparkline(course(answer).values);
  return line === '' ? [] : [textBlock(line, { fontType: 'monospace' })];
}

/** Answer → Adaptive Card: sentence, picture, facts, warnings, one context line, at most five buttons. */
export function teamsAnswer(input: TeamsAnswer): AdaptiveCard {
  const { answer, answerId, actions, picture, notes = [], locale } = input;
  const { lead, rest } = splitLead(answer.sentence);
  const shown = cardImage(picture);
  const echo = [
    answer.reading,
    describeSources(answer),
    `definition v${answer.definition.version}`,
    ...notes,
  ].filter((part) => part !== '');
  return card(
    answer.sentence,
    [
      literal(lead, rest),
      ...(shown.length > 0 ? shown : inWords(answer, locale)),
      facts(answer, locale),
      ...answer.warnings
        .slice(0, 3)
        .map((warning) => textBlock(`⚠ ${warning}`, { color: 'warning', spacing: 'small' })),
      textBlock(echo.join(' · '), { size: 'small', isSubtle: true, spacing: 'small' }),
    ],
    cardActions(actions, answerId),
  );
}

/** What is missing and what to press: suggestions are buttons that run. */
export function teamsProblem(problem: Problem, actions: readonly MessageAction[] = []): AdaptiveCard {
  const suggested = problem.suggestions.map(
    (text): MessageAction => ({ verb: 'ask', label: text, value: text }),
  );
  return card(
    problem.message,
    [textBlock(`⚠ ${problem.message}`)],
    cardActions(actions.length > 0 ? actions : suggested, null),
  );
}

export function teamsNote(note: {
  title: string;
  lines: readonly string[];
  actions?: readonly MessageAction[];
}): AdaptiveCard {
  return card(
    [note.title, ...note.lines.slice(0, 3)].join('. '),
    [
      textBlock(note.title, { weight: 'bolder', style: 'heading' }),
      ...note.lines
        .slice(0, 60)
        .filter((line) => line.trim() !== '')
        .map((line) => textBlock(line, { spacing: 'small' })),
    ],
    cardActions(note.actions ?? [], null),
  );
}
