import type { Worksheet } from 'exceljs';
import { type CellContent, cell } from './excel-cell.ts';

/** Write rows of cells from the top left, and set the columns' widths. */
export function fill(
  sheet: Worksheet,
  rows: readonly (readonly CellContent[])[],
  widths: readonly number[],
): void {
  rows.forEach((contents, r) => {
    contents.forEach((content, c) => {
      cell(sheet.getCell(r + 1, c + 1), content);
    });
  });
  widths.forEach((width, i) => {
    sheet.getColumn(i + 1).width = width;
  });
}
