import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import postgres from 'postgres';
import { expect, test } from 'vitest';
import { openDemo } from '../../demo/demo.ts';
import { openTestDatabase } from '../database.ts';

test('what happens to the living company’s payments is in its billing database at once', async () => {
  const database = await openTestDatabase({ empty: true });
  const folder = mkdtempSync(path.join(os.tmpdir(), 'herald-living-'));
  // A clock that no whole second meets, as a real one.
  let now = Date.now() - (Date.now() % 1_000) + 437;
  const demo = await openDemo({
    folder,
    billingUrl: database.url,
    timeZone: 'UTC',
    seed: 3,
    scale: 0.02,
    now: () => {
      now += 1_000;
      return now;
    },
    say: () => undefined,
  });
  const paid = new Promise<string>((resolve) => {
    demo.world.billing.watch(({ object, id }) => object === 'payments' && resolve(id));
  });
  demo.live(1);
  const id = await paid;
  await demo.close();
  const sql = postgres(database.url, { max: 1 });
  expect(await sql`select id from payments where id = ${id}`).toHaveLength(1);
  await sql.end();
  await database.close();
  rmSync(folder, { recursive: true, force: true });
});
