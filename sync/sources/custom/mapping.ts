/** A stream's `map` compiled once into `unify`, with every fault in it reported at once. */
import { RecordFault, type UnifiedRow } from '../../source.ts';
import { type ColumnType, isUnifiedTable, unifiedColumns } from './columns.ts';
import type { FieldRule, FieldType, StreamSettings } from './settings.ts';
import { convert, type Shape } from './values.ts';

export type Mapping = {
  /** Fields of the system's record that are read, sorted. */
  fields: readonly string[];
  unify(raw: unknown): UnifiedRow;
};

type Step = { column: string; entry: string | null; field: string | null; type: FieldType; rule: FieldRule };

/** Set on a payload that could not be cut into fields; its text is why. */
export const brokenMark = '$broken';

const fits: Record<ColumnType, readonly FieldType[]> = {
  text: ['text', 'enum'],
  integer: ['integer'],
  money: ['cents', 'money'],
  boolean: ['boolean'],
  date: ['date'],
  instant: ['instant'],
  ids: ['text'],
};

/** Faults of a mapping in words; `mapping` is null when there are any. */
export function compileMapping(
  place: string,
  stream: StreamSettings,
  shape: Shape,
): { mapping: Mapping | null; faults: string[] } {
  if (!isUnifiedTable(stream.entity)) {
    const known = [...unifiedColumns.keys()].join(', ');
    return {
      mapping: null,
      faults: [`${place}: entity "${stream.entity}" is not in the unified model; it may be one of ${known}`],
    };
  }
  const columns = unifiedColumns.get(stream.entity)!;
  const faults: string[] = [];
  const steps: Step[] = [];
  for (const [target, given] of Object.entries(stream.map)) {
    const rule: FieldRule = typeof given === 'string' ? { field: given } : given;
    const [column = '', entry = null, ...more] = target.split('.');
    const holds = columns.get(column);
    const where = `${place}, column "${target}"`;
    if (holds === undefined) {
      faults.push(
        `${where}: "${stream.entity}" has no such column; it has ${[...columns.keys()].join(', ')}`,
      );
    } else if (more.length > 0 || (holds === 'ids') !== (entry !== null)) {
      faults.push(
        `${where}: ${holds === 'ids' ? `write ${column}.<system>, e.g. ${column}.salesforce` : `"${column}" has no parts`}`,
      );
    } else {
      const type =
        rule.type ??
        (rule.values && rule.default === undefined && holds === 'text' ? 'text' : onlyType(holds));
      if (type === null)
        faults.push(
          `${where}: it holds money: say \`type: cents\` (integer minor units) or \`type: money\` (decimal text)`,
        );
      else if (!fits[holds].includes(type))
        faults.push(`${where}: type "${type}" does not fit; it may be ${fits[holds].join(' or ')}`);
      else if (type === 'enum' && !rule.values) faults.push(`${where}: type "enum" needs \`values\``);
      else steps.push({ column, entry, field: rule.field ?? null, type, rule });
    }
  }
  if (faults.length > 0) return { mapping: null, faults };
  const fields = [...new Set(steps.flatMap((step) => step.field ?? []))].sort();
  return { mapping: { fields, unify: (raw) => unify(raw, steps, shape) }, faults };
}

/** The type that a column leaves no choice about. */
function onlyType(holds: ColumnType): FieldType | null {
  return holds === 'money' ? null : fits[holds][0]!;
}

function unify(raw: unknown, steps: readonly Step[], shape: Shape): UnifiedRow {
  if (raw === null || typeof raw !== 'object' || Array.isArray(raw))
    throw new RecordFault('expected a record with named fields');
  const record = raw as Record<string, unknown>;
  if (typeof record[brokenMark] === 'string') throw new RecordFault(record[brokenMark]);
  const row: UnifiedRow = {};
  for (const step of steps) {
    const value = step.field === null ? (step.rule.constant ?? null) : read(record, step, shape);
    if (step.entry === null) row[step.column] = value;
    else if (value !== null)
      row[step.column] = {
        ...(row[step.column] as Record<string, string> | undefined),
        [step.entry]: String(value),
      };
    else row[step.column] ??= null;
  }
  return row;
}

function read(record: Record<string, unknown>, step: Step, shape: Shape) {
  try {
    return convert(fieldOf(record, step.field!), step.type, step.rule, shape);
  } catch (thrown) {
    if (thrown instanceof RecordFault)
      throw new RecordFault(`field "${step.field}": ${thrown.message}`, { cause: thrown });
    throw thrown;
  }
}

/** A field by its own name, or by a dotted path into a nested record. */
export function fieldOf(record: Record<string, unknown>, path: string): unknown {
  if (Object.hasOwn(record, path)) return record[path];
  let at: unknown = record;
  for (const part of path.split('.')) {
    if (at === null || typeof at !== 'object' || !Object.hasOwn(at, part)) return undefined;
    at = (at as Record<string, unknown>)[part];
  }
  return at;
}
