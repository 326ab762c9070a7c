import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import postgres, { type Sql } from 'postgres';
import { afterAll, beforeAll } from 'vitest';
import { fillBilling } from '../../../../demo/billing.ts';
import { createWorld } from '../../../../demo/company/world.ts';
import { writeFiles } from '../../../../demo/files.ts';
import { demoBillingSettings, demoFilesSettings } from '../../../../demo/in-house.ts';
import { createCustomSource } from '../../../../sync/sources/custom/create-custom-source.ts';
import { describeSource } from '../../../contracts/source.ts';
import { openTestDatabase, type TestDatabase } from '../../../database.ts';
import { readContext } from '../read-context.ts';

const world = () => createWorld({ seed: 7, anchorDay: '2026-11-20', timeZone: 'UTC', scale: 0.02 });

let database: TestDatabase;
let sql: Sql;
beforeAll(async () => {
  database = await openTestDatabase({ empty: true });
  sql = postgres(database.url, { max: 1, onnotice: () => undefined });
});
afterAll(async () => {
  await sql.end();
  await database.close();
});

const tables: Record<string, string> = {
  customers: 'customers',
  subscriptions: 'subscriptions',
  invoices: 'invoices',
  payments: 'payments',
};

describeSource("the demo company's billing database", async () => {
  const { billing } = world();
  await sql`drop table if exists customers, subscriptions, invoices, payments, deleted_rows`;
  await fillBilling(sql, billing);
  const source = createCustomSource('billing', {
    ...demoBillingSettings(database.url),
    settleSeconds: 0,
  } as ReturnType<typeof demoBillingSettings>);
  const live = (stream: string) =>
    [...billing.all(tables[stream]!)].filter((row) => !row.gone).map((row) => row.id);
  // The suite changes rows without waiting for them; the one connection keeps the order of statements.
  const run = (statement: string, parameters: string[]) => void sql.unsafe(statement, parameters).execute();
  return {
    source,
    context: readContext(source, () => new Date(Date.now() + 1_000)),
    liveIds: live,
    change(stream) {
      const id = live(stream)[0]!;
      run(`update ${tables[stream]} set updated_at = clock_timestamp() where id = $1`, [id]);
      return id;
    },
    remove(stream) {
      const id = live(stream)[1]!;
      run(`delete from ${tables[stream]} where id = $1`, [id]);
      run(`insert into deleted_rows (table_name, row_id, deleted_at) values ($1, $2, clock_timestamp())`, [
        stream,
        id,
      ]);
      return id;
    },
    malformed: (stream) =>
      stream === 'customers'
        ? { created_at: 'soon' }
        : { started_on: 'soon', issued_on: 'soon', paid_on: 'soon' },
    close: async () => void (await sql`select 1`),
  };
});

describeSource("the demo company's files", async () => {
  const { files } = world();
  const folder = await mkdtemp(path.join(tmpdir(), 'herald-contract-'));
  await writeFiles(folder, files);
  const source = createCustomSource('finance', demoFilesSettings(folder));
  const fileOf = (stream: string) => `${stream}.csv`;
  const live = (stream: string) => [...files.all(fileOf(stream))].filter((row) => !row.gone);
  const clock = { ms: Date.UTC(2026, 10, 22) };
  const write = (stream: string, lines: string[]) =>
    writeFileSync(path.join(folder, fileOf(stream)), `${lines.join('\n')}\n`);
  const header = (stream: string) =>
    stream === 'spend'
      ? 'id,day,kind,campaign_id,source,amount,currency'
      : 'id,answered_at,email,customer_id,score';
  const row = (stream: string, id: string) =>
    stream === 'spend' ? `${id},2026-01-01,marketing,,,1.00,USD` : `${id},2026-01-01,a@b.c,,9`;
  return {
    source,
    context: readContext(source, () => new Date(clock.ms)),
    liveIds: (stream) => live(stream).map((stored) => stored.id),
    change(stream) {
      clock.ms += 60_000;
      const ids = live(stream).map((stored) => stored.id);
      write(stream, [header(stream), ...ids.map((id) => row(stream, id))]);
      return ids[0]!;
    },
    remove(stream) {
      clock.ms += 60_000;
      const ids = live(stream).map((stored) => stored.id);
      write(stream, [header(stream), ...ids.slice(1).map((id) => row(stream, id))]);
      return ids[0]!;
    },
    malformed: (stream) => (stream === 'spend' ? { amount: 'much' } : { score: 'high' }),
    close: () => rm(folder, { recursive: true }),
  };
});
