import { defineConfig } from 'drizzle-kit';

export default defineConfig({
  dialect: 'postgresql',
  schema: [
    './db/schema/sync.ts',
    './db/schema/quality.ts',
    './db/schema/unified/index.ts',
    './db/schema/schedule.ts',
    './db/schema/kpi.ts',
    './db/schema/bot.ts',
  ],
  out: './db/migrations',
});
