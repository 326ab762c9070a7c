/** The unified model as a mapping may name it: tables, their columns and what each column holds. */

import { orm } from '../../../db/drizzle.ts';
import * as unified from '../../../db/schema/unified/index.ts';
import type { UnifiedTable } from '../../source.ts';

export type ColumnType = 'text' | 'integer' | 'money' | 'decimal' | 'boolean' | 'date' | 'instant' | 'ids';

/** Written by Herald, never by a mapping. */
const reserved = ['tenant', 'system', 'id', 'company', 'shift'];
/** Region and segment are a mapping's own only on accounts and staff. */
const stamped = ['region', 'segment'];
/** Judged from a ticket and its events (sync/resolve/judge/). Times and counts of tickets are told by a source that knows them. */
const judged: Record<string, readonly string[]> = {
  ticket: [
    'from_events',
    'followed',
    'first_reply_business_seconds',
    'first_solution_business_seconds',
    'resolution_business_seconds',
  ],
  ticket_event: [
    'late',
    'orphan',
    'until',
    'owner',
    'product',
    'channel',
    'due_at',
    'elapsed_seconds',
    'breached',
    'judged_at',
  ],
};

export function writtenByHerald(table: string, column: string): boolean {
  return (
    reserved.includes(column) ||
    column.startsWith('original_') ||
    (table !== 'account' && table !== 'staff' && stamped.includes(column)) ||
    (judged[table]?.includes(column) ?? false)
  );
}

const types: Record<string, ColumnType> = {
  PgText: 'text',
  PgInteger: 'integer',
  PgBigInt53: 'money',
  PgNumeric: 'decimal',
  PgBoolean: 'boolean',
  PgDateString: 'date',
  PgTimestamp: 'instant',
  PgJsonb: 'ids',
};

export const unifiedColumns: ReadonlyMap<string, ReadonlyMap<string, ColumnType>> = new Map(
  Object.entries(unified).map(([table, definition]) => [
    table,
    columnsOf(table, orm.getTableColumns(definition)),
  ]),
);

export function isUnifiedTable(name: string): name is UnifiedTable {
  return unifiedColumns.has(name);
}

function columnsOf(table: string, columns: Record<string, { columnType: string }>): Map<string, ColumnType> {
  const own = Object.entries(columns).filter(([name]) => !writtenByHerald(table, name));
  return new Map(
    own.map(([name, column]) => {
      const type = types[column.columnType];
      if (type === undefined) throw new Error(`no mapping type for ${table}.${name} (${column.columnType})`);
      return [name, type];
    }),
  );
}
