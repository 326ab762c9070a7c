/**
 * The only door to drizzle-orm. Its CommonJS build loads in 0.12 s and 29 MB on Node 24; the ESM build
 * takes 1.2 s and 256 MB. The types are the package's own.
 */
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

export const pg = require('drizzle-orm/pg-core') as typeof import('drizzle-orm/pg-core');
export const orm = require('drizzle-orm') as typeof import('drizzle-orm');
const driver = require('drizzle-orm/postgres-js') as typeof import('drizzle-orm/postgres-js');
export const drizzle = driver.drizzle;

/** Loaded only by the migrator: `ask` must not pay for it. */
export function loadMigrator(): typeof import('drizzle-orm/postgres-js/migrator') {
  return require('drizzle-orm/postgres-js/migrator');
}
