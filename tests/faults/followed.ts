/** Records whose whole life the oracle knows, and where Herald keeps them. */
import type { Store, Stored } from '../../demo/company/records.ts';

export type Followed = {
  source: string;
  stream: string;
  /** The system's own store of them, and their name there. */
  store: Store;
  object: string;
};

/** What a record was, one after the other; null: it was gone. */
export type Life = (Record<string, unknown> | null)[];

/** Every state that each record has from now on: `source stream id`. */
export function recordLives(followed: readonly Followed[]): ReadonlyMap<string, Life> {
  const lives = new Map<string, Life>();
  for (const { source, stream, store, object } of followed) {
    const remember = (stored: Stored) => {
      const key = `${source} ${stream} ${stored.id}`;
      const life = lives.get(key) ?? [];
      life.push(stored.gone ? null : structuredClone(stored.record));
      lives.set(key, life);
    };
    for (const stored of store.all(object)) remember(stored);
    store.watch((change) => {
      if (change.object === object) remember(store.get(object, change.id)!);
    });
  }
  return lives;
}

export const presentOf = (store: Store, object: string): Stored[] =>
  [...store.all(object)].filter(({ gone }) => !gone);
