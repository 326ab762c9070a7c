/** A database of one's own for a test file: a copy of the migrated template on the run's real server. */
import { randomBytes } from 'node:crypto';
import postgres from 'postgres';
import { inject } from 'vitest';

export type TestDatabase = { url: string; close(): Promise<void> };

export async function openTestDatabase(options: { empty?: boolean } = {}): Promise<TestDatabase> {
  const admin = inject('databaseUrl');
  const name = `t_${randomBytes(6).toString('hex')}`;
  const sql = postgres(admin, { max: 1, onnotice: () => undefined });
  if (options.empty) await sql.unsafe(`create database ${name}`);
  else await sql.unsafe(`create database ${name} template template_herald strategy file_copy`);
  await sql.end();
  const url = new URL(admin);
  url.pathname = `/${name}`;
  return {
    url: url.toString(),
    async close() {
      const last = postgres(admin, { max: 1, onnotice: () => undefined });
      await last.unsafe(`drop database if exists ${name} with (force)`);
      await last.end();
    },
  };
}
