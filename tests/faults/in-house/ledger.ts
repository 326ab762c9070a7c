/**
 * The billing database. Its application stamps rows with their transaction's start, as `default now()` does, and two
 * clerks write at once: the one who began first may commit last. Now and then it throws its readers out.
 */
import { setTimeout as pause } from 'node:timers/promises';
import postgres from 'postgres';
import { fillBilling } from '../../../demo/billing.ts';
import type { Store, StoreChange } from '../../../demo/company/records.ts';
import { demoBillingSettings } from '../../../demo/in-house.ts';
import { presentOf } from '../followed.ts';
import { type InHouseSystem, pick } from './system.ts';

const tables = ['customers', 'subscriptions', 'invoices', 'payments'];

export async function openLedger(input: {
  url: string;
  billing: Store;
  random: () => number;
}): Promise<InHouseSystem> {
  const { url, billing, random } = input;
  const sql = postgres(url, {
    max: 2,
    onnotice: () => undefined,
    connection: { application_name: 'ledger' },
  });
  await fillBilling(sql, billing);
  await sql.unsafe(`
    create function stamp() returns trigger language plpgsql as 'begin new.updated_at := now(); return new; end';
    create function bury() returns trigger language plpgsql as
      'begin insert into deleted_rows (table_name, row_id, deleted_at) values (tg_table_name, old.id, now()); return old; end';
    ${tables
      .map(
        (table) => `
    create trigger stamped before insert or update on ${table} for each row execute function stamp();
    create trigger buried after delete on ${table} for each row execute function bury();`,
      )
      .join('')}`);
  let waiting: StoreChange[] = [];
  billing.watch((change) => {
    if (tables.includes(change.object)) waiting.push(change);
  });

  async function save(tx: postgres.TransactionSql, { object, id }: StoreChange): Promise<void> {
    const { record, gone } = billing.get(object, id)!;
    if (gone) return void (await tx`delete from ${tx(object)} where id = ${id}`);
    const columns = Object.keys(record).filter((column) => column !== 'id');
    await tx.unsafe(
      `insert into ${object} select * from json_populate_record(null::${object}, $1::text::json)
       on conflict (id) do update set ${columns.map((column) => `${column} = excluded.${column}`).join(', ')}`,
      [JSON.stringify(record)],
    );
  }

  const clerk = (changes: readonly StoreChange[], slownessMs: number) =>
    sql.begin(async (tx) => {
      for (const change of changes) await save(tx, change);
      await pause(slownessMs);
    });

  return {
    source: 'billing',
    settings: demoBillingSettings(url) as unknown as Record<string, unknown>,
    followed: tables.map((table) => ({ source: 'billing', stream: table, store: billing, object: table })),
    change(at) {
      const there = presentOf(billing, 'payments');
      const { id, record } = pick(there, random);
      if (there.length > 100 && random() < 0.15) billing.remove('payments', id, at, 'hard_deleted');
      else billing.put('payments', id, { ...record, amount_cents: Number(record.amount_cents) + 1 }, at);
    },
    async write() {
      const changes = [
        ...new Map(waiting.map((change) => [`${change.object} ${change.id}`, change])).values(),
      ];
      waiting = [];
      const [slow, quick] = [changes.filter((_, i) => i % 2 === 0), changes.filter((_, i) => i % 2 === 1)];
      await Promise.all([clerk(slow, random() * 300), clerk(quick, 0)]);
      if (random() < 0.1)
        await sql`select pg_terminate_backend(pid) from pg_stat_activity
          where application_name = 'herald' and datname = current_database()`;
    },
    close: () => sql.end({ timeout: 2 }),
  };
}
