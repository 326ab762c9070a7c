/**
 * Conditions of a company's own measures as SQL. Column names come from the list of facts, numbers are numbers, and a
 * text travels as hexadecimal digits: by construction no character of the configuration reaches a statement.
 */
import { didYouMean } from '../../platform/closest.ts';
import type { FactTable } from '../definition.ts';
import { type ColumnKind, facts } from './facts.ts';
import type { Condition } from './schema.ts';

/** Tells a fault and the place it is at, below the place of the whole. */
export type Report = (at: string, fault: string) => void;

/** A text as an SQL expression that the planner folds to a constant. */
export const literal = (text: string) =>
  `convert_from('\\x${Buffer.from(text, 'utf8').toString('hex')}'::bytea, 'UTF8')`;

/** The column's kind; reports a name that the fact does not have. */
export function kindOf(table: FactTable, column: string, at: string, report: Report): ColumnKind | null {
  const known = facts.get(table);
  const kind = known?.get(column);
  if (kind) return kind;
  const names = [...(known?.keys() ?? [])];
  report(at, `${table} has no column "${column}"; ${didYouMean(column, names)}it has ${names.join(', ')}`);
  return null;
}

/** All conditions, joined by "and"; undefined without any. Amounts are in units of the currency. */
export function compileWhere(
  table: FactTable,
  where: Readonly<Record<string, Condition>>,
  minorPerUnit: number,
  report: Report,
): string | undefined {
  const all = Object.entries(where).flatMap(([column, condition]) => {
    const at = `where.${column}`;
    const kind = kindOf(table, column, at, report);
    if (kind === null) return [];
    return compile(
      { sql: kind === 'instant' ? `tz(f.${column})` : `f.${column}`, kind, minorPerUnit },
      condition,
      (fault) => report(at, fault),
    );
  });
  return all.length === 0 ? undefined : all.join(' and ');
}

type Column = { sql: string; kind: ColumnKind; minorPerUnit: number };

function compile(column: Column, condition: Condition, fault: (fault: string) => void): string[] {
  if (Array.isArray(condition)) return anyOf(column, condition, fault);
  if (typeof condition !== 'object') return anyOf(column, [condition], fault);
  const out: string[] = [];
  const { not, missing } = condition;
  if (not !== undefined) {
    // What is not said is not among the refused values either.
    for (const one of anyOf(column, Array.isArray(not) ? not : [not], fault))
      out.push(`(${one}) is not true`);
  }
  if (missing !== undefined) out.push(`${column.sql} is ${missing ? '' : 'not '}null`);
  for (const [name, operator] of Object.entries(bounds)) {
    const bound = condition[name as keyof typeof bounds];
    if (bound === undefined) continue;
    if (column.kind !== 'number' && column.kind !== 'money')
      fault(`"${name}" compares numbers, and this column holds ${words[column.kind]}`);
    else out.push(`${column.sql} ${operator} ${numberOf(column, bound)}`);
  }
  for (const [name, operator] of Object.entries(days)) {
    const day = condition[name as keyof typeof days];
    if (day === undefined) continue;
    if (column.kind !== 'date' && column.kind !== 'instant')
      fault(`"${name}" compares dates, and this column holds ${words[column.kind]}`);
    else out.push(`${column.sql} ${operator} date '${day}'`);
  }
  if (out.length === 0 && not === undefined) fault('is empty; say for example {above: 0} or {missing: true}');
  return out;
}

const bounds = { above: '>', atLeast: '>=', below: '<', atMost: '<=' } as const;
const days = { before: '<', from: '>=' } as const;
const words: Record<ColumnKind, string> = {
  text: 'text',
  number: 'numbers',
  money: 'amounts',
  boolean: 'yes or no',
  date: 'dates',
  instant: 'instants',
};

const numberOf = ({ kind, minorPerUnit }: Column, value: number) =>
  kind === 'money' ? Math.round(value * minorPerUnit) : value;

function anyOf(
  column: Column,
  values: readonly (string | number | boolean)[],
  fault: (fault: string) => void,
): string[] {
  const wanted = {
    text: 'string',
    number: 'number',
    money: 'number',
    boolean: 'boolean',
    date: 'date',
    instant: 'date',
  }[column.kind];
  const bad = values.filter((value) =>
    wanted === 'date' ? !/^\d{4}-\d{2}-\d{2}$/.test(String(value)) : typeof value !== wanted,
  );
  if (bad.length > 0) {
    fault(`"${bad[0]}" cannot be compared: this column holds ${words[column.kind]}`);
    return [];
  }
  const sql = values.map((value) => {
    if (typeof value === 'boolean') return String(value);
    if (typeof value === 'number') return String(numberOf(column, value));
    return wanted === 'date' ? `date '${value}'` : literal(value);
  });
  return [`${column.sql} in (${sql.join(', ')})`];
}
