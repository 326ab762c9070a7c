/** What was read in one snapshot, so that KPIs made of the same figures read them once. Never kept beyond it. */
import { setImmediate as turn } from 'node:timers/promises';

export type Once = Map<string, unknown>;

/** The value under a key, read at its first use. */
export function once<T>(kept: Once, key: readonly unknown[], read: () => Promise<T>): Promise<T> {
  const name = JSON.stringify(key);
  const known = kept.get(name) as Promise<T> | undefined;
  if (known) return known;
  const reading = read();
  kept.set(name, reading);
  return reading;
}

type Gathering<Ask, Found> = { asks: Ask[]; found: Promise<readonly Found[]> };

/**
 * What is asked for under a key in the same turn of the event loop is read by one statement. A hundred KPIs that are
 * read at once then cost a handful of statements, of which each would have been planned anew and waited for.
 *
 * @param read answers all asks, in their order
 */
export async function gather<Ask, Found>(
  kept: Once,
  key: readonly unknown[],
  ask: Ask,
  read: (asks: readonly Ask[]) => Promise<readonly Found[]>,
): Promise<Found> {
  const name = JSON.stringify(['gathering', ...key]);
  const { asks, found } = (kept.get(name) as Gathering<Ask, Found> | undefined) ?? open();
  const at = asks.push(ask) - 1;
  return (await found)[at]!;

  function open(): Gathering<Ask, Found> {
    const asks: Ask[] = [];
    // An immediate runs after all that was asked for on the way to it.
    const found = turn().then(() => {
      kept.delete(name);
      return read(asks);
    });
    const gathering = { asks, found };
    kept.set(name, gathering);
    return gathering;
  }
}
