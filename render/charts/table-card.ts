import type { Spec } from 'vega';
import type { Unit } from '../../kpi/answer.ts';
import { formatValue } from '../../kpi/number.ts';
import { against } from '../../kpi/relation/against.ts';
import type { Cell, TableAnswer } from '../../kpi/table.ts';
import type { Drawing } from './chart.ts';
import { type Courses, coursesChart } from './courses.ts';
import { canvas, type Frame, type Text, text, textSizes } from './frame.ts';
import { type Bar, funnelBars } from './funnel-bars.ts';
import { type Grid, type GridRow, heatmap } from './heatmap.ts';
import { type Interval, intervalsChart } from './intervals.ts';
import { composePage, type DrawOptions } from './page.ts';
import { fitText, textWidth } from './text-width.ts';

const firstLine = 72;
const nextLine = 36;

/** The whole picture of a table (cohorts, a funnel, a relation) as a Vega specification: the finding, the chart, warning, footer. Pure. */
export function drawTable(table: TableAnswer, options: DrawOptions = {}): Spec {
  const room = canvas.width - 2 * canvas.margin;
  const { title, said } = headOf(table);
  const lines = twoLines(said, room);
  return composePage(
    table,
    {
      headHeight: firstLine + lines.length * nextLine - 14,
      head: (page) => head(title, lines, page),
      draw: (frame) => chartOf(table, frame),
    },
    options,
  );
}

/** Cohorts and courses need the height: they are given the finding alone. That a relation is no cause stands in its title. */
function headOf({ kind, title, sentence }: TableAnswer): { title: string; said: string } {
  const first = sentence.replace(/\. .*$/, '.');
  if (kind === 'cohorts') return { title, said: first };
  if (kind !== 'courses' && kind !== 'groups') return { title, said: sentence };
  const said = kind === 'courses' ? first : sentence.replace(/ This is an association, not a cause\.$/, '');
  const caution = ' · an association, not a cause';
  const room = canvas.width - 2 * canvas.margin - textWidth(caution, textSizes.title);
  return { title: `${fitText(title, textSizes.title, room)}${caution}`, said };
}

function head(title: string, lines: readonly string[], frame: Frame): Text[] {
  const { theme } = frame;
  return [
    text(fitText(title, textSizes.title, frame.width), {
      x: frame.x,
      y: frame.y + 28,
      size: textSizes.title,
      color: theme.quiet,
    }),
    ...lines.map((line, i) =>
      text(line, {
        x: frame.x,
        y: frame.y + firstLine + i * nextLine,
        size: textSizes.body,
        weight: 700,
        color: theme.ink,
      }),
    ),
  ];
}

/** Broken between words; what does not fit on the second line is cut. */
function twoLines(sentence: string, room: number): string[] {
  const words = sentence.split(' ');
  const wide = (n: number) => textWidth(words.slice(0, n).join(' '), textSizes.body, 700);
  let n = words.length;
  while (n > 1 && wide(n) > room) n -= 1;
  const [first, rest] = [words.slice(0, n).join(' '), words.slice(n).join(' ')];
  const cut = (line: string) => fitText(line, textSizes.body, room, 700);
  return rest === '' ? [cut(first)] : [cut(first), cut(rest)];
}

function chartOf(table: TableAnswer, frame: Frame): Drawing {
  switch (table.kind) {
    case 'cohorts':
      return heatmap(cohortGrid(table, frame.locale), frame);
    case 'courses':
      return coursesChart(coursesOf(table), frame);
    case 'groups':
      return intervalsChart(groupsOf(table, frame.locale), wholeOf(table, frame.locale), 'customers', frame);
    case 'funnel':
      return table.columns[0]?.label === 'Stage'
        ? funnelBars(barsOf(table, frame.locale), frame)
        : heatmap(partGrid(table, frame.locale), frame);
    case 'records':
      // A list has no shape: whoever draws asks for none.
      return { texts: [] };
    default:
      return table.kind satisfies never;
  }
}

const number = (cell: Cell | undefined): number | null => (typeof cell === 'number' ? cell : null);

function coursesOf({ columns, rows, currency }: TableAnswer): Courses {
  const course = (i: number) => ({
    name: columns[i]!.label,
    unit: columns[i]!.unit as Unit,
    values: rows.map((row) => number(row[i])),
  });
  return {
    days: rows.map(([day]) => String(day)),
    grain: columns[0]?.label === 'Month' ? 'month' : 'week',
    currency,
    upper: course(1),
    lower: course(2),
    moved: columns[3]
      ? {
          ...course(3),
          name: columns[3].label.replace(against, ''),
          turned: columns[3].label.endsWith(against),
        }
      : null,
  };
}

function groupsOf({ rows }: TableAnswer, locale: string): Interval[] {
  return rows.map(([name, customers, , stayed, low, high]) => ({
    name: String(name),
    value: number(stayed) ?? 0,
    low: number(low) ?? 0,
    high: number(high) ?? 0,
    label: formatValue(number(stayed), 'percent', { locale }),
    detail: formatValue(number(customers), 'count', { locale, style: 'exact' }),
  }));
}

/** The share of all groups together: Σ stayed ÷ Σ customers, never a mean of shares. */
function wholeOf({ rows }: TableAnswer, locale: string): { value: number; label: string } | null {
  const sum = (i: number) => rows.reduce((all, row) => all + (number(row[i]) ?? 0), 0);
  const customers = sum(1);
  if (customers === 0 || rows.length < 2) return null;
  const value = (100 * (customers - sum(2))) / customers;
  return { value, label: `all ${formatValue(value, 'percent', { locale })}` };
}

function cohortGrid({ columns, rows, title }: TableAnswer, locale: string): Grid {
  const row = ([name, size, ...cells]: readonly Cell[]): GridRow => ({
    name: String(name),
    size: formatValue(number(size), 'count', { locale }),
    cells: cells.map(number),
  });
  const all = rows.map(row);
  return {
    caption: `% ${title.startsWith('Revenue') ? 'of their first MRR kept' : 'still paying'}, by months since the first paid day`,
    sizeLabel: 'began',
    columns: columns.slice(2).map(({ label }) => label.replace(' mo', '')),
    rows: all.slice(0, -1),
    whole: all.at(-1) ?? null,
  };
}

/** People of each part in shares of those who entered; the last column of the table is the last share once more. */
function partGrid({ columns, rows }: TableAnswer, locale: string): Grid {
  const stages = columns.slice(1, -1).map(({ label }) => label);
  const row = ([name, ...cells]: readonly Cell[]): GridRow => {
    const people = cells.slice(0, -1).map(number);
    const [entered] = people;
    return {
      name: String(name),
      size: formatValue(entered ?? null, 'count', { locale }),
      cells: people.slice(1).map((n) => (n === null || !entered ? null : (100 * n) / entered)),
    };
  };
  const all = rows.map(row);
  return {
    caption: '% of them that became',
    sizeLabel: stages[0] ?? '',
    columns: stages.slice(1),
    rows: all.slice(0, -1),
    whole: all.at(-1) ?? null,
  };
}

function barsOf({ rows }: TableAnswer, locale: string): Bar[] {
  return rows.map(([name, people, previous, , median]) => ({
    name: String(name),
    people: number(people) ?? 0,
    value: formatValue(number(people), 'count', { locale, style: 'exact' }),
    previous: number(previous) === null ? '' : formatValue(number(previous), 'percent', { locale }),
    median: number(median) === null ? '' : formatValue(number(median), 'days', { locale }),
  }));
}
