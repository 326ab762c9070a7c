import type { TableAnswer } from '../../kpi/table.ts';
import { describeSource } from '../freshness.ts';
import { plainText } from '../plain-text.ts';
import { paint, type TerminalOptions } from './terminal.ts';
import { textTable } from './text-table.ts';

/** The sentence, the whole table, where its records are, what to know about it. */
export function terminalTable(table: TableAnswer, { color, locale, picturePath }: TerminalOptions): string {
  const { lines } = textTable(table, { width: Number.POSITIVE_INFINITY, locale });
  const linked = lines.map((line, i) => {
    const link = i === 0 ? null : table.links[i - 1];
    return `  ${link ? `${line}  ${link}` : line}`;
  });
  const echo = [
    plainText(table.reading),
    ...table.freshness.map(describeSource),
    `definition v${table.definition.version}`,
  ];
  const text = [
    paint(plainText(table.sentence), 'bold', color),
    '',
    ...(table.rows.length === 0 ? [] : [...linked, '']),
    ...table.notes.map((note) => plainText(note)),
    ...table.warnings.map((warning) => paint(`⚠ ${plainText(warning)}`, 'caution', color)),
    paint(echo.join(' · '), 'dim', color),
    ...(picturePath ? [paint(`picture ${picturePath}`, 'dim', color)] : []),
  ];
  return `${text.join('\n')}\n`;
}
