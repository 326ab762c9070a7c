import { formatValue } from '../../kpi/number.ts';
import type { Cell, Column, TableAnswer } from '../../kpi/table.ts';
import { plainText } from '../plain-text.ts';

/** A name longer than this is cut in a message; files have all of it. */
const longestText = 34;

/** What stands for "unknown, or not over yet" where a cell must not be empty. */
export const blank = '–';

/** One cell as people read it; null when there is nothing to say. */
export function cellText(
  cell: Cell,
  { unit }: Column,
  { currency, locale }: { currency: string | null; locale?: string | undefined },
): string | null {
  if (cell === null) return null;
  if (typeof cell === 'string' || unit === 'text' || unit === 'day')
    return plainText(String(cell), longestText);
  return formatValue(cell, unit, {
    currency,
    ...(locale ? { locale } : {}),
    style: unit === 'money' || unit === 'count' ? 'exact' : 'prose',
  });
}

export const isText = ({ unit }: Column): boolean => unit === 'text' || unit === 'day';

/**
 * Aligned lines, the heading first: text to the left, numbers to the right, nothing where a cell is blank. Columns that
 * would make a line longer than `width` are left out from the right; how many is told.
 */
export function textTable(
  { columns, rows, currency }: TableAnswer,
  { width, locale }: { width: number; locale?: string | undefined },
): { lines: string[]; left: number } {
  const texts = [
    columns.map(({ label }) => plainText(label, longestText)),
    ...rows.map((row) => row.map((cell, i) => cellText(cell, columns[i]!, { currency, locale }) ?? '')),
  ];
  const widths = columns.map((_column, i) => Math.max(...texts.map((row) => [...row[i]!].length)));
  let shown = 0;
  for (let used = 0; shown < columns.length; shown++) {
    used += widths[shown]! + (shown === 0 ? 0 : 2);
    if (used > width && shown > 0) break;
  }
  const lines = texts.map((row) =>
    row
      .slice(0, shown)
      .map((text, i) => {
        const space = ' '.repeat(widths[i]! - [...text].length);
        return isText(columns[i]!) ? text + space : space + text;
      })
      .join('  ')
      .trimEnd(),
  );
  return { lines, left: columns.length - shown };
}
