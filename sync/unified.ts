/**
 * Unified rows: written source-keyed, their old and new states appended to the change log by the same statement. Rows
 * that a bulk inserts are logged by key, in one entry: to write each down twice was a third of a first load.
 */
import type { Transaction } from '../db/client.ts';
import { HeraldError } from '../platform/errors.ts';
import { columnsOf } from './load/fits.ts';
import { listOf, readLists, storable } from './load/lists.ts';
import type { UnifiedRow, UnifiedTable } from './source.ts';

export type UnifiedWrite = {
  table: UnifiedTable;
  system: string;
  batchId: number;
  /** By record id. Each fits its table (`unify` sees to it). */
  rows: ReadonlyMap<string, UnifiedRow>;
  /** Ids whose rows leave the snapshot. */
  out: readonly string[];
  /** Part of a bulk; left out, their own number decides. */
  isBulk?: boolean;
  /** A bulk of which no row is there: inserted without looking. Refused by the database (23505) if one is. */
  areNew?: boolean;
};

/** Rows at once from which on what is new is logged by key. Below it, an entry each is cheaper to read. */
export const BULK = 500;

export async function writeUnified(tx: Transaction, write: UnifiedWrite): Promise<void> {
  if (write.rows.size > 0) await upsert(tx, write);
  if (write.out.length > 0) {
    await tx`
      with gone as (
        delete from ${tx(write.table)} where tenant = 1 and system = ${write.system} and id = any(${write.out as string[]}::text[])
        returning to_jsonb(old) as old)
      insert into change_log (batch_id, tbl, old) select ${write.batchId}, ${write.table}, old from gone`;
  }
}

async function upsert(
  tx: Transaction,
  { table, system, batchId, rows, isBulk = rows.size >= BULK, areNew = false }: UnifiedWrite,
): Promise<void> {
  const given = new Set<string>();
  for (const row of rows.values()) for (const name in row) given.add(name);
  const names = [...given].sort();
  const lists = names.map((name) => listOf(cellsOf(rows, name, typeOf(table, system, name))));
  // Prepared once per table and set of columns. Identifiers and types are the schema's own; values travel as parameters.
  await tx.unsafe(
    statementOf(table, names, areNew ? 'new' : isBulk ? 'bulk' : 'few'),
    [system, batchId, rows.size, listOf([...rows.keys()].map(storable)), ...lists],
    { prepare: true },
  );
}

function typeOf(table: string, system: string, name: string): string {
  const column = columnsOf(table).get(name);
  if (column) return column.type;
  throw new HeraldError('bug', `The mapping of ${system} writes "${name}", which ${table} does not have.`);
}

/** One column of the rows as texts that a cast to `type` reads. What a row does not give is null. */
function cellsOf(rows: ReadonlyMap<string, UnifiedRow>, name: string, type: string): (string | null)[] {
  const cells: (string | null)[] = [];
  for (const row of rows.values()) {
    const value = row[name] ?? null;
    if (value === null) cells.push(null);
    else if (typeof value === 'object') cells.push(jsonOf(value));
    else if (type === 'text') cells.push(storable(String(value)));
    else cells.push(type === 'date' ? String(value).slice(0, 10) : String(value));
  }
  return cells;
}

const jsonOf = (value: Record<string, string>) =>
  JSON.stringify(
    Object.fromEntries(Object.entries(value).map(([key, text]) => [storable(key), storable(String(text))])),
  );

type Kind = 'few' | 'bulk' | 'new';

function statementOf(table: UnifiedTable, names: readonly string[], kind: Kind): string {
  const key = `${table} ${kind} ${names.join(' ')}`;
  const known = statements.get(key);
  if (known) return known;
  const columns = columnsOf(table);
  const list = (write: (name: string) => string) => names.map(write).join(', ');
  const onConflict =
    names.length === 0
      ? 'do nothing'
      : `do update set ${list((name) => `"${name}" = excluded."${name}"`)}
         where (${list((name) => `t."${name}"`)}) is distinct from (${list((name) => `excluded."${name}"`)})`;
  const insert = `insert into "${table}" as t (tenant, system, id${names.map((name) => `, "${name}"`).join('')})
       select 1, $1, l.id${names.map((name) => `, l."${name}"::${columns.get(name)!.type}`).join('')}
       from ${readLists(4, names.length + 1)} as l (id${names.map((name) => `, "${name}"`).join('')}) limit $3`;
  const statement =
    kind === 'new'
      ? `with put as (${insert}) ${allByKey(table)}`
      : `with put as (${insert}
       on conflict (tenant, system, id) ${onConflict}
       ${kind === 'bulk' ? loggedByKey(table) : logged(table)}`;
  statements.set(key, statement);
  return statement;
}

/** $4 is the list of their ids, every one ended by its separator. */
const allByKey = (table: UnifiedTable) => `insert into change_log (batch_id, tbl, system, inserted, n)
     values ($2, '${table}', $1, (string_to_array($4, chr(30)))[:$3], $3)`;

const logged = (table: UnifiedTable) => `returning to_jsonb(old) as old, to_jsonb(new) as new)
     insert into change_log (batch_id, tbl, old, new) select $2, '${table}', old, new from put`;

const loggedByKey = (
  table: UnifiedTable,
) => `returning new.id, case when old.id is not null then to_jsonb(old) end as old, case when old.id is not null then to_jsonb(new) end as new),
     fresh as (insert into change_log (batch_id, tbl, system, inserted, n)
       select $2, '${table}', $1, array_agg(id), count(*) from put where old is null having count(*) > 0)
     insert into change_log (batch_id, tbl, old, new) select $2, '${table}', old, new from put where old is not null`;

const statements = new Map<string, string>();
