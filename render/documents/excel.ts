import type { Workbook } from 'exceljs';
import type { Answer } from '../../kpi/answer.ts';
import { describeSource } from '../freshness.ts';
import type { CellContent } from './excel-cell.ts';
import { fill } from './excel-sheet.ts';

const text = (content: string, more: { bold?: boolean; wrap?: boolean } = {}): CellContent => ({
  kind: 'text',
  text: content,
  ...more,
});
const bold = (content: string): CellContent => text(content, { bold: true });

/** Change of `value` against `before`, as a formula over their cells: points for rates, else per cent. */
function changeFormula(answer: Answer, value: string, before: string, result: number | null): CellContent {
  const guard = `OR(${value}="",${before}="")`;
  return answer.unit === 'percent'
    ? {
        kind: 'formula',
        formula: `IF(${guard},"",${value}-${before})`,
        result,
        format: '+0.0" pp";-0.0" pp";0.0" pp"',
      }
    : {
        kind: 'formula',
        formula: `IF(OR(${guard},${before}=0),"",100*(${value}-${before})/ABS(${before}))`,
        result,
        format: '+0.0" %";-0.0" %";0.0" %"',
      };
}

function answerSheet(book: Workbook, answer: Answer): void {
  const number = (value: number | null): CellContent => ({
    kind: 'number',
    value,
    unit: answer.unit,
    currency: answer.currency,
  });
  const { comparison } = answer;
  const rows: CellContent[][] = [
    [bold(answer.title)],
    [text(answer.sentence)],
    [],
    [text(''), bold('Period'), bold('Value')],
    [text('Asked'), text(answer.period.label), number(answer.value)],
  ];
  if (comparison !== null) {
    rows.push([text('Compared with'), text(comparison.label), number(comparison.value)]);
    rows.push([text('Change'), text(''), changeFormula(answer, 'C5', 'C6', comparison.change)]);
  }
  if (answer.target !== null) rows.push([text('Target'), text(''), number(answer.target)]);
  for (const component of answer.components) {
    rows.push([
      text(component.label),
      text('component'),
      { kind: 'number', value: component.value, unit: component.unit, currency: answer.currency },
    ]);
  }
  fill(book.addWorksheet('Answer'), rows, [28, 30, 20]);
}

function seriesSheet(book: Workbook, answer: Answer): void {
  if (answer.series.length === 0) return;
  const number = (value: number | null): CellContent => ({
    kind: 'number',
    value,
    unit: answer.unit,
    currency: answer.currency,
  });
  const rows: CellContent[][] = answer.series.map((point, i) => [
    { kind: 'day', day: point.at },
    number(point.value),
    number(point.comparison),
    changeFormula(answer, `B${i + 2}`, `C${i + 2}`, null),
    { kind: 'truth', value: point.complete },
  ]);
  const sheet = book.addWorksheet('Series', { views: [{ state: 'frozen', ySplit: 1 }] });
  fill(
    sheet,
    [
      [
        bold(`${answer.seriesGrain} from`),
        bold('Value'),
        bold('Comparison'),
        bold('Change'),
        bold('Complete'),
      ],
      ...rows,
    ],
    [14, 18, 18, 14, 12],
  );
}

function partsSheet(book: Workbook, answer: Answer): void {
  if (answer.parts.length === 0) return;
  const number = (value: number | null): CellContent => ({
    kind: 'number',
    value,
    unit: answer.unit,
    currency: answer.currency,
  });
  const rows: CellContent[][] = answer.parts.map((part, i) => [
    text(part.name),
    number(part.value),
    number(part.comparison),
    changeFormula(answer, `B${i + 2}`, `C${i + 2}`, null),
    { kind: 'integer', value: part.n },
  ]);
  const sheet = book.addWorksheet('Parts', { views: [{ state: 'frozen', ySplit: 1 }] });
  fill(
    sheet,
    [
      [bold(answer.parts[0]!.dimension), bold('Value'), bold('Comparison'), bold('Change'), bold('Records')],
      ...rows,
    ],
    [32, 18, 18, 14, 12],
  );
}

/** Where the number comes from: definition, sources with their ages, data version, reading. */
function aboutSheet(book: Workbook, answer: Answer): void {
  const { definition } = answer;
  const facts: [string, string][] = [
    ['KPI', answer.kpi],
    ['Question as understood', answer.reading],
    ['Definition', definition.text],
    ['Formula', definition.formula],
    ['Definition version', definition.version],
    ['Owner', definition.owner],
    ['Period', `${answer.period.from} to before ${answer.period.to}`],
    ['Answered at', answer.at],
    ['As known at', answer.question.asOf ?? answer.at],
    ['Data version', String(answer.dataVersion)],
    ...answer.freshness.map((one): [string, string] => [
      `Source ${one.title}`,
      `${describeSource(one)}; included until ${one.coveredUntil ?? 'never synced'}`,
    ]),
    ...answer.warnings.map((warning): [string, string] => ['Warning', warning]),
  ];
  fill(
    book.addWorksheet('About'),
    facts.map(([name, value]) => [bold(name), text(value, { wrap: true })]),
    [26, 90],
  );
}

/** Answer → an .xlsx with sheets Answer, Series, Parts and About. */
export async function excelAnswer(answer: Answer): Promise<Uint8Array> {
  const { default: exceljs } = await import('exceljs');
  const book = new exceljs.Workbook();
  book.creator = 'Herald';
  book.created = new Date(answer.at);
  book.modified = new Date(answer.at);
  book.title = answer.title;
  answerSheet(book, answer);
  seriesSheet(book, answer);
  partsSheet(book, answer);
  aboutSheet(book, answer);
  return new Uint8Array(await book.xlsx.writeBuffer());
}
