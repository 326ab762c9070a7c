/** What a range of the change log did to a fact table, as rows of the table: −1 for an old row, +1 for a new one. */
import { orm } from '../../db/drizzle.ts';
import * as unified from '../../db/schema/unified/index.ts';
import type { FactTable } from '../definition.ts';

/**
 * A FROM item over the batches whose ids are the parameter `batches`, with the columns that `fragment` reads of `f`
 * and no others: taking a whole row out of its JSON costs several times as much as adding it up.
 */
export function changedFacts(table: FactTable, fragment: string, batches: string): string {
  const types = new Map(
    Object.values(orm.getTableColumns(unified[table])).map((column) => [column.name, column.getSQLType()]),
  );
  const named = new Set([...fragment.matchAll(/\bf\.(\w+)/g)].map(([, name]) => name as string));
  const columns = [...named].flatMap((name) => {
    const type = types.get(name);
    return type === undefined ? [] : [`(v.doc->>'${name}')::${type} as "${name}"`];
  });
  // One read of the log for old and new: batches are few, and their rows are found by the index on the batch.
  // "offset 0" takes each value out once, not once per measure.
  return `(
    select v.s, ${columns.join(', ')} from unnest(${batches}::bigint[]) as b(id) cross join lateral changes_in(b.id) l
      cross join lateral (values (-1, l.old), (1, l.new)) as v(s, doc)
    where l.tbl = '${table}' and v.doc is not null offset 0)`;
}
