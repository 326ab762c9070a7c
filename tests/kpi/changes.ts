/** Changes to unified facts, logged as the loader and entity resolution log them; each call is one committed batch. */
import type { Database } from '../../db/client.ts';
import { writeUnified } from '../../sync/unified.ts';

export type Change =
  | { kind: 'put'; table: 'deal' | 'subscription' | 'ticket'; id: string; row: Record<string, unknown> }
  | { kind: 'delete'; table: 'deal' | 'subscription' | 'ticket'; id: string }
  /** Entity resolution finds the company: the row moves to another region and segment. */
  | {
      kind: 'stamp';
      table: 'deal' | 'subscription' | 'ticket';
      id: string;
      region: string | null;
      company: number;
    };

export async function commitChanges(db: Database, changes: readonly Change[]): Promise<void> {
  await db.inTransaction(async (tx) => {
    const [batch] = await tx<
      { id: number }[]
    >`insert into change_batch (source) values ('test') returning id`;
    for (const change of changes) {
      const at = { table: change.table, system: 'test', batchId: batch!.id };
      if (change.kind === 'put')
        await writeUnified(tx, { ...at, rows: new Map([[change.id, change.row]]) as never, out: [] });
      else if (change.kind === 'delete') await writeUnified(tx, { ...at, rows: new Map(), out: [change.id] });
      else
        await tx`with put as (
            update ${tx(change.table)} set region = ${change.region}, company = ${change.company} where system = 'test' and id = ${change.id}
            returning to_jsonb(old) as o, to_jsonb(new) as n)
          insert into change_log (batch_id, tbl, old, new) select ${batch!.id}, ${change.table}, o, n from put`;
    }
  });
}

export async function dataVersion(db: Database): Promise<number> {
  const [row] = await db.sql<{ seq: number }[]>`select seq from data_version`;
  return row!.seq;
}
