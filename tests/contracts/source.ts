/** What every source must do, whatever its platform. Each source's test calls `describeSource` with a harness of its own. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import * as unified from '../../db/schema/unified/index.ts';
import {
  type Batch,
  type Cursor,
  type Lane,
  type ReadContext,
  RecordFault,
  type Source,
  type SourceRecord,
  type Stream,
} from '../../sync/source.ts';

export type SourceHarness = {
  source: Source;
  context: ReadContext;
  /** Ids that a complete read of the stream must give. */
  liveIds(stream: string): string[];
  /** Change one record by the platform's own means and let enough time pass for it to be seen; its id. Null: records of this stream never change. */
  change(stream: string): string | null;
  /** Delete (or archive) one record and let enough time pass; its id. Null: records of this stream never go. */
  remove(stream: string): string | null;
  /** A payload of the stream that no mapping may accept. */
  malformed(stream: string): unknown;
  close(): Promise<void>;
};

/** Every batch of a lane, checked as the load relies on them. The cursor travels as JSON, as it does through the database. */
export async function readLane(
  harness: Pick<SourceHarness, 'source' | 'context'>,
  stream: string,
  lane: Lane,
  cursor: Cursor = null,
): Promise<{ batches: Batch[]; records: SourceRecord[]; cursor: Cursor }> {
  const batches: Batch[] = [];
  const start = JSON.parse(JSON.stringify(cursor)) as Cursor;
  for await (const batch of harness.source.read(stream, lane, start, harness.context)) {
    expect(batch.stream).toBe(stream);
    expect(batch.records.length).toBeLessThanOrEqual(5000);
    batches.push(batch);
  }
  return {
    batches,
    records: batches.flatMap((batch) => batch.records),
    cursor: batches.at(-1)?.cursor ?? cursor,
  };
}

export function describeSource(name: string, makeHarness: () => Promise<SourceHarness>): void {
  describe(`${name} keeps the contract of a source`, () => {
    let harness: SourceHarness;
    beforeEach(async () => {
      harness = await makeHarness();
    });
    afterEach(() => harness.close());

    const streamsWith = (lane: Lane): Stream[] =>
      harness.source.streams.filter(({ lanes }) => lanes.includes(lane));
    const firstLane = ({ lanes }: Stream): Lane => (lanes.includes('backfill') ? 'backfill' : lanes[0]!);
    const first = (stream: Stream) => readLane(harness, stream.name, firstLane(stream));

    it('tells who we are there', async () => {
      const { identity, detail } = await harness.source.check(harness.context);
      expect([identity, detail].every((words) => words.length > 0)).toBe(true);
    });

    it('names only streams that exist as prerequisites', () => {
      const names = harness.source.streams.map((stream) => stream.name);
      for (const stream of harness.source.streams)
        expect(names).toEqual(expect.arrayContaining([...(stream.after ?? [])]));
    });

    it('reads every record at first', async () => {
      for (const stream of harness.source.streams) {
        const { records } = await first(stream);
        const live = records.filter((record) => record.op === 'upsert').map((record) => record.id);
        expect([stream.name, [...new Set(live)].sort()]).toEqual([
          stream.name,
          harness.liveIds(stream.name).sort(),
        ]);
      }
    });

    it('says at the end up to when it is complete, and not before', async () => {
      for (const stream of harness.source.streams) {
        const { batches } = await first(stream);
        const marks = batches.map((batch) => batch.coveredUntil);
        expect([stream.name, marks.at(-1)]).toEqual([
          stream.name,
          expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
        ]);
        expect(Date.parse(marks.at(-1)!)).toBeLessThanOrEqual(harness.context.now().getTime());
        expect(marks.slice(0, -1).every((mark) => mark === null)).toBe(true);
      }
    });

    it('gives the same payloads again when nothing changed', async () => {
      for (const stream of streamsWith('realtime')) {
        const before = await first(stream);
        const known = new Map(before.records.map((record) => [record.id, JSON.stringify(record)]));
        const { records } = await readLane(harness, stream.name, 'realtime', before.cursor);
        for (const record of records)
          expect([stream.name, known.get(record.id)]).toEqual([stream.name, JSON.stringify(record)]);
      }
    });

    it('sees a change in the realtime lane, with a higher version', async () => {
      for (const stream of streamsWith('realtime')) {
        const before = await first(stream);
        const id = harness.change(stream.name);
        if (id === null) continue;
        const { records } = await readLane(harness, stream.name, 'realtime', before.cursor);
        const old = before.records.find((record) => record.id === id);
        const fresh = records.findLast((record) => record.id === id);
        expect([stream.name, fresh?.op]).toEqual([stream.name, 'upsert']);
        expect(fresh!.version).toBeGreaterThan(old?.version ?? 0);
      }
    });

    it('sees a deletion in one of its lanes', async () => {
      for (const stream of harness.source.streams) {
        const before = await first(stream);
        const id = harness.remove(stream.name);
        if (id === null) continue;
        const seen = await Promise.all(
          stream.lanes
            .filter((lane) => lane !== firstLane(stream) || stream.lanes.length === 1)
            .map((lane) => isGone(stream, lane, id, before.cursor)),
        );
        expect([stream.name, seen.includes(true)]).toEqual([stream.name, true]);
      }
    });

    async function isGone(stream: Stream, lane: Lane, id: string, cursor: Cursor): Promise<boolean> {
      const { batches, records } = await readLane(
        harness,
        stream.name,
        lane,
        lane === 'sweep' ? null : cursor,
      );
      if (records.some((record) => record.id === id && record.op === 'delete')) return true;
      const pages = batches.map((batch) => batch.cursor as { ids?: string[]; done?: boolean } | null);
      return (
        lane === 'sweep' && pages.at(-1)?.done === true && !pages.some((page) => page?.ids?.includes(id))
      );
    }

    it('fills only columns that the unified table has, in the forms that it wants', async () => {
      for (const stream of harness.source.streams) {
        const columns = columnsOf(stream.table);
        const { records } = await first(stream);
        for (const record of records) {
          if (record.op !== 'upsert') continue;
          const row = stream.unify(JSON.parse(record.payload));
          for (const [column, value] of Object.entries(row ?? {})) {
            const form = columns[column];
            expect([stream.name, column, form !== undefined]).toEqual([stream.name, column, true]);
            if (value !== null)
              expect([stream.name, column, value]).toEqual([
                stream.name,
                column,
                expect.toSatisfy((v) => fits(form!, v)),
              ]);
          }
        }
      }
    });

    it('puts a malformed payload into words', () => {
      for (const stream of harness.source.streams) {
        expect(() => stream.unify(harness.malformed(stream.name)), stream.name).toThrow(RecordFault);
      }
    });

    it('refuses a stream that it does not have', async () => {
      await expect(readLane(harness, 'nonsense', 'backfill')).rejects.toThrow();
    });
  });
}

const tables = new Map(Object.entries(unified));

/** Columns a mapping may write: SQL type by name. Key, company and what entity resolution stamps are not among them. */
function columnsOf(table: Stream['table']): Record<string, string> {
  const columns: Record<string, string> = {};
  for (const [name, column] of Object.entries(tables.get(table) ?? {})) {
    if (typeof column !== 'object' || column === null || !('getSQLType' in column)) continue;
    columns[name] = (column as { getSQLType(): string }).getSQLType();
  }
  const stamped = table === 'account' || table === 'staff' ? [] : ['region', 'segment'];
  for (const name of ['tenant', 'system', 'id', 'company', ...stamped]) delete columns[name];
  return columns;
}

function fits(type: string, value: unknown): boolean {
  switch (type) {
    case 'text':
      return typeof value === 'string';
    case 'boolean':
      return typeof value === 'boolean';
    case 'integer':
    case 'bigint':
      return Number.isSafeInteger(value);
    case 'date':
      return typeof value === 'string' && /^\d{4}-\d\d-\d\d$/.test(value);
    case 'timestamp with time zone':
      return (
        typeof value === 'string' && /^\d{4}-\d\d-\d\dT.*Z$/.test(value) && !Number.isNaN(Date.parse(value))
      );
    case 'jsonb':
      return (
        typeof value === 'object' && Object.values(value as object).every((part) => typeof part === 'string')
      );
    default:
      throw new Error(`the contract suite knows no column of type ${type}`);
  }
}
