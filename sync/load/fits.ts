/**
 * Whether a unified row fits its table, checked before anything is sent: one value that the database refuses would take
 * the whole batch with it, and a text too long for an index would stop the roll-up later.
 */
import { orm } from '../../db/drizzle.ts';
import * as unified from '../../db/schema/unified/index.ts';
import { HeraldError } from '../../platform/errors.ts';
import type { UnifiedRow, UnifiedTable } from '../source.ts';

type Cell = UnifiedRow[string];
type Column = { type: string; required: boolean; fault(value: NonNullable<Cell>): string | null };

/** Written by the loader itself. */
const keyColumns = ['tenant', 'system', 'id'];

/** Texts that people read as a whole; they stand in no index. */
const prose = new Set(['name', 'title', 'subject', 'email', 'domain', 'industry']);
const MOST_PROSE_BYTES = 4_000;
/** Eight labels and the day make one key of the roll-up, and a key may have 2,704 bytes. */
const MOST_LABEL_BYTES = 300;

/** The table's columns that a mapping may write, by name. */
export function columnsOf(table: string): ReadonlyMap<string, Column> {
  const columns = byTable.get(table);
  if (!columns) throw new HeraldError('bug', `There is no unified table "${table}".`);
  return columns;
}

/** What is wrong with the row, every fault of it in words; null when it fits. Throws `bug` for an unknown column. */
export function faultOf(table: UnifiedTable, row: UnifiedRow): string | null {
  const columns = columnsOf(table);
  let faults: string[] | null = null;
  for (const name in row) {
    const value = row[name];
    const column = columns.get(name);
    if (!column)
      throw new HeraldError('bug', `A mapping writes "${name}", which ${table} does not have.`, {
        note: `columns: ${[...columns.keys()].join(', ')}`,
      });
    const fault =
      value === null || value === undefined
        ? column.required
          ? 'must not be empty'
          : null
        : column.fault(value);
    if (fault !== null) faults = [...(faults ?? []), `${name}: ${fault}`];
  }
  return faults === null ? null : faults.join('; ');
}

const shown = (value: Cell) => JSON.stringify(value).slice(0, 60);

function textFault(most: number): Column['fault'] {
  return (value) => {
    if (typeof value === 'object') return `expected a text, got ${shown(value)}`;
    if (typeof value !== 'string') return null;
    if (value.length * 3 <= most) return value.includes('\0') ? nul : null;
    const bytes = Buffer.byteLength(value);
    if (bytes > most) return `a text of ${bytes} bytes, where ${most} are the most`;
    return value.includes('\0') ? nul : null;
  };
}

const nul = 'a text with a NUL character, which a database text cannot keep';

function wholeFault(least: number, most: number): Column['fault'] {
  return (value) => {
    const number =
      typeof value === 'string' && /^-?\d{1,16}$/.test(value) ? Number(value) : (value as unknown);
    if (!Number.isSafeInteger(number)) return `expected a whole number, got ${shown(value)}`;
    const whole = number as number;
    return whole < least || whole > most ? `${whole} is out of range` : null;
  };
}

const calendarDate = /^(\d{4})-(\d\d)-(\d\d)(?=$|T)/;

/** A date of the calendar: the 31st of February would be refused by the database and moved to March by JavaScript. */
function dateFault(value: Cell): string | null {
  const found = typeof value === 'string' ? calendarDate.exec(value) : null;
  const [year, month, day] = found ? [Number(found[1]), Number(found[2]), Number(found[3])] : [0, 0, 0];
  const fits = year > 0 && month > 0 && month <= 12 && day > 0 && day <= daysOf(year, month);
  return fits ? null : `expected a date, got ${shown(value)}`;
}

const daysOf = (year: number, month: number) =>
  month === 2
    ? (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0
      ? 29
      : 28
    : [4, 6, 9, 11].includes(month)
      ? 30
      : 31;

const instant = /^.{10}([T ]([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d+)?)?(Z|[+-](0\d|1[0-5])(:?[0-5]\d)?)?)?$/;

/** Stricter than either side, as each takes texts that the other refuses. */
function instantFault(value: Cell): string | null {
  const fits = instant.test(value as string) && dateFault((value as string).slice(0, 10)) === null;
  return fits ? null : `expected a date and time, got ${shown(value)}`;
}

const faults: Record<string, Column['fault']> = {
  integer: wholeFault(-(2 ** 31), 2 ** 31 - 1),
  bigint: wholeFault(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER),
  boolean: (value) => (typeof value === 'boolean' ? null : `expected yes or no, got ${shown(value)}`),
  date: dateFault,
  'timestamp with time zone': instantFault,
  jsonb: (value) => {
    const bytes = Buffer.byteLength(JSON.stringify(value));
    return bytes > MOST_PROSE_BYTES ? `${bytes} bytes, where ${MOST_PROSE_BYTES} are the most` : null;
  },
};

const byTable: ReadonlyMap<string, ReadonlyMap<string, Column>> = new Map(
  Object.values(unified).map((table) => [
    orm.getTableName(table),
    new Map(
      Object.values(orm.getTableColumns(table))
        .filter((column) => !keyColumns.includes(column.name))
        .map((column): [string, Column] => {
          const type = column.getSQLType();
          const fault =
            faults[type] ?? textFault(prose.has(column.name) ? MOST_PROSE_BYTES : MOST_LABEL_BYTES);
          return [column.name, { type, required: column.notNull, fault }];
        }),
    ),
  ]),
);
