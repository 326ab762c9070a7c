import type { Answer } from '../../kpi/answer.ts';
import { describeChange, formatValue } from '../../kpi/number.ts';
import type { Problem } from '../../platform/errors.ts';
import { course } from '../charts/course.ts';
import { shownParts } from '../charts/shown-parts.ts';
import { describeSources } from '../freshness.ts';
import { plainText } from '../plain-text.ts';
import { sparkline } from './sparkline.ts';

export type TerminalOptions = {
  /** True on a terminal that shows colours and where NO_COLOR is not set; the caller knows. */
  color: boolean;
  locale?: string;
  /** Where the picture was written, if one was. */
  picturePath?: string | null;
};

const codes = { bold: 1, dim: 2, good: 32, bad: 31, caution: 33, neutral: 0 } as const;

export function paint(text: string, style: keyof typeof codes, color: boolean): string {
  return color && codes[style] !== 0 && text !== '' ? `\u001b[${codes[style]}m${text}\u001b[0m` : text;
}

type Row = { cells: string[]; tone: keyof typeof codes };

/** Columns padded to their widest cell: the first to the right of it, numbers to the left. */
function table(rows: readonly Row[], color: boolean): string[] {
  const widths = rows.reduce<number[]>(
    (most, row) => row.cells.map((cell, i) => Math.max(most[i] ?? 0, [...cell].length)),
    [],
  );
  return rows.map((row) =>
    row.cells
      .map((cell, i) => {
        const space = ' '.repeat(Math.max(0, widths[i]! - [...cell].length));
        const padded = i === 0 ? cell + space : space + cell;
        return i === row.cells.length - 1 ? paint(padded, row.tone, color) : padded;
      })
      .join('   ')
      .trimEnd(),
  );
}

function partRows(answer: Answer, say: (value: number | null) => string): Row[] {
  return shownParts(answer).map((part) => ({
    cells: [
      plainText(part.name, 32),
      say(part.value),
      part.comparison === null ? '' : `was ${say(part.comparison)}`,
    ],
    tone: 'dim',
  }));
}

function headRows(answer: Answer, say: (value: number | null) => string, locale?: string): Row[] {
  const change = answer.comparison === null ? null : describeChange(answer.comparison, locale);
  const moved =
    change === null || answer.comparison?.change === null
      ? ''
      : change.arrow === ''
        ? change.words
        : `${change.arrow} ${change.amount}`;
  const own: Row = {
    cells: [plainText(answer.period.label, 40), say(answer.value), moved],
    tone: change?.tone ?? 'neutral',
  };
  if (answer.comparison === null) return [own];
  return [
    own,
    { cells: [plainText(answer.comparison.label, 40), say(answer.comparison.value), ''], tone: 'neutral' },
  ];
}

/** The sentence, a small table, the course in one line, what to know about it, the picture's path. */
export function terminalAnswer(answer: Answer, options: TerminalOptions): string {
  const { color, locale, picturePath } = options;
  const say = (value: number | null) =>
    formatValue(value, answer.unit, { currency: answer.currency, locale });
  const curve = answer.parts.length > 0 ? '' : sparkline(course(answer).values, 60);
  const target = answer.target === null ? [] : [`target ${say(answer.target)}`];
  const notes = [describeSources(answer), `definition v${answer.definition.version}`, ...target].filter(
    (note) => note !== '',
  );
  const lines = [
    paint(plainText(answer.sentence), 'bold', color),
    '',
    ...table([...headRows(answer, say, locale), ...partRows(answer, say)], color).map((line) => `  ${line}`),
    ...(curve === '' ? [] : ['', `  ${curve}`]),
    '',
    ...answer.warnings.map((warning) => paint(`⚠ ${plainText(warning)}`, 'caution', color)),
    paint(plainText(answer.reading), 'dim', color),
    paint(notes.join(' · '), 'dim', color),
    ...(picturePath ? [paint(`picture ${picturePath}`, 'dim', color)] : []),
  ];
  return `${lines.join('\n')}\n`;
}

export function terminalProblem(problem: Problem, options: Pick<TerminalOptions, 'color'>): string {
  const tries = problem.suggestions.map((text) => `  ${plainText(text)}`);
  return `${[paint(`⚠ ${plainText(problem.message)}`, 'caution', options.color), ...(tries.length > 0 ? ['Try:', ...tries] : [])].join('\n')}\n`;
}

export function terminalNote(
  note: { title: string; lines: readonly string[] },
  options: Pick<TerminalOptions, 'color'>,
): string {
  return `${[paint(plainText(note.title), 'bold', options.color), ...note.lines.map((line) => plainText(line))].join('\n')}\n`;
}
