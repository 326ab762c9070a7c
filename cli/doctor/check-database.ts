/** Reachable, new enough, migrated, and of one mind with us about the time. */
import type { Database } from '../../db/client.ts';
import { openDatabase } from '../../db/client.ts';
import type { EmbeddedServer } from '../../db/embedded/server.ts';
import { pendingMigrations } from '../../db/migrate.ts';
import { HeraldError } from '../../platform/errors.ts';
import { asHeraldError } from '../house.ts';
import { type Finding, fault, ok, warning } from './finding.ts';

/** RETURNING old and new rows came with 18. */
const VERSION_FLOOR = 180_000;
/** Slack refuses what is five minutes off; digests are due by the database's clock, answers by ours. */
const SKEW_WARNING_MS = 5_000;
const SKEW_FAULT_MS = 240_000;

export type CheckedDatabase = {
  findings: Finding[];
  /** Null when it cannot be used. */
  db: Database | null;
  migrated: boolean;
  server: EmbeddedServer | null;
  close(): Promise<void>;
};

export type DatabaseInput = {
  databaseUrl: string | null;
  folder: string;
  now: () => Date;
  say: (line: string) => void;
};

/** Opens the database (starts the embedded one, or joins it) and looks at it; changes nothing in a given one. */
export async function checkDatabase({
  databaseUrl,
  folder,
  now,
  say,
}: DatabaseInput): Promise<CheckedDatabase> {
  let server: EmbeddedServer | null = null;
  let db: Database | null = null;
  const findings: Finding[] = [];
  let migrated = false;
  try {
    let url = databaseUrl;
    if (url === null) {
      const { openServer } = await import('../../db/embedded/server.ts');
      server = await openServer({ folder, say });
      await server.ensureDatabase('herald');
      url = server.url('herald');
    }
    const opened = openDatabase(url, { name: 'herald-doctor', max: 2, statementTimeoutMs: 20_000 });
    db = opened;
    findings.push(await version(opened, server !== null));
    const pending = await pendingMigrations(url);
    migrated = pending === 0;
    findings.push(judgeMigrations(pending), await clock(opened, now));
  } catch (thrown) {
    const error = asHeraldError(thrown);
    const kind = error instanceof HeraldError && error.kind === 'setup' ? 'setup' : 'upstream';
    const next = databaseUrl
      ? 'Check DATABASE_URL, and that the server runs and lets us in.'
      : `Look into ${folder}/postgres.log.`;
    findings.push(fault('Database', kind, (error as Error).message, next));
    await db?.close();
    db = null;
  }
  return {
    findings,
    db,
    migrated,
    server,
    async close() {
      await db?.close();
      await server?.release();
    },
  };
}

async function version(db: Database, embedded: boolean): Promise<Finding> {
  const [row] = await db.sql<{ number: number; name: string; size: string }[]>`
    select current_setting('server_version_num')::int as number, current_setting('server_version') as name,
      pg_size_pretty(pg_database_size(current_database())) as size`;
  const detail = `PostgreSQL ${row!.name}, ${embedded ? 'embedded' : 'at DATABASE_URL'}, ${row!.size}`;
  return row!.number >= VERSION_FLOOR
    ? ok('Database', detail)
    : fault(
        'Database',
        'setup',
        detail,
        'Upgrade it to PostgreSQL 18, or unset DATABASE_URL to use the embedded one.',
      );
}

export function judgeMigrations(pending: number): Finding {
  if (pending === 0) return ok('Schema', 'current');
  if (pending > 0)
    return warning(
      'Schema',
      `${pending} migrations behind`,
      'Nothing to do: "npm start" or "herald sync" brings it up to date.',
    );
  return fault('Schema', 'setup', 'migrated by a newer Herald', 'Start the newer version.');
}

async function clock(db: Database, now: () => Date): Promise<Finding> {
  const before = now().getTime();
  const [row] = await db.sql<
    { at: number }[]
  >`select (extract(epoch from clock_timestamp()) * 1000)::float8 as at`;
  return judgeSkew(row!.at - (before + now().getTime()) / 2);
}

export function judgeSkew(skewMs: number): Finding {
  const off = Math.abs(skewMs);
  const detail =
    off < 1000
      ? 'agrees with the database’s'
      : `${(off / 1000).toFixed(1)} s ${skewMs > 0 ? 'behind' : 'ahead of'} the database’s`;
  const next = 'Let both machines keep time by NTP.';
  if (off >= SKEW_FAULT_MS) return fault('Clock', 'setup', detail, next);
  return off >= SKEW_WARNING_MS ? warning('Clock', detail, next) : ok('Clock', detail);
}
