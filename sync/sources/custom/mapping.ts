/** A stream's `map` compiled once into `unify`, with every fault in it reported at once. */
import { createHash } from 'node:crypto';
import { didYouMean } from '../../../platform/closest.ts';
import { type MappingPrint, RecordFault, type UnifiedRow } from '../../source.ts';
import { minorDigits } from '../minor-digits.ts';
import { type ColumnType, isUnifiedTable, unifiedColumns, writtenByHerald } from './columns.ts';
import { fieldOf } from './field-of.ts';
import { compileRowFilter, type RowFilter } from './row-filter.ts';
import type { FieldRule, FieldType, StreamSettings } from './settings.ts';
import { convert, type Shape, type Value } from './values.ts';

export type Mapping = {
  /** Fields of the system's record that are read, sorted. */
  fields: readonly string[];
  /** What it is made of, the house's shapes of values included. */
  made: MappingPrint;
  /** Null when the stream's `where` or `deletedWhen` says that it is no fact. */
  unify(raw: unknown): UnifiedRow | null;
};

type Step = { column: string; entry: string | null; type: FieldType; rule: FieldRule };

/** Set on a payload that could not be cut into fields; its text is why. */
export const brokenMark = '$broken';

const fits: Record<ColumnType, readonly FieldType[]> = {
  text: ['text', 'enum'],
  integer: ['integer'],
  money: ['cents', 'money'],
  decimal: ['decimal'],
  boolean: ['boolean'],
  date: ['date'],
  instant: ['instant'],
  ids: ['text'],
};

/** Faults of a mapping in words, each with its `place` in herald.yaml; `mapping` is null when there are any. */
export function compileMapping(
  place: string,
  stream: StreamSettings,
  shape: Shape,
): { mapping: Mapping | null; faults: string[] } {
  const { entity } = stream;
  if (!isUnifiedTable(entity)) {
    const known = [...unifiedColumns.keys()];
    const fault = `${place}.entity: the unified model has no table "${entity}"; ${didYouMean(entity, known)}it may be one of ${known.join(', ')}`;
    return { mapping: null, faults: [fault] };
  }
  const columns = unifiedColumns.get(entity)!;
  const faults: string[] = [];
  const steps: Step[] = [];
  for (const [target, given] of Object.entries(stream.map)) {
    const rule: FieldRule = typeof given === 'string' ? { field: given } : given;
    const [column = '', entry = null, ...more] = target.split('.');
    const holds = columns.get(column);
    const where = `${place}.map.${target}`;
    if (holds === undefined) {
      const names = [...columns.keys()];
      faults.push(
        writtenByHerald(entity, column)
          ? `${where}: "${column}" is worked out by Herald and cannot be mapped; ${entity} has ${names.join(', ')}`
          : `${where}: ${entity} has no column "${column}"; ${didYouMean(column, names)}it has ${names.join(', ')}`,
      );
    } else if (more.length > 0 || (holds === 'ids') !== (entry !== null)) {
      faults.push(
        `${where}: ${holds === 'ids' ? `write ${column}.<system>, e.g. ${column}.salesforce` : `"${column}" has no parts`}`,
      );
    } else {
      const type = rule.type ?? typeOf(holds, rule);
      const fault = faultOfStep(type, holds, rule);
      if (fault) faults.push(`${where}: ${fault}`);
      else steps.push({ column, entry, type: type!, rule });
    }
  }
  if (faults.length > 0) return { mapping: null, faults };
  // An amount is read in its record's currency.
  steps.sort((a, b) => Number(b.column === 'currency') - Number(a.column === 'currency'));
  const filter = compileRowFilter(stream, shape);
  const mapped = steps.flatMap(({ rule }) =>
    [...(rule.fields ?? [rule.field]), rule.times].filter((field) => field !== undefined),
  );
  const fields = [...new Set([...mapped, ...filter.fields])].sort();
  const { map, where, deletedWhen } = stream;
  const made = {
    print: hashOfText(
      JSON.stringify([entity, map, where, deletedWhen, { ...shape, empty: [...shape.empty] }]),
    ),
    columns: [...new Set(steps.map(({ column }) => column))].sort(),
  };
  return { mapping: { fields, made, unify: (raw) => unify(raw, steps, filter, shape) }, faults };
}

const hashOfText = (text: string) => createHash('sha256').update(text).digest('base64url').slice(0, 22);

/** The type that a column leaves no choice about; null where it does. */
function typeOf(holds: ColumnType, rule: FieldRule): FieldType | null {
  if (holds === 'money') return rule.constant === undefined ? null : 'cents';
  return fits[holds][0]!;
}

function faultOfStep(type: FieldType | null, holds: ColumnType, rule: FieldRule): string | null {
  if (type === null)
    return 'it holds money: say `type: cents` (integer minor units) or `type: money` (decimal text)';
  if (!fits[holds].includes(type))
    return `type "${type}" does not fit; it may be ${fits[holds].join(' or ')}`;
  if (type === 'enum' && !rule.values) return 'type "enum" needs `values`';
  if (rule.times !== undefined && !['money', 'cents', 'integer', 'decimal'].includes(type))
    return `\`times\` multiplies numbers, and this holds ${words[holds]}`;
  // Words among `values` are read like the system's own.
  const values = Object.values(rule.values ?? {}).filter((value) => typeof value !== 'string');
  const wrong = [rule.constant, rule.default, ...values].find(
    (value) => value !== undefined && value !== null && !isReady(value, holds),
  );
  return wrong === undefined
    ? null
    : `${JSON.stringify(wrong)} is no value of a column that holds ${words[holds]}`;
}

const words: Record<ColumnType, string> = {
  text: 'text',
  integer: 'whole numbers',
  money: 'money in minor units',
  decimal: 'decimal numbers',
  boolean: 'true or false',
  date: 'dates (2026-12-31)',
  instant: 'instants (2026-12-31T09:30:00Z)',
  ids: 'ids',
};

/** Can a value of the settings stand in such a column as it is? */
function isReady(value: string | number | boolean, holds: ColumnType): boolean {
  switch (holds) {
    case 'text':
    case 'ids':
      return true;
    case 'integer':
    case 'money':
      return typeof value === 'string' ? /^-?\d+$/.test(value) : Number.isSafeInteger(value);
    case 'decimal':
      return typeof value === 'number' || /^-?\d+(\.\d+)?$/.test(String(value));
    case 'boolean':
      return typeof value === 'boolean' || /^(true|false|yes|no|t|f|y|n|0|1|on|off)$/i.test(String(value));
    case 'date':
      return /^\d{4}-\d\d-\d\d$/.test(String(value));
    case 'instant':
      return /^\d{4}-\d\d-\d\d(T.*)?$/.test(String(value));
    default:
      return holds satisfies never;
  }
}

function unify(raw: unknown, steps: readonly Step[], filter: RowFilter, shape: Shape): UnifiedRow | null {
  if (raw === null || typeof raw !== 'object' || Array.isArray(raw))
    throw new RecordFault('expected a record with named fields');
  const record = raw as Record<string, unknown>;
  if (typeof record[brokenMark] === 'string') throw new RecordFault(record[brokenMark]);
  if (!filter.keeps(record)) return null;
  const row: UnifiedRow = {};
  const digits = () => minorDigits(typeof row.currency === 'string' ? row.currency : shape.currency);
  for (const step of steps) {
    const value = read(record, step, shape, digits);
    if (step.entry !== null) {
      if (value === null) row[step.column] ??= null;
      else
        row[step.column] = {
          ...(row[step.column] as Record<string, string> | null | undefined),
          [step.entry]: String(value),
        };
    } else row[step.column] = step.column === 'currency' ? currencyCode(value) : value;
  }
  return row;
}

/** @throws RecordFault: an amount in an unknown currency must not be summed. */
function currencyCode(value: Value): string | null {
  if (value === null) return null;
  const code = String(value).toUpperCase();
  minorDigits(code);
  return code;
}

function read(
  record: Record<string, unknown>,
  { rule, type }: Step,
  shape: Shape,
  digits: () => number,
): Value {
  if (rule.constant !== undefined) return rule.constant;
  try {
    return convert(
      rule.fields ? joined(record, rule.fields, rule.join ?? ' ') : fieldOf(record, rule.field!),
      type,
      rule,
      shape,
      digits,
      rule.times === undefined ? undefined : fieldOf(record, rule.times),
    );
  } catch (thrown) {
    if (!(thrown instanceof RecordFault)) throw thrown;
    const named = [...(rule.fields ?? [rule.field]), ...(rule.times === undefined ? [] : [rule.times])]
      .map((field) => `"${field}"`)
      .join(', ');
    throw new RecordFault(`field ${named}: ${thrown.message}`, { cause: thrown });
  }
}

function joined(record: Record<string, unknown>, fields: readonly string[], join: string): string {
  return fields
    .map((field) => fieldOf(record, field))
    .filter((part) => part !== null && part !== undefined && String(part).trim() !== '')
    .map((part) => {
      if (typeof part === 'object') throw new RecordFault('expected one value, got a list or an object');
      return String(part).trim();
    })
    .join(join);
}
