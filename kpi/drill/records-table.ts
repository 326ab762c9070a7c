/** The largest records behind a number, part by part as its formula has them; they add up to the parts shown with it. */
import type { Database } from '../../db/client.ts';
import { HeraldError } from '../../platform/errors.ts';
import { aboutTable } from '../about-table.ts';
import type { Answer, Unit } from '../answer.ts';
import type { KpiDefinition } from '../definition.ts';
import { formatValue } from '../number.ts';
import { type LineagePart, type LineageRecord, type Origin, readLineage } from '../read/lineage.ts';
import type { EngineSettings } from '../settings.ts';
import type { Cell, Column, TableAnswer } from '../table.ts';
import { type Described, describeRecords } from './describe-records.ts';

export type RecordsInput = {
  db: Database;
  /** The number itself, as it was answered. */
  figure: Answer;
  settings: EngineSettings;
  now: Date;
  /** Rows of the table, shared among the parts. */
  most: number;
  /** Where a record is seen in its own system; null where it has no page. */
  linkOf: (origin: Origin) => string | null;
};

type Line = { part: LineagePart; record: LineageRecord; origin: Origin; words: Described };

/** Throws `ask` for an as-of number: records are read as they are now. */
export async function recordsTable(input: RecordsInput): Promise<TableAnswer> {
  const { db, figure, settings, now, most } = input;
  const { question } = figure;
  const kpi = settings.catalogue.kpiByName.get(figure.kpi);
  if (!kpi) throw new HeraldError('ask', `There is no KPI "${figure.kpi}".`);
  if (question.asOf !== null)
    throw new HeraldError('ask', 'Records are shown as they are now. Ask without "as of".');
  const { minorPerUnit, calendar, catalogue } = settings;
  return db.inTransaction(
    async (sql) => {
      const parts = await readLineage(sql, kpi, {
        catalogue,
        period: question.period,
        filters: question.filters,
        timeZone: calendar.timeZone,
        most,
      });
      const about = await aboutTable(sql, kpi, question, settings, now);
      const [behind] = await sql<{ behind: boolean }[]>`
        select (select seq from data_version) > ${about.dataVersion} as behind`;
      const shown = shared(parts, most);
      const found = shown.flatMap(({ part, records }) =>
        records.map((record) => ({ part, record, origin: record.origins[0]! })),
      );
      const words = await describeRecords(
        sql,
        found.map(({ origin }) => origin),
      );
      const lines = found.map((line, i): Line => ({ ...line, words: words[i]! }));
      const columns = columnsOf(lines, parts, kpi, minorPerUnit);
      const count = parts.reduce((sum, part) => sum + part.count, 0);
      return {
        ...about,
        kind: 'records',
        title: `Records behind ${figure.title}`,
        sentence: `${figure.sentence} ${describeCount(count, lines.length)}`,
        reading: figure.reading,
        columns: columns.map(({ column }) => column),
        rows: lines.map((line) => columns.map(({ cell }) => cell(line))),
        links: lines.map(({ origin }) => input.linkOf(origin)),
        notes: shown.map(({ part, records }) => describePart(part, records.length, kpi, settings)),
        warnings: [
          ...about.warnings,
          ...(behind?.behind
            ? ['Changes are being counted right now: records may be ahead of the number. Ask again.']
            : []),
        ],
        definition: { version: kpi.version, text: kpi.text },
      };
    },
    { isolation: 'repeatable read' },
  );
}

/** The rows shared out: each part its even share, and what a short one leaves goes to the others. */
function shared(
  parts: readonly LineagePart[],
  most: number,
): { part: LineagePart; records: readonly LineageRecord[] }[] {
  const share = new Map<LineagePart, number>(parts.map((part) => [part, 0]));
  let room = most;
  for (let wanting = [...parts]; room > 0 && wanting.length > 0; ) {
    const each = Math.max(1, Math.floor(room / wanting.length));
    for (const part of wanting) {
      const more = Math.min(each, room, part.records.length - share.get(part)!);
      share.set(part, share.get(part)! + more);
      room -= more;
    }
    wanting = wanting.filter((part) => share.get(part)! < part.records.length);
  }
  return parts.map((part) => ({ part, records: part.records.slice(0, share.get(part)) }));
}

const describeCount = (all: number, shown: number): string =>
  all === 0
    ? 'No records are behind it.'
    : shown === all
      ? `${all === 1 ? 'The record' : `All ${formatValue(all, 'count')} records`} behind it:`
      : `The largest ${shown} of ${formatValue(all, 'count')} records behind it:`;

/** "deals won: 31 records, $1,204,000.00 together; 12 not shown" */
function describePart(
  part: LineagePart,
  shown: number,
  kpi: KpiDefinition,
  { minorPerUnit, currency }: EngineSettings,
): string {
  const { unit, divisor } = unitOf(part, kpi, minorPerUnit);
  const total =
    part.total === null || part.unit === 'count'
      ? ''
      : `, ${formatValue(part.total / divisor, unit, { currency, style: 'exact' })} together`;
  const counted = part.unit === 'count' && part.total !== part.count ? `, counting ${part.total}` : '';
  const rest = part.count - shown;
  return `${part.label}: ${formatValue(part.count, 'count', { style: 'exact' })} ${part.count === 1 ? 'record' : 'records'}${total}${counted}${rest > 0 ? `; ${formatValue(rest, 'count', { style: 'exact' })} more are in the export` : ''}`;
}

/** What a part's values are shown in, and what they are divided by for it. */
function unitOf(
  part: LineagePart,
  kpi: KpiDefinition,
  minorPerUnit: number,
): { unit: Unit; divisor: number } {
  switch (part.unit) {
    case 'money':
      return { unit: 'money', divisor: minorPerUnit };
    case 'seconds':
      return { unit: 'minutes', divisor: 60 };
    case 'count':
      return { unit: 'count', divisor: 1 };
    case 'value':
      return { unit: kpi.unit, divisor: 1 };
    default:
      return part.unit satisfies never;
  }
}

const valueLabels: Partial<Record<Unit, string>> = { money: 'Amount', count: 'Count' };

/** Only columns in which something stands; a value has the column of its unit. */
function columnsOf(
  lines: readonly Line[],
  parts: readonly LineagePart[],
  kpi: KpiDefinition,
  minorPerUnit: number,
): { column: Column; cell: (line: Line) => Cell }[] {
  const valued = (line: Line) => unitOf(line.part, kpi, minorPerUnit);
  const units = new Set(
    lines
      // A column of ones says nothing.
      .filter(({ part, record }) => part.unit !== 'count' || record.value !== 1)
      .map((line) => valued(line).unit),
  );
  const all: { column: Column; cell: (line: Line) => Cell; when?: boolean }[] = [
    {
      column: { label: 'Record', unit: 'text' },
      cell: ({ record, words, origin }) => record.name ?? (words.name || `${origin.table} ${origin.id}`),
    },
    {
      column: { label: 'Customer', unit: 'text' },
      cell: ({ record, words }) => (record.name === null ? words.customer : null),
    },
    {
      column: { label: 'Counted as', unit: 'text' },
      cell: ({ part }) => part.label,
      when: parts.length > 1,
    },
    ...[...units].map((unit) => ({
      column: { label: valueLabels[unit] ?? `${unit[0]!.toUpperCase()}${unit.slice(1)}`, unit },
      cell: (line: Line) => (valued(line).unit === unit ? line.record.value / valued(line).divisor : null),
    })),
    {
      column: { label: 'Record’s amount', unit: 'money' },
      cell: ({ words }) => (words.amount === null ? null : words.amount / minorPerUnit),
      when: !units.has('money'),
    },
    { column: { label: 'Owner', unit: 'text' }, cell: ({ words }) => words.owner },
    { column: { label: 'Day', unit: 'day' }, cell: ({ record }) => record.day },
  ];
  return all.filter(
    ({ cell, when }, i) => i === 0 || (when !== false && lines.some((line) => cell(line) !== null)),
  );
}
