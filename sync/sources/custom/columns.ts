/** The unified model as a mapping may name it: tables, their columns and what each column holds. */

import { orm } from '../../../db/drizzle.ts';
import * as unified from '../../../db/schema/unified/index.ts';
import type { UnifiedTable } from '../../source.ts';

export type ColumnType = 'text' | 'integer' | 'money' | 'decimal' | 'boolean' | 'date' | 'instant' | 'ids';

/** Written by Herald, never by a mapping. Region and segment are a mapping's own only on accounts. */
const reserved = new Set(['tenant', 'system', 'id', 'company', 'late', 'orphan', 'shift']);
const stampedElsewhere = new Set(['region', 'segment']);

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
  const own = Object.entries(columns).filter(
    ([name]) =>
      !reserved.has(name) &&
      !name.startsWith('original_') &&
      (table === 'account' || table === 'staff' || !stampedElsewhere.has(name)),
  );
  return new Map(
    own.map(([name, column]) => {
      const type = types[column.columnType];
      if (type === undefined) throw new Error(`no mapping type for ${table}.${name} (${column.columnType})`);
      return [name, type];
    }),
  );
}
