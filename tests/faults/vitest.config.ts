/** Tests that kill processes: slow, so they run apart. `vitest run --config tests/faults/vitest.config.ts` */
import path from 'node:path';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    root: path.resolve(import.meta.dirname, '../..'),
    include: ['tests/faults/**/*.test.ts'],
    globalSetup: ['tests/setup/postgres.ts'],
    testTimeout: 240_000,
    hookTimeout: 60_000,
    maxWorkers: 1,
  },
});
