/** Rows of one file that share a key: only the last counts, which is right for versions and wrong for order lines. */
import type { Lack } from '../../source.ts';
import { RecordFault } from '../../source.ts';
import type { Mapping } from './mapping.ts';
import type { Keyed } from './records.ts';
import { lineKey } from './settings.ts';

/** Rows of these describe one thing as often as they like: a customer on each line of an order list. */
const described: ReadonlySet<string> = new Set(['account', 'person', 'staff', 'campaign']);

/** Rows of a page that a later row of the same key replaces with other figures. */
export function countTwins(page: readonly Keyed[], entity: string, { unify }: Mapping): number {
  if (described.has(entity)) return 0;
  const seen = new Map<string, Keyed>();
  let twins = 0;
  for (const row of page) {
    const before = seen.get(row.id);
    if (before && figures(before, unify) !== figures(row, unify)) twins += 1;
    seen.set(row.id, row);
  }
  return twins;
}

function figures({ record }: Keyed, unify: Mapping['unify']): string | null {
  try {
    return JSON.stringify(unify(record));
  } catch (thrown) {
    // What cannot be read is told elsewhere, and is nobody's twin.
    if (thrown instanceof RecordFault) return null;
    throw thrown;
  }
}

/** What the operator is told of them; nobody means the loss of an order's other lines. */
export function twinsLack(twins: number, key: string | readonly string[]): Lack {
  const named = [key].flat().join(', ');
  return {
    subject: 'rows that share a key',
    kind: 'incomplete',
    sentence:
      twins === 0
        ? null
        : `at least ${twins} rows have the same ${named} as a later row with other figures, and only the last of each counts: name more fields in \`key\`, or say \`key: ${lineKey}\` if each row is a record`,
  };
}
