/** Writes the synthetic company's billing rows into a real Postgres database, the way an in-house application would. */
import type { Sql } from 'postgres';
import { billingTables, type Store, type Stored } from './company/records.ts';

type BillingTable = keyof typeof billingTables;

const tables = (Object.keys(billingTables) as BillingTable[]).filter((table) => table !== 'deleted_rows');

/** Rows per statement: large enough to be quick, small enough for one parameter. */
const chunk = 5_000;

/** Create the tables and load every row. Does nothing twice: a filled database is left as it is. */
export async function fillBilling(sql: Sql, billing: Store): Promise<void> {
  for (const [table, columns] of Object.entries(billingTables)) {
    await sql.unsafe(`create table if not exists ${table} (${columns})`);
  }
  for (const table of tables) {
    await sql.unsafe(`create index if not exists ${table}_updated on ${table} (updated_at, id)`);
    const [filled] = await sql.unsafe(`select 1 from ${table} limit 1`);
    if (filled) continue;
    await write(
      sql,
      table,
      [...billing.all(table)].filter((row) => !row.gone),
    );
  }
}

/**
 * Bring the tables up to date with what changed in the world after `since` (epoch ms): changed rows are upserted,
 * removed ones deleted with a tombstone. Everything of one call commits together.
 * @returns how many rows were written or deleted
 */
export async function followBilling(sql: Sql, billing: Store, since: number): Promise<number> {
  let count = 0;
  await sql.begin(async (tx) => {
    for (const table of tables) {
      const changed = [...billing.all(table)].filter((row) => row.modifiedAt > since);
      const gone = changed.filter((row) => row.gone);
      await write(
        tx as unknown as Sql,
        table,
        changed.filter((row) => !row.gone),
      );
      for (const row of gone) {
        const deleted = await tx`delete from ${tx(table)} where id = ${row.id}`;
        if (deleted.count === 0) continue;
        await tx`insert into deleted_rows (table_name, row_id, deleted_at) values (${table}, ${row.id}, ${new Date(row.gone!.at)})`;
      }
      count += changed.length;
    }
  });
  return count;
}

async function write(sql: Sql, table: BillingTable, rows: readonly Stored[]): Promise<void> {
  const columns = columnsOf(table).filter((column) => column !== 'id');
  const updates = columns.map((column) => `${column} = excluded.${column}`).join(', ');
  for (let i = 0; i < rows.length; i += chunk) {
    const records = rows.slice(i, i + chunk).map((row) => row.record);
    // Table and column names are this program's own constants.
    await sql.unsafe(
      `insert into ${table} select * from json_populate_recordset(null::${table}, $1::text::json)
       on conflict (id) do update set ${updates}`,
      [JSON.stringify(records)],
    );
  }
}

function columnsOf(table: BillingTable): string[] {
  return billingTables[table].split(',').map((column) => column.trim().split(' ')[0]!);
}
