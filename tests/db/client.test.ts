import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Database, openDatabase } from '../../db/client.ts';
import { openTestDatabase, type TestDatabase } from '../database.ts';

let home: TestDatabase;
let db: Database;

beforeAll(async () => {
  home = await openTestDatabase();
  db = openDatabase(home.url, { name: 'herald-test', max: 4 });
});

afterAll(async () => {
  await db.close();
  await home.close();
});

describe('the guarded client', () => {
  test('a batch is numbered at commit, densely and in commit order', async () => {
    const ids: number[] = [];
    await Promise.all(
      Array.from({ length: 12 }, (_, i) =>
        db
          .inTransaction(async (tx) => {
            const [row] = await tx<
              { id: number }[]
            >`insert into change_batch (source) values ('test') returning id`;
            await tx`select pg_sleep(${((i * 7) % 5) / 100})`;
            if (i % 4 === 3) throw new Error('rolled back');
            ids.push(row!.id);
          })
          .catch((error: Error) => expect(error.message).toBe('rolled back')),
      ),
    );
    const rows = await db.sql<{ seq: number }[]>`select seq from change_batch order by seq`;
    expect(rows.map((row) => row.seq)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  test('a statement after the connection was lost is refused instead of committing alone', async () => {
    const work = db.inTransaction(async (tx) => {
      const [row] = await tx<{ pid: number }[]>`select pg_backend_pid() as pid`;
      await tx`insert into staff (system, id, name) values ('t', 'before', 'x')`;
      await db.sql`select pg_terminate_backend(${row!.pid})`;
      await new Promise((resolve) => setTimeout(resolve, 50));
      await tx`insert into staff (system, id, name) values ('t', 'after', 'x')`;
    });
    await expect(work).rejects.toThrow();
    const rows = await db.sql`select id from staff where system = 't'`;
    expect(rows).toHaveLength(0);
  });

  test('dates stay calendar dates and 64-bit integers are numbers', async () => {
    const [row] = await db.sql`select date '2026-03-01' as day, 9007199254740991::bigint as big`;
    expect(row).toEqual({ day: '2026-03-01', big: 9007199254740991 });
  });

  test('an illegal step of a run is refused by the database too', async () => {
    await db.sql`insert into sync_run (id, source, state) values (7, 'x', 'IDLE')`;
    await expect(db.sql`update sync_run set state = 'SUCCESS' where id = 7`).rejects.toThrow(
      'IDLE to SUCCESS is not a legal transition',
    );
  });

  test('the audit trail cannot be changed', async () => {
    await db.sql`insert into audit (platform, asker, role, action, outcome) values ('terminal', 'a', 'viewer', 'ask', 'answered')`;
    await expect(db.sql`delete from audit`).rejects.toThrow('append-only');
  });
});
