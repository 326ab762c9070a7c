import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    exclude: ['tests/e2e/**', 'tests/faults/**', 'node_modules/**'],
    globalSetup: ['tests/setup/postgres.ts'],
    testTimeout: 120_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
    coverage: {
      provider: 'v8',
      include: [
        'bot/**',
        'cli/**',
        'config.ts',
        'db/**',
        'demo/**',
        'kpi/**',
        'platform/**',
        'render/**',
        'sync/**',
      ],
      exclude: ['db/migrations/**', 'demo/page/**', '**/*.d.ts'],
      reporter: ['text-summary', 'json-summary'],
    },
  },
});
