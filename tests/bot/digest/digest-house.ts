/** A small company in a real database, and everything a digest goes through on its way out. */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createDirectory } from '../../../bot/access/directory.ts';
import { createAnswerCache } from '../../../bot/cache/answer-cache.ts';
import { createAnswerer } from '../../../bot/commands/answer-text.ts';
import { createOutbox } from '../../../bot/delivery/outbox.ts';
import type { Senders } from '../../../bot/delivery/sender.ts';
import type { DigestDefinition } from '../../../bot/digest/definition.ts';
import { createDigestRunner } from '../../../bot/digest/run-digest.ts';
import { type Database, openDatabase } from '../../../db/client.ts';
import { builtIn } from '../../../kpi/catalogue.ts';
import type { EngineSettings } from '../../../kpi/settings.ts';
import { syncSchedules } from '../../../platform/schedule.ts';
import { createPainter } from '../../../render/picture/painter.ts';
import { openTestDatabase } from '../../database.ts';
import { MemorySource } from '../../memory-source.ts';
import { consume, cycle, quiet } from '../../run-cycle.ts';
import { access } from '../delivery/outbox-house.ts';

/** A Monday. */
export const slot = new Date('2026-11-23T08:00:00Z');

export const engine: EngineSettings = {
  calendar: { timeZone: 'UTC', weekStart: 'monday', fiscalYearStart: 'january' },
  currency: 'USD',
  minorPerUnit: 100,
  catalogue: builtIn,
  sources: [
    { name: 'salesforce', title: 'Salesforce' },
    { name: 'zendesk', title: 'Zendesk' },
  ],
};

const deal = (amount: number, product: string, on: string) => ({
  account_id: 'a1',
  owner: 'Ann',
  amount: amount * 100,
  is_won: true,
  is_closed: true,
  created_on: '2026-11-01',
  closed_on: on,
  source: 'Event',
  product,
  probability: 100,
});
const ticket = (at: string) => ({
  subject: 'Help',
  status: 'open',
  priority: 'normal',
  channel: 'email',
  product: 'Core',
  created_at: at,
});

export async function openDigestHouse() {
  const home = await openTestDatabase();
  const db: Database = openDatabase(home.url, { name: 'herald-test', max: 6 });
  const folder = mkdtempSync(path.join(os.tmpdir(), 'herald-digest-'));
  const painter = createPainter({ cacheFolder: folder, processes: 1, timeoutMs: 20_000, log: quiet });
  const salesforce = new MemorySource('salesforce', ['deal']);
  const zendesk = new MemorySource('zendesk', ['ticket']);
  // Week 46: 1,000; week 47: 1,500, all of the difference in Core.
  salesforce.put('deal', 'w1', 1, deal(600, 'Core', '2026-11-10'));
  salesforce.put('deal', 'w2', 1, deal(400, 'Edge', '2026-11-12'));
  salesforce.put('deal', 'w3', 1, deal(1100, 'Core', '2026-11-17'));
  salesforce.put('deal', 'w4', 1, deal(400, 'Edge', '2026-11-19'));
  // Week 46: two tickets; week 47: three, which is worse.
  for (const [i, day] of ['10', '11', '17', '18', '19'].entries())
    zendesk.put('ticket', `t${i}`, 1, ticket(`2026-11-${day}T10:00:00Z`));
  const sync = async (at = slot) => {
    await cycle(db, salesforce, at);
    await cycle(db, zendesk, at);
    await consume(db);
  };
  await sync();
  const cache = createAnswerCache(null, quiet);
  const answererAt = (now: Date) => createAnswerer({ db, engine, cache, now: () => now });
  const runner = createDigestRunner({
    db,
    engine,
    answererAt,
    directory: createDirectory(access),
    paint: painter,
    kick: () => {},
    log: quiet,
  });
  return {
    db,
    home,
    salesforce,
    deal,
    sync,
    answererAt,
    runner,
    painter,
    outbox: (senders: Senders) =>
      createOutbox({
        db,
        senders,
        directory: createDirectory(access),
        log: quiet,
        newId: randomUUID,
        settleMs: 0,
        spacingMs: 0,
      }),
    define: (
      name: string,
      targets: DigestDefinition['targets'],
      kpis = ['bookings last week', 'tickets last week'],
      cron = '0 8 * * 1',
    ) =>
      syncSchedules(db, [
        {
          name,
          kind: 'digest',
          cron,
          timeZone: 'UTC',
          definition: { title: 'Executive digest', kpis, role: 'executive', targets },
        },
      ]),
    async close() {
      await painter.close();
      await db.close();
      await home.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export type DigestHouse = Awaited<ReturnType<typeof openDigestHouse>>;
