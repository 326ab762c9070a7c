/** Every object's rows, kept sorted by (SystemModstamp, Id) and by Id, and brought up to date when the store changes. */
import type { Store, Stored } from '../../company/records.ts';

export type Row = {
  stored: Stored;
  id: string;
  /** Epoch ms in whole seconds: Salesforce stamps to the second, which is how bulk loads come to share one. */
  stamp: number;
  /** Exact, for the visibility lag. */
  changedAt: number;
  createdAt: number;
  isDeleted: boolean;
};

type Kept = { revision: number; rows: Map<string, Row>; byStamp: Row[]; byId: Row[] };

export type Rows = {
  byStamp(object: string): Row[];
  byId(object: string): Row[];
  get(object: string, id: string): Row | undefined;
};

export function createRows(store: Store): Rows {
  const kept = new Map<string, Kept>();

  function current(object: string): Kept {
    const revision = store.revision(object);
    const before = kept.get(object);
    if (before?.revision === revision) return before;
    const rows = new Map<string, Row>();
    for (const stored of store.all(object)) {
      if (stored.gone?.how === 'hard_deleted') continue;
      const row = before?.rows.get(stored.id) ?? {
        stored,
        id: stored.id,
        stamp: 0,
        changedAt: 0,
        createdAt: 0,
        isDeleted: false,
      };
      row.stored = stored;
      row.changedAt = Math.max(stored.modifiedAt, stored.gone?.at ?? 0);
      row.stamp = wholeSeconds(row.changedAt);
      row.createdAt = stored.createdAt;
      row.isDeleted = stored.gone !== undefined;
      rows.set(row.id, row);
    }
    // The old order is nearly the new one, and sorting what is nearly sorted costs next to nothing.
    const inOldOrder = (sorted: Row[] = []) => {
      const known = sorted.filter((row) => rows.get(row.id) === row);
      const old = new Set(known);
      return [...known, ...[...rows.values()].filter((row) => !old.has(row))];
    };
    const fresh: Kept = {
      revision,
      rows,
      byStamp: inOldOrder(before?.byStamp).sort((a, b) => a.stamp - b.stamp || (a.id < b.id ? -1 : 1)),
      byId: inOldOrder(before?.byId).sort((a, b) => (a.id < b.id ? -1 : 1)),
    };
    kept.set(object, fresh);
    return fresh;
  }

  return {
    byStamp: (object) => current(object).byStamp,
    byId: (object) => current(object).byId,
    get: (object, id) => current(object).rows.get(id),
  };
}

function wholeSeconds(ms: number): number {
  return Math.floor(ms / 1000) * 1000;
}
