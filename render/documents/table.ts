import type { TableAnswer } from '../../kpi/table.ts';
import { describeSource } from '../freshness.ts';
import { csv } from './csv.ts';
import type { CellContent } from './excel-cell.ts';
import { fill } from './excel-sheet.ts';

const linkHeading = 'Link';

/** Heading and rows; with the records' links where there are any. It starts with a byte order mark, for Excel. */
export function csvTable({ columns, rows, links }: TableAnswer): string {
  const linked = links.some((link) => link !== null);
  const head = [...columns.map(({ label }) => label), ...(linked ? [linkHeading] : [])];
  return `\ufeff${csv([head, ...rows.map((row, i) => [...row, ...(linked ? [links[i] ?? null] : [])])])}`;
}

/** Table → an .xlsx with sheets Table and About. Blank cells are empty, never 0. */
export async function excelTable(table: TableAnswer): Promise<Uint8Array> {
  const { default: exceljs } = await import('exceljs');
  const { columns, rows, links, currency } = table;
  const book = new exceljs.Workbook();
  book.creator = 'Herald';
  book.created = new Date(table.at);
  book.modified = new Date(table.at);
  book.title = table.title;
  const linked = links.some((link) => link !== null);
  const bold = (text: string): CellContent => ({ kind: 'text', text, bold: true });
  const contents = rows.map((row, r): CellContent[] => [
    ...row.map((cell, c): CellContent => {
      const { unit } = columns[c]!;
      if (cell === null) return { kind: 'integer', value: null };
      if (typeof cell === 'string' || unit === 'text' || unit === 'day')
        return unit === 'day' ? { kind: 'day', day: String(cell) } : { kind: 'text', text: String(cell) };
      return { kind: 'number', value: cell, unit, currency };
    }),
    ...(linked ? [{ kind: 'text', text: links[r] ?? '' } as const] : []),
  ]);
  fill(
    book.addWorksheet('Table', { views: [{ state: 'frozen', xSplit: 1, ySplit: 1 }] }),
    [[...columns.map(({ label }) => bold(label)), ...(linked ? [bold(linkHeading)] : [])], ...contents],
    [...columns.map(({ unit }) => (unit === 'text' ? 30 : 14)), ...(linked ? [60] : [])],
  );
  const facts: [string, string][] = [
    ['Title', table.title],
    ['In words', table.sentence],
    ['Question as understood', table.reading],
    ['Definition', table.definition.text],
    ['Definition version', table.definition.version],
    ['Answered at', table.at],
    ['As known at', table.asOf ?? table.at],
    ['Data version', String(table.dataVersion)],
    ...table.freshness.map((one): [string, string] => [
      `Source ${one.title}`,
      `${describeSource(one)}; included until ${one.coveredUntil ?? 'never synced'}`,
    ]),
    ...table.notes.map((note): [string, string] => ['Note', note]),
    ...table.warnings.map((warning): [string, string] => ['Warning', warning]),
  ];
  fill(
    book.addWorksheet('About'),
    facts.map(([name, text]) => [bold(name), { kind: 'text', text, wrap: true }]),
    [26, 90],
  );
  return new Uint8Array(await book.xlsx.writeBuffer());
}

/** Table → its public shape, named field by field. */
export function publicTable(table: TableAnswer) {
  const { columns, rows, links, definition } = table;
  return {
    kind: table.kind,
    title: table.title,
    area: table.area,
    sentence: table.sentence,
    reading: table.reading,
    columns: columns.map(({ label, unit }) => ({ label, unit })),
    rows: rows.map((row) => [...row]),
    links: [...links],
    currency: table.currency,
    notes: [...table.notes],
    warnings: [...table.warnings],
    freshness: table.freshness.map(({ source, title, coveredUntil, ageSeconds, stale }) => ({
      source,
      title,
      coveredUntil,
      ageSeconds,
      stale,
    })),
    definition: { version: definition.version, text: definition.text },
    dataVersion: table.dataVersion,
    asOf: table.asOf,
    at: table.at,
  };
}
