/** Unified rows: written source-keyed, their old and new states appended to the change log by the same statement. */
import type { Transaction } from '../db/client.ts';
import { HeraldError } from '../platform/errors.ts';
import type { UnifiedRow, UnifiedTable } from './source.ts';

export type UnifiedWrite = {
  table: UnifiedTable;
  system: string;
  batchId: number;
  /** By record id. */
  rows: ReadonlyMap<string, UnifiedRow>;
  /** Ids whose rows leave the snapshot. */
  out: readonly string[];
};

const known = new Map<string, ReadonlySet<string>>();

/** Columns of a unified table, read once. */
async function columnsOf(tx: Transaction, table: string): Promise<ReadonlySet<string>> {
  const cached = known.get(table);
  if (cached) return cached;
  const rows = await tx<{ name: string }[]>`
    select column_name as name from information_schema.columns where table_schema = current_schema() and table_name = ${table}`;
  const columns = new Set(rows.map((row) => row.name));
  if (columns.size > 0) known.set(table, columns);
  return columns;
}

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

async function upsert(tx: Transaction, { table, system, batchId, rows }: UnifiedWrite): Promise<void> {
  const columns = await columnsOf(tx, table);
  const given = new Set<string>();
  for (const row of rows.values()) for (const name of Object.keys(row)) given.add(name);
  for (const name of given) {
    if (!columns.has(name))
      throw new HeraldError(
        'bug',
        `The mapping of ${system} writes "${name}", which ${table} does not have.`,
        { note: `columns: ${[...columns].join(', ')}` },
      );
  }
  const names = [...given];
  const quoted = names.map((name) => `"${name}"`);
  const input = JSON.stringify([...rows].map(([id, row]) => ({ ...row, id, system, tenant: 1 })));
  // Identifiers come from the table's own columns (checked above); values travel as one parameter.
  const changed =
    quoted.length > 0
      ? `(${quoted.map((name) => `t.${name}`).join(', ')}) is distinct from (${quoted.map((name) => `excluded.${name}`).join(', ')})`
      : 'false';
  const sets =
    quoted.length > 0 ? quoted.map((name) => `${name} = excluded.${name}`).join(', ') : 'id = excluded.id';
  await tx.unsafe(
    `with put as (
       insert into "${table}" as t (tenant, system, id${quoted.map((name) => `, ${name}`).join('')})
       select tenant, system, id${quoted.map((name) => `, ${name}`).join('')} from jsonb_populate_recordset(null::"${table}", $1::text::jsonb)
       on conflict (tenant, system, id) do update set ${sets} where ${changed}
       returning to_jsonb(old) as old, to_jsonb(new) as new)
     insert into change_log (batch_id, tbl, old, new) select $2, $3, old, new from put`,
    [input, batchId, table],
  );
}
