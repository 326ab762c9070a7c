import type { Answer } from '../../kpi/answer.ts';
import { plainText } from '../plain-text.ts';

type Cell = string | number | boolean | null;

// Excel and its kin run a cell that starts so, quoted or not (owasp.org/www-community/attacks/CSV_Injection).
const startsFormula = /^[\s]*[=+\-@\t\r|%]/;

function field(cell: Cell): string {
  if (cell === null) return '';
  if (typeof cell !== 'string') return String(cell);
  const clean = plainText(cell, 30_000);
  const guarded = startsFormula.test(clean) ? `'${clean}` : clean;
  return /[",\r\n;]/.test(guarded) || guarded !== guarded.trim()
    ? `"${guarded.replace(/"/g, '""')}"`
    : guarded;
}

/** RFC 4180: CRLF, quotes doubled. Text that would be read as a formula gets an apostrophe; numbers are bare. */
export function csv(rows: readonly (readonly Cell[])[]): string {
  return rows.map((row) => `${row.map(field).join(',')}\r\n`).join('');
}

const head = [
  'kpi',
  'title',
  'unit',
  'currency',
  'kind',
  'name',
  'from',
  'to',
  'value',
  'comparison',
  'records',
  'complete',
];

/**
 * One tidy table: the total, then the course, then the parts. It starts with a byte order mark, without
 * which Excel reads UTF-8 as the machine's own code page.
 */
export function csvAnswer(answer: Answer): string {
  const { period, comparison } = answer;
  const same = [answer.kpi, answer.title, answer.unit, answer.currency] as const;
  const rows: Cell[][] = [
    [
      ...same,
      'total',
      period.label,
      period.from,
      period.to,
      answer.value,
      comparison?.value ?? null,
      null,
      period.complete,
    ],
    ...answer.series.map((point): Cell[] => [
      ...same,
      answer.seriesGrain,
      point.at,
      point.at,
      null,
      point.value,
      point.comparison,
      null,
      point.complete,
    ]),
    ...answer.parts.map((part): Cell[] => [
      ...same,
      part.dimension,
      part.name,
      period.from,
      period.to,
      part.value,
      part.comparison,
      part.n,
      period.complete,
    ]),
  ];
  return `\ufeff${csv([head, ...rows])}`;
}
