/**
 * Tables of a Postgres database, by keyset on (modification stamp, key) and never past the *settled* instant:
 * a transaction stamps its rows with its start and shows them at its commit, so rows newer than the oldest running
 * transaction may still get older neighbours. What is behind that instant is complete, and is read once.
 */
import { type Batch, type Cursor, type ReadContext, ReadFault, type SourceRecord } from '../../source.ts';
import { canonicalJson } from '../canonical-json.ts';
import { type Connection, connected, type Row } from './connection.ts';
import type { Mapping } from './mapping.ts';
import { idsPerSweepBatch, type Reader, sweepBatch } from './reader.ts';
import type { PostgresSettings, TableStream } from './settings.ts';
import { findTables, quote, type StreamTables, type Table } from './tables.ts';

type Position = { at: string; key: string };
type TableCursor = { rows: Position | null; gone: Position | null };

/** Clocks of applications that stamp rows themselves, and the moment between a transaction's start and its being seen. */
const marginSeconds = 1;
/** When other roles' transactions are hidden from ours, or on a standby, which shows none of its primary's. */
const blindSeconds = 30;

export function createPostgresReader(
  name: string,
  settings: PostgresSettings,
  mappings: ReadonlyMap<string, Mapping>,
): Reader {
  const tablesOf = (stream: string, connection: Connection) =>
    findTables(`${name}.${stream}`, settings.streams[stream]!, mappings.get(stream)!.fields, connection);

  async function* readChanges(
    stream: string,
    cursor: TableCursor,
    connection: Connection,
  ): AsyncIterable<Batch> {
    const spec = settings.streams[stream]!;
    const tables = await tablesOf(stream, connection);
    const settled = await settledUntil(connection, settings);
    const at: TableCursor = { ...cursor };
    for (const part of ['rows', 'gone'] as const) {
      if (part === 'gone' && tables.tombstones === null) continue;
      for (let full = true; full; ) {
        const statement =
          part === 'rows'
            ? selectRows(spec, tables.rows, mappings.get(stream)!, at.rows, settings)
            : selectTombstones(spec, tables, at.gone, settings);
        const page = await connection.ask(statement, [
          settled,
          ...(part === 'gone' && spec.tombstones?.tableName ? [spec.tombstones.tableName] : []),
          ...(at[part] ? [at[part].at, at[part].key] : []),
        ]);
        full = page.length === settings.pageSize;
        if (page.length === 0) break;
        at[part] = positionOf(page.at(-1)!);
        yield {
          stream,
          records: page.map(part === 'rows' ? toUpsert : toDelete),
          cursor: { ...at },
          coveredUntil: null,
        };
      }
    }
    yield { stream, records: [], cursor: { ...at }, coveredUntil: toIso(settled) };
  }

  async function* readIds(stream: string, connection: Connection): AsyncIterable<Batch> {
    const { key } = settings.streams[stream]!;
    const { rows } = await tablesOf(stream, connection);
    const type = rows.types.get(key)!;
    for (let last: string | null = null; ; ) {
      const after: string = last === null ? '' : `where ${quote(key)} > $1::text::${type}`;
      const page: Row[] = await connection.ask(
        `select ${quote(key)}::text as "$key" from ${rows.sql} ${after} order by ${quote(key)} limit ${idsPerSweepBatch}`,
        last === null ? [] : [last],
      );
      const done = page.length < idsPerSweepBatch;
      yield sweepBatch(
        stream,
        page.map((row) => row.$key!),
        done,
      );
      if (done) return;
      last = page.at(-1)!.$key!;
    }
  }

  return {
    pace: {},
    lanes: ['backfill', 'realtime', 'sweep'],
    async check(context) {
      const look = async function* (connection: Connection) {
        const [who] = await connection.ask(
          `select current_database() as database, current_user as role, current_setting('server_version') as version`,
        );
        const faults: string[] = [];
        for (const stream of Object.keys(settings.streams)) {
          try {
            await tablesOf(stream, connection);
          } catch (thrown) {
            if (!(thrown instanceof ReadFault && thrown.kind === 'fatal')) throw thrown;
            faults.push(thrown.message);
          }
        }
        if (faults.length > 0) throw new ReadFault('fatal', faults.join('\n'));
        yield {
          identity: `${who!.database}`,
          detail: `PostgreSQL ${who!.version}, as ${who!.role}, ${Object.keys(settings.streams).length} tables`,
        };
      };
      for await (const found of connected(name, settings, context, look)) return found;
      throw new ReadFault('protocol', `${name}: the database said nothing about itself`);
    },
    async *read(stream, lane, cursor, context: ReadContext) {
      const use = (connection: Connection) =>
        lane === 'sweep' ? readIds(stream, connection) : readChanges(stream, toCursor(cursor), connection);
      yield* connected(name, settings, context, use);
    },
  };
}

/** The instant before which no row can appear any more, as text. */
async function settledUntil(connection: Connection, settings: PostgresSettings): Promise<string> {
  if (settings.settleSeconds !== undefined) {
    const [row] = await connection.ask(
      `select (clock_timestamp() - make_interval(secs => $1::text::float8))::text as at`,
      [String(settings.settleSeconds)],
    );
    return row!.at!;
  }
  const [row] = await connection.ask(
    `with others as (
       select xact_start, query = '<insufficient privilege>' as hidden from pg_stat_activity
       where datname = current_database() and pid <> pg_backend_pid() and coalesce(backend_type, 'client backend') = 'client backend'
     )
     select (least(clock_timestamp(), (select min(xact_start) from others), (select min(prepared) from pg_prepared_xacts where database = current_database()))
       - make_interval(secs => case when pg_is_in_recovery() or coalesce((select bool_or(hidden) from others), false) then $1::text::float8 else $2::text::float8 end))::text as at`,
    [String(blindSeconds), String(marginSeconds)],
  );
  return row!.at!;
}

function selectRows(
  spec: TableStream,
  table: Table,
  mapping: Mapping,
  from: Position | null,
  settings: PostgresSettings,
): string {
  const columns = [...new Set([spec.key, spec.updatedAt, ...mapping.fields])].sort();
  return keyset({
    table,
    stamp: spec.updatedAt,
    key: spec.key,
    select: columns.map((c) => `${quote(c)}::text as ${quote(c)}`),
    where: [],
    first: 2,
    from,
    settings,
  });
}

function selectTombstones(
  spec: TableStream,
  tables: StreamTables,
  from: Position | null,
  settings: PostgresSettings,
): string {
  const gone = spec.tombstones!;
  const where = gone.tableColumn ? [`${quote(gone.tableColumn)}::text = $2::text`] : [];
  return keyset({
    table: tables.tombstones!,
    stamp: gone.deletedAt,
    key: gone.keyColumn,
    select: [],
    where,
    first: 2 + where.length,
    from,
    settings,
  });
}

type Keyset = {
  table: Table;
  stamp: string;
  key: string;
  select: string[];
  where: string[];
  first: number;
  from: Position | null;
  settings: PostgresSettings;
};

/** $1 is the settled instant; the position, when there is one, begins at parameter `first`. */
function keyset({ table, stamp, key, select, where, first, from, settings }: Keyset): string {
  const [at, id] = [quote(stamp), quote(key)];
  const stampType = table.types.get(stamp)!;
  const zone = `'${settings.timeZone.replaceAll("'", "''")}'`;
  // A stamp without a zone is a wall clock in the source's zone; as an instant it can be ordered against ours.
  const isLocal = stampType === 'timestamp without time zone';
  const bound = isLocal ? `($1::text::timestamptz at time zone ${zone})` : `$1::text::timestamptz`;
  const instant = isLocal ? `(${at} at time zone ${zone})` : at;
  const conditions = [`${at} < ${bound}`, ...where];
  if (from)
    conditions.push(
      `(${at}, ${id}) > ($${first}::text::${stampType}, $${first + 1}::text::${table.types.get(key)})`,
    );
  const meta = [
    `${id}::text as "$key"`,
    `${at}::text as "$at"`,
    `floor(extract(epoch from ${instant}) * 1000)::bigint::text as "$version"`,
  ];
  return `select ${[...select, ...meta].join(', ')} from ${table.sql} where ${conditions.join(' and ')} order by ${at}, ${id} limit ${settings.pageSize}`;
}

function toUpsert(row: Row): SourceRecord {
  const { $key, $at: _at, $version, ...record } = row;
  return { op: 'upsert', id: $key!, version: Number($version), payload: canonicalJson(record) };
}

function toDelete(row: Row): SourceRecord {
  return { op: 'delete', id: row.$key!, version: Number(row.$version), reason: 'deleted' };
}

function positionOf(row: Row): Position {
  return { at: row.$at!, key: row.$key! };
}

function toCursor(cursor: Cursor): TableCursor {
  const kept = cursor as Partial<TableCursor> | null;
  return { rows: kept?.rows ?? null, gone: kept?.gone ?? null };
}

/** '2026-11-22 09:30:00.123456+00' → ISO. The session's time zone is UTC. */
function toIso(stamp: string): string {
  return stamp
    .replace(' ', 'T')
    .replace(/(\.\d{3})\d*/, '$1')
    .replace(/\+00$/, 'Z');
}
