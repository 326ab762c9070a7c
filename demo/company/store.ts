import type { Store, StoreChange, Stored } from './records.ts';

/**
 * Records of one system in memory. Removed records stay, marked `gone`, and `all` and `count` include them:
 * the stand-ins decide how their platform shows a deletion. Every write replaces the `Stored` object, so
 * one that was handed out before never changes under its reader.
 */
export function createStore(): Store {
  const objects = new Map<string, Map<string, Stored>>();
  const revisions = new Map<string, number>();

  const listeners = new Set<(change: StoreChange) => void>();
  const tell = (change: StoreChange) => {
    for (const listener of listeners) listener(change);
  };

  const write = (object: string, stored: Stored) => {
    let records = objects.get(object);
    if (!records) {
      records = new Map();
      objects.set(object, records);
    }
    records.set(stored.id, stored);
    revisions.set(object, (revisions.get(object) ?? 0) + 1);
  };

  return {
    all: (object) => objects.get(object)?.values() ?? [],
    get: (object, id) => objects.get(object)?.get(id),
    put(object, id, record, at) {
      const known = objects.get(object)?.get(id);
      write(object, { id, record, modifiedAt: at, createdAt: known?.createdAt ?? at });
      tell({ object, id, how: known ? 'updated' : 'created', at });
    },
    remove(object, id, at, how, into) {
      const known = objects.get(object)?.get(id);
      if (!known) throw new Error(`No ${object} with id ${id} to remove`);
      write(object, { ...known, modifiedAt: at, gone: into === undefined ? { at, how } : { at, how, into } });
      tell({ object, id, how, ...(into === undefined ? {} : { into }), at });
    },
    count: (object) => objects.get(object)?.size ?? 0,
    revision: (object) => revisions.get(object) ?? 0,
    watch(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
