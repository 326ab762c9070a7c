/** Changes to unified facts, logged as the loader and entity resolution log them; each call is one committed batch. */
import type { Database } from '../../db/client.ts';
import { writeUnified } from '../../sync/unified.ts';

type Table = 'deal' | 'subscription' | 'ticket' | 'invoice' | 'spend';

export type Change =
  | { kind: 'put'; table: Table; id: string; row: Record<string, unknown> }
  /** `op`: as the history of records names what happened to it. */
  | { kind: 'delete'; table: Table; id: string; op?: 'merged' | 'rolled_back' }
  /** Entity resolution finds the company: the row moves to another region and segment. */
  | {
      kind: 'stamp';
      table: Exclude<Table, 'spend'>;
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
      else if (change.kind === 'delete') {
        await writeUnified(tx, { ...at, rows: new Map(), out: [change.id] });
        if (change.op)
          await tx`insert into record_version (source, stream, id, valid_from, batch_id, version, op)
            values ('test', ${change.table}, ${change.id}, clock_timestamp(), ${batch!.id}, 1, ${change.op})`;
      } else
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
