import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { quarantine } from '../../cli/quarantine.ts';
import { type Database, openDatabase } from '../../db/client.ts';
import { takeLease } from '../../platform/lease.ts';
import { readQuarantine, replayQuarantine } from '../../sync/quality/replay.ts';
import { RecordFault, type UnifiedRow } from '../../sync/source.ts';
import { openVerbHome } from '../cli/run-verb.ts';
import { openTestDatabase, type TestDatabase } from '../database.ts';
import { MemorySource } from '../memory-source.ts';
import { cycle } from '../run-cycle.ts';

const now = new Date('2026-11-22T10:00:00Z');
let home: TestDatabase;
let db: Database;
let source: MemorySource;
/** Amounts as text are not understood until the mapping learns them. */
let understands: 'numbers' | 'text' | 'nothing';

beforeEach(async () => {
  home = await openTestDatabase();
  db = openDatabase(home.url, { name: 'herald-test', max: 2 });
  understands = 'numbers';
  source = new MemorySource('billing', ['invoice']);
  source.streams[0]!.unify = (raw) => {
    const row = raw as UnifiedRow;
    if (understands === 'nothing') return null;
    if (typeof row.amount === 'string') {
      if (understands === 'numbers') throw new RecordFault(`amount "${row.amount}" is no number`);
      return { ...row, amount: Number(row.amount) };
    }
    return row;
  };
});
afterEach(async () => {
  await db.close();
  await home.close();
});

async function replay(id: number | null = null) {
  const lease = await takeLease(db, 'sync:billing', 'test');
  try {
    return await replayQuarantine(db, source, { lease: lease!, id });
  } finally {
    await lease!.release();
  }
}
const amounts = () => db.sql`select id, amount from invoice order by id`;
const states = async () =>
  (await db.sql<{ state: string }[]>`select state from quarantine order by id`).map((row) => row.state);

describe('a held record', () => {
  test('is written once the mapping understands it', async () => {
    source.put('invoice', '1', 1, { amount: '12' });
    source.put('invoice', '2', 1, { amount: 7 });
    await cycle(db, source, now);
    expect(await amounts()).toEqual([{ id: '2', amount: 7 }]);
    understands = 'text';
    expect(await replay()).toEqual({ replayed: 1, superseded: 0, held: [] });
    expect(await amounts()).toEqual([
      { id: '1', amount: 12 },
      { id: '2', amount: 7 },
    ]);
    expect(await states()).toEqual(['replayed']);
  });

  test('reaches the change log in a batch of its own, so that totals follow', async () => {
    source.put('invoice', '1', 1, { amount: '12' });
    await cycle(db, source, now);
    understands = 'text';
    await replay();
    const [row] = await db.sql`
      select b.source, b.stream, b.seq is not null as committed, l.tbl, l.old, l.new->>'amount' as amount
      from change_log l join change_batch b on b.id = l.batch_id`;
    expect(row).toEqual({
      source: 'billing',
      stream: 'invoice',
      committed: true,
      tbl: 'invoice',
      old: null,
      amount: '12',
    });
  });

  test('that is still not understood stays, with the reason it has now', async () => {
    source.put('invoice', '1', 1, { amount: 'twelve' });
    await cycle(db, source, now);
    await db.sql`update quarantine set reason = 'an older reason'`;
    const report = await replay();
    expect(report.held.map((row) => row.reason)).toEqual(['amount "twelve" is no number']);
    expect(await readQuarantine(db.sql, { most: 5 })).toMatchObject([
      { recordId: '1', reason: 'amount "twelve" is no number', state: 'held' },
    ]);
  });

  test('that a newer copy has overtaken never takes its place', async () => {
    source.put('invoice', '1', 1, { amount: '12' });
    source.put('invoice', '1', 2, { amount: 20 });
    await cycle(db, source, now);
    await db.sql`insert into quarantine (source, stream, record_id, reason, payload) values ('billing', 'invoice', '1', 'older', '{"amount":"12"}')`;
    understands = 'text';
    expect((await replay()).superseded).toBe(1);
    expect(await amounts()).toEqual([{ id: '1', amount: 20 }]);
  });

  test('whose record is gone stays gone', async () => {
    source.put('invoice', '1', 1, { amount: '12' });
    await cycle(db, source, now);
    source.remove('invoice', '1', 2);
    await cycle(db, source, now);
    understands = 'text';
    expect((await replay()).superseded).toBe(1);
    expect(await amounts()).toEqual([]);
  });

  test('that proves to be no fact takes the row of its older copy with it', async () => {
    source.put('invoice', '1', 1, { amount: 12 });
    await cycle(db, source, now);
    source.put('invoice', '1', 2, { amount: '13' });
    await cycle(db, source, now);
    expect(await amounts()).toEqual([{ id: '1', amount: 12 }]);
    understands = 'nothing';
    expect((await replay()).replayed).toBe(1);
    expect(await amounts()).toEqual([]);
  });

  test('is left alone when another one is named', async () => {
    source.put('invoice', '1', 1, { amount: '1' });
    source.put('invoice', '2', 1, { amount: '2' });
    await cycle(db, source, now);
    understands = 'text';
    const [first] = await readQuarantine(db.sql, { most: 5 });
    await replay(first!.id);
    expect((await states()).sort()).toEqual(['held', 'replayed']);
  });

  test('of a stream that the source no longer has is kept', async () => {
    source.put('invoice', '1', 1, { amount: '1' });
    await cycle(db, source, now);
    source.streams = [];
    expect((await replay()).held[0]!.reason).toBe('The source has no stream "invoice" any more.');
  });

  test('is not written by a worker that lost its lease', async () => {
    source.put('invoice', '1', 1, { amount: '12' });
    await cycle(db, source, now);
    understands = 'text';
    const lease = await takeLease(db, 'sync:billing', 'one');
    await db.sql`update lease set expires_at = clock_timestamp() - interval '1 second' where name = 'sync:billing'`;
    await takeLease(db, 'sync:billing', 'other');
    await expect(replayQuarantine(db, source, { lease: lease! })).rejects.toThrow('took over');
    expect(await amounts()).toEqual([]);
  });
});

describe('herald quarantine', () => {
  test('list shows what is held and why, without what a terminal would obey', async () => {
    source.put('invoice', '1', 1, { amount: '\u001b[2Jtwelve' });
    await cycle(db, source, now);
    const terminal = openVerbHome(home.url, now);
    const { out } = await terminal.run(quarantine, 'list', '--source', 'billing');
    terminal.close();
    expect(out).toMatch(/billing\tinvoice\t1\tamount "\[2Jtwelve" is no number\n$/);
  });

  test('replay of nothing says so', async () => {
    const terminal = openVerbHome(home.url, now);
    const { code, said } = await terminal.run(quarantine, 'replay');
    terminal.close();
    expect([code, said]).toEqual([0, ['Nothing is in quarantine.']]);
  });
});
