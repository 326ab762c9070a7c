import type { Drawing } from './chart.ts';
import { type Frame, rule, type Text, text, textSizes } from './frame.ts';
import { fitText, textWidth } from './text-width.ts';
import { better, mix } from './tint.ts';

/** A grid of shares: a row is one cohort or part, how many are behind it, and a cell for each column; null is left bare. */
export type Grid = {
  /** Said above the cells: what the numbers are. */
  caption: string;
  sizeLabel: string;
  columns: readonly string[];
  rows: readonly GridRow[];
  /** All rows together; set apart below. */
  whole: GridRow | null;
};
export type GridRow = { name: string; size: string; cells: readonly (number | null)[] };

const size = textSizes.small;
/** Rows closer than this cannot be read; fewer names and no numbers are shown then. */
const readable = 25;
const mostRow = 46;
const mostWide = 190;
const gap = 3;

/** Cells in one hue, the fuller the more; the number in each where it can be read. */
export function heatmap({ caption, sizeLabel, columns, rows, whole }: Grid, frame: Frame): Drawing {
  const { theme } = frame;
  const all = whole === null ? rows : [...rows, whole];
  const names = Math.min(210, Math.max(...all.map(({ name }) => textWidth(name, size, 700)))) + 18;
  const sizes =
    Math.max(textWidth(sizeLabel, size), ...all.map((row) => textWidth(row.size, size, 700))) + 22;
  const left = frame.x + names + sizes;
  const head = 64;
  const apart = whole === null ? 0 : 8;
  const step = Math.min(mostRow, (frame.height - head - apart) / all.length);
  const wide = Math.min(mostWide, (frame.x + frame.width - left) / columns.length);
  const top = frame.y + head;
  const y = (i: number) => top + i * step + (i >= rows.length ? apart : 0);

  const known = all.flatMap(({ cells }) => cells).filter((cell) => cell !== null);
  const low = Math.min(100, ...known);
  const high = Math.max(low + 10, ...known);
  const numbers = step >= readable && wide >= textWidth('100', size) + 8;
  const every = Math.ceil(readable / step);
  const cells = all.flatMap((row, i) =>
    row.cells.flatMap((cell, c) => {
      if (cell === null) return [];
      const fill = mix(theme.brandWash, theme.brand, (cell - low) / (high - low));
      return [{ x: left + c * wide, y: y(i), width: wide - gap, height: step - gap, fill, row: i, cell }];
    }),
  );
  return {
    data: [{ name: 'cells', values: cells.map(({ row: _row, cell: _cell, ...drawn }) => drawn) }],
    marks: [
      {
        type: 'rect',
        interactive: false,
        from: { data: 'cells' },
        encode: {
          enter: {
            x: { field: 'x' },
            y: { field: 'y' },
            width: { field: 'width' },
            height: { field: 'height' },
            fill: { field: 'fill' },
            cornerRadius: { value: 3 },
          },
        },
      },
    ],
    grid:
      whole === null
        ? []
        : [
            rule(
              [frame.x, y(rows.length) - apart / 2 - 1],
              [left + columns.length * wide, y(rows.length) - apart / 2 - 1],
              theme.line,
            ),
          ],
    texts: [
      text(fitText(caption, size, frame.x + frame.width - left), {
        x: left,
        y: frame.y + 20,
        color: theme.quiet,
      }),
      text(sizeLabel, { x: left - 22, y: frame.y + 52, color: theme.quiet, align: 'right' }),
      ...headings(columns, { left, wide, y: frame.y + 52 }, frame),
      ...all.flatMap((row, i): Text[] => {
        const isWhole = i === rows.length;
        if (!isWhole && i % every !== 0) return [];
        const at = {
          y: y(i) + (step - gap) / 2,
          baseline: 'middle' as const,
          weight: isWhole ? (700 as const) : (400 as const),
        };
        return [
          text(fitText(row.name, size, names - 18, at.weight), { ...at, x: frame.x, color: theme.ink }),
          text(row.size, { ...at, x: left - 22, color: isWhole ? theme.ink : theme.quiet, align: 'right' }),
        ];
      }),
      ...(numbers
        ? cells.map((cell) =>
            text(String(Math.round(cell.cell)), {
              x: cell.x + cell.width / 2,
              y: cell.y + cell.height / 2,
              color: better(cell.fill, theme.ink, theme.background),
              align: 'center',
              baseline: 'middle',
              weight: cell.row === rows.length ? 700 : 400,
            }),
          )
        : []),
    ],
  };
}

/** As many of the columns' names as have room. */
function headings(
  columns: readonly string[],
  { left, wide, y }: { left: number; wide: number; y: number },
  { theme }: Frame,
): Text[] {
  const widest = Math.max(...columns.map((label) => textWidth(label, size))) + 12;
  const every = Math.max(1, Math.ceil(widest / wide));
  return columns.flatMap((label, i) =>
    i % every === 0
      ? [text(label, { x: left + i * wide + (wide - gap) / 2, y, color: theme.quiet, align: 'center' })]
      : [],
  );
}
