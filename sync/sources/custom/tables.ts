/** Names from the settings, held against the catalogue of the database and quoted: nothing else reaches a statement. */
import { didYouMean } from '../../../platform/closest.ts';
import { ReadFault } from '../../source.ts';
import type { Connection } from './connection.ts';
import type { TableStream } from './settings.ts';

/** A table as the catalogue has it: quoted name and the type of each column. */
export type Table = { sql: string; types: ReadonlyMap<string, string> };
export type StreamTables = { rows: Table; tombstones: Table | null };

const catalogue = `
  select a.attname as name, format_type(a.atttypid, null) as type, n.nspname as schema
  from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
  where n.nspname = coalesce(nullif($1::text, ''), current_schema()) and c.relname = $2::text
    and c.relkind in ('r', 'v', 'm', 'p', 'f') and a.attnum > 0 and not a.attisdropped
  order by a.attnum`;

const stampTypes = ['timestamp with time zone', 'timestamp without time zone'];

export function quote(identifier: string): string {
  return `"${identifier.replaceAll('"', '""')}"`;
}

/** Everything the stream names, found; or every fault of it in one `ReadFault`. */
export async function findTables(
  place: string,
  stream: TableStream,
  fields: readonly string[],
  connection: Connection,
): Promise<StreamTables> {
  const faults: string[] = [];
  const find = async (name: string, columns: readonly string[], stamp: string): Promise<Table> => {
    const dot = name.indexOf('.');
    const [schema, table] = dot < 0 ? ['', name] : [name.slice(0, dot), name.slice(dot + 1)];
    const found = await connection.ask(catalogue, [schema, table]);
    const types = new Map(found.map((row) => [row.name!, row.type!]));
    if (found.length === 0) faults.push(`${place}: there is no table "${name}" that Herald's role can see`);
    else {
      for (const column of columns.filter((column) => !types.has(column))) {
        faults.push(
          `${place}: table "${name}" has no column "${column}"; ${didYouMean(column, types.keys())}it has ${[...types.keys()].join(', ')}`,
        );
      }
      const type = types.get(stamp);
      if (type !== undefined && !stampTypes.includes(type)) {
        faults.push(
          `${place}: column "${stamp}" of "${name}" is ${type}; a modification stamp is ${stampTypes.join(' or ')}`,
        );
      }
    }
    return { sql: `${quote(found[0]?.schema ?? schema)}.${quote(table)}`, types };
  };
  const rows = await find(
    stream.table,
    [...new Set([stream.key, stream.updatedAt, ...fields])],
    stream.updatedAt,
  );
  const gone = stream.tombstones;
  const tombstones = gone
    ? await find(
        gone.table,
        [gone.keyColumn, gone.deletedAt, ...(gone.tableColumn ? [gone.tableColumn] : [])],
        gone.deletedAt,
      )
    : null;
  if (faults.length > 0) throw new ReadFault('fatal', faults.join('\n'));
  return { rows, tombstones };
}
