/** Bring a database to this version's schema. Several processes may try at once: an advisory lock lets one work. */
import { readFileSync } from 'node:fs';
import postgres from 'postgres';
import { DatabaseFault } from './fault.ts';

const folder = new URL('./migrations/', import.meta.url);
const MIGRATION_LOCK = 4_715_002;
/** RETURNING old and new rows, on which the change log stands, came with 18. */
const FLOOR = 180_000;

type Journal = { entries: { tag: string; when: number }[] };

/** Migrate unless the schema is current. Throws DatabaseFault for a server that is too old or a schema that is newer than this code. */
export async function migrate(url: string): Promise<{ applied: number }> {
  const journal = JSON.parse(readFileSync(new URL('meta/_journal.json', folder), 'utf8')) as Journal;
  const sql = postgres(url, {
    max: 1,
    onnotice: () => undefined,
    connect_timeout: 10,
    connection: { application_name: 'herald-migrate' },
  });
  try {
    const [server] = await sql<
      { number: number; name: string }[]
    >`select current_setting('server_version_num')::int as number, current_setting('server_version') as name`;
    if (server && server.number < FLOOR) {
      throw new DatabaseFault(
        'setup',
        `Herald needs PostgreSQL 18 or newer; the server at DATABASE_URL is ${server.name}. Upgrade it, or unset DATABASE_URL to use the embedded one.`,
      );
    }
    const before = await applied(sql);
    if (before === journal.entries.length) return { applied: 0 };
    await sql`select pg_advisory_lock(${MIGRATION_LOCK})`;
    const found = await applied(sql);
    if (found > journal.entries.length)
      throw new DatabaseFault(
        'setup',
        `The database was migrated by a newer Herald (${found} migrations, this version knows ${journal.entries.length}). Start the newer version.`,
      );
    if (found < journal.entries.length) {
      const { drizzle, loadMigrator } = await import('./drizzle.ts');
      await loadMigrator().migrate(drizzle(sql), { migrationsFolder: new URL('.', folder).pathname });
    }
    return { applied: journal.entries.length - found };
  } finally {
    await sql.end({ timeout: 5 });
  }
}

/** Migrations that this version has and the database has not; below 0 when a newer Herald migrated it. Changes nothing. */
export async function pendingMigrations(url: string): Promise<number> {
  const journal = JSON.parse(readFileSync(new URL('meta/_journal.json', folder), 'utf8')) as Journal;
  const sql = postgres(url, { max: 1, onnotice: () => undefined, connect_timeout: 10 });
  try {
    return journal.entries.length - (await applied(sql));
  } finally {
    await sql.end({ timeout: 5 });
  }
}

async function applied(sql: postgres.Sql): Promise<number> {
  const [table] = await sql`select to_regclass('drizzle.__drizzle_migrations') is not null as there`;
  if (!table?.there) return 0;
  const [row] = await sql`select count(*)::int as n from drizzle.__drizzle_migrations`;
  return Number(row?.n ?? 0);
}
