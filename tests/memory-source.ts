/** A source over plain arrays: what the loader and the roll-up are tried with, without any platform in between. */
import type {
  Batch,
  Cursor,
  Lane,
  ReadContext,
  Source,
  SourceRecord,
  Stream,
  UnifiedRow,
  UnifiedTable,
} from '../sync/source.ts';

export type MemoryRecord = { id: string; version: number; row: UnifiedRow | null };

export class MemorySource implements Source {
  name: string;
  title: string;
  pace = {};
  streams: Stream[];
  readonly #log = new Map<string, SourceRecord[]>();

  constructor(name: string, tables: readonly UnifiedTable[]) {
    this.name = name;
    this.title = name;
    this.streams = tables.map((table) => ({
      name: table,
      table,
      lanes: ['backfill', 'realtime'],
      unify: (raw) => raw as UnifiedRow,
    }));
  }

  put(table: UnifiedTable, id: string, version: number, row: UnifiedRow): void {
    this.#append(table, { op: 'upsert', id, version, payload: JSON.stringify(row) });
  }

  remove(table: UnifiedTable, id: string, version: number): void {
    this.#append(table, { op: 'delete', id, version, reason: 'deleted' });
  }

  #append(table: string, record: SourceRecord): void {
    const log = this.#log.get(table) ?? [];
    log.push(record);
    this.#log.set(table, log);
  }

  async check() {
    return { identity: this.name, detail: 'in memory' };
  }

  async *read(stream: string, _lane: Lane, cursor: Cursor, context: ReadContext): AsyncIterable<Batch> {
    const log = this.#log.get(stream) ?? [];
    let at = Number((cursor as { at?: number } | null)?.at ?? 0);
    do {
      const records = log.slice(at, at + 500);
      at += records.length;
      yield {
        stream,
        records,
        cursor: { at },
        coveredUntil: at >= log.length ? context.now().toISOString() : null,
      };
    } while (at < log.length);
  }
}
