/** Values of rows, as SELECT shows them and as WHERE compares them. */
import { ApiFault } from './api-fault.ts';
import type { Row, Rows } from './rows.ts';
import type { FieldType, ObjectName, Path } from './schema.ts';
import type { Literal } from './soql.ts';

/** 2026-11-01T09:30:00.000+0000: Salesforce's form, not quite ISO. */
export function salesforceInstant(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}.000+0000`;
}

/** The value of one field of a row, as the API shows it. */
export function fieldValue(row: Row, field: string): unknown {
  const { record, createdAt, gone } = row.stored;
  switch (field) {
    case 'Id':
      return row.id;
    case 'SystemModstamp':
      return salesforceInstant(row.stamp);
    case 'LastModifiedDate':
      return record.LastModifiedDate ?? salesforceInstant(row.stamp);
    case 'CreatedDate':
      return record.CreatedDate ?? salesforceInstant(createdAt);
    case 'IsDeleted':
      return row.isDeleted;
    case 'MasterRecordId':
      return record.MasterRecordId ?? gone?.into ?? null;
    default:
      return record[field] ?? null;
  }
}

/** Follow a path's references from a row to the row that holds its field; null where a reference is empty or dangling. */
export function follow(row: Row, path: Path, rows: Rows): Row | null {
  let here: Row | undefined = row;
  for (const { reference, to } of path.steps) {
    const id = fieldValue(here, reference);
    here = typeof id === 'string' ? rows.get(to, id) : undefined;
    if (!here) return null;
  }
  return here;
}

/** Write the value at `path` into a result record, with the nested objects that Salesforce makes of relationships. */
export function project(into: Record<string, unknown>, row: Row, path: Path, rows: Rows, root: string): void {
  let target = into;
  let here: Row = row;
  for (const { reference, relationship, to } of path.steps) {
    const id = fieldValue(here, reference);
    const parent = typeof id === 'string' ? rows.get(to, id) : undefined;
    if (!parent) {
      target[relationship] = null;
      return;
    }
    target[relationship] ??= { attributes: { type: to, url: `${root}/sobjects/${to}/${parent.id}` } };
    target = target[relationship] as Record<string, unknown>;
    here = parent;
  }
  target[path.field] = fieldValue(here, path.field);
}

export type Comparable = string | number | boolean | null;

/** A field's value in a form that orders rightly: instants as ms, dates as text, ids as they are, other text without case. */
export function comparable(type: FieldType, value: unknown): Comparable {
  if (value === null || value === undefined) return null;
  if (type === 'datetime') return Date.parse(String(value).replace(/\+0000$/, 'Z'));
  if (type === 'date') return String(value).slice(0, 10);
  if (type === 'double') return Number(value);
  if (type === 'boolean') return Boolean(value);
  return type === 'string' ? String(value).toLowerCase() : String(value);
}

const fitting: Record<FieldType, Literal['type']> = {
  id: 'string',
  reference: 'string',
  string: 'string',
  boolean: 'boolean',
  double: 'number',
  date: 'date',
  datetime: 'dateTime',
};

/** A literal in the same form; a literal of the wrong type is refused, as Salesforce does. */
export function comparableLiteral(object: ObjectName, path: Path, literal: Literal): Comparable {
  if (literal.type === 'null') return null;
  const wanted = fitting[path.type];
  if (literal.type !== wanted) {
    const quotes = literal.type === 'string' ? ' and should not be enclosed in quotes' : '';
    throw new ApiFault(
      400,
      'INVALID_FIELD',
      `${object}: value of filter criterion for field '${path.field}' must be of type ${wanted}${quotes}`,
    );
  }
  return comparable(path.type, literal.value);
}
