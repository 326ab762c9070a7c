/** One real server for the whole run, with a migrated template: each test file gets its own copy in a tenth of a second. */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import postgres from 'postgres';
import type { TestProject } from 'vitest/node';
import { openServer } from '../../db/embedded/server.ts';
import { migrate } from '../../db/migrate.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    databaseUrl: string;
  }
}

export default async function setup(project: TestProject) {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'herald-test-'));
  // Open to the user whom root hands the server to; else the data would be put elsewhere, and stay there.
  chmodSync(folder, 0o755);
  const server = await openServer({
    folder,
    settings: {
      fsync: 'off',
      synchronous_commit: 'off',
      full_page_writes: 'off',
      autovacuum: 'off',
      max_connections: '200',
    },
  });
  await server.ensureDatabase('template_herald');
  await migrate(server.url('template_herald'));
  const sql = postgres(server.url('postgres'), { max: 1, onnotice: () => undefined });
  await sql`alter database template_herald with allow_connections false is_template true`;
  await sql.end();
  project.provide('databaseUrl', server.url('postgres'));
  return async () => {
    await server.release();
    rmSync(folder, { recursive: true, force: true });
  };
}
