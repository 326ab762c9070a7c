/** What every verb stands on: the database (embedded or given), migrated, and the engine's settings. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Config } from '../config.ts';
import { type Database, openDatabase } from '../db/client.ts';
import type { EmbeddedServer } from '../db/embedded/server.ts';
import { DatabaseFault } from '../db/fault.ts';
import { migrate } from '../db/migrate.ts';
import { ensurePartitions } from '../db/partitions.ts';
import type { EngineSettings } from '../kpi/settings.ts';
import { HeraldError } from '../platform/errors.ts';
import { keepRates } from '../sync/resolve/keep-rates.ts';
import { calendarOf } from './calendar-of.ts';
import { catalogueOf } from './catalogue-of.ts';
import { knownSources } from './known-sources.ts';
import { minorPerUnit } from './minor-per-unit.ts';

export type House = {
  config: Config;
  now: () => Date;
  db: Database;
  /** Null when DATABASE_URL names a server. */
  server: EmbeddedServer | null;
  engine: EngineSettings;
  close(): Promise<void>;
};

export async function openHouse(
  config: Config,
  now: () => Date,
  say: (line: string) => void,
  options: { max?: number; name?: string } = {},
): Promise<House> {
  let server: EmbeddedServer | null = null;
  try {
    let url = config.databaseUrl;
    if (url === null) {
      if (!existsSync(path.join(config.folder, 'pg'))) say('Starting an embedded PostgreSQL …');
      const { openServer } = await import('../db/embedded/server.ts');
      server = await openServer({ folder: config.folder, say });
      await server.ensureDatabase('herald');
      url = server.url('herald');
    }
    await migrate(url);
    const db = openDatabase(url, { name: options.name ?? 'herald', max: options.max ?? 4 });
    await ensurePartitions(db);
    await keepRates(db, config.company.currency, config.rates);
    const opened = server;
    return {
      config,
      now,
      db,
      server,
      engine: engineSettings(config),
      async close() {
        await db.close();
        await opened?.release();
      },
    };
  } catch (thrown) {
    await server?.release();
    throw asHeraldError(thrown);
  }
}

/** The database's faults in the house's terms. */
export function asHeraldError(thrown: unknown): unknown {
  if (thrown instanceof DatabaseFault)
    return new HeraldError(thrown.kind === 'setup' ? 'setup' : 'upstream', thrown.message, { cause: thrown });
  const code = (thrown as { code?: string } | null)?.code ?? '';
  if (
    [
      'ECONNREFUSED',
      'ECONNRESET',
      'CONNECT_TIMEOUT',
      'CONNECTION_CLOSED',
      'CONNECTION_ENDED',
      'ENOTFOUND',
      '57P03',
      '57P01',
    ].includes(code)
  ) {
    return new HeraldError(
      'upstream',
      `The database cannot be reached (${code}). Check DATABASE_URL and that the server runs.`,
      { cause: thrown },
    );
  }
  if (code === '28P01' || code === '3D000')
    return new HeraldError(
      'setup',
      `The database refuses us: ${(thrown as Error).message}. Check DATABASE_URL.`,
      { cause: thrown },
    );
  if (code === 'ENOSPC' || code === '53100')
    return new HeraldError('setup', 'The disk is full. Free some space and start again; nothing was lost.', {
      cause: thrown,
    });
  return thrown;
}

export function engineSettings(config: Config): EngineSettings {
  const { company } = config;
  return {
    catalogue: catalogueOf(config),
    calendar: calendarOf(config),
    currency: company.currency,
    minorPerUnit: minorPerUnit(company.currency),
    sources: Object.entries(knownSources(config)).map(([name, known]) => ({ name, ...known })),
    targets: config.targets,
  };
}
