/** Four months of tickets in a real database: weekdays 40, weekends 25 a day, and whatever a test plants. */
import { randomUUID } from 'node:crypto';
import { createDirectory } from '../../../bot/access/directory.ts';
import { type DetectionInput, runDetection } from '../../../bot/alert/run-detection.ts';
import { createAnswerCache } from '../../../bot/cache/answer-cache.ts';
import { createAnswerer } from '../../../bot/commands/answer-text.ts';
import { createOutbox } from '../../../bot/delivery/outbox.ts';
import type { Senders } from '../../../bot/delivery/sender.ts';
import { type Database, openDatabase } from '../../../db/client.ts';
import { addDays, weekdayOf } from '../../../kpi/calendar.ts';
import { builtIn } from '../../../kpi/catalogue.ts';
import type { EngineSettings } from '../../../kpi/settings.ts';
import { openTestDatabase } from '../../database.ts';
import { MemorySource } from '../../memory-source.ts';
import { consume, cycle, quiet } from '../../run-cycle.ts';
import { channel } from '../delivery/outbox-house.ts';

export const now = new Date('2026-11-24T09:00:00Z');
export const yesterday = '2026-11-23';

const engine: EngineSettings = {
  calendar: { timeZone: 'UTC', weekStart: 'monday', fiscalYearStart: 'january' },
  currency: 'USD',
  minorPerUnit: 100,
  catalogue: builtIn,
  sources: [{ name: 'zendesk', title: 'Zendesk' }],
};

export const support = { kind: 'slack', to: channel('support-alerts') } as const;
export const sales = { kind: 'slack', to: channel('sales') } as const;

export async function openAlertHouse() {
  const home = await openTestDatabase();
  const db: Database = openDatabase(home.url, { name: 'herald-test', max: 6 });
  const zendesk = new MemorySource('zendesk', ['ticket']);
  let id = 0;
  const plant = (day: string, n: number, product: (i: number) => string) => {
    for (let i = 0; i < n; i += 1) {
      const hour = String(8 + (i % 10)).padStart(2, '0');
      zendesk.put('ticket', `t${id++}`, 1, {
        subject: 'Help',
        status: 'open',
        priority: 'normal',
        channel: 'email',
        product: product(i),
        created_at: `${day}T${hour}:${String(i % 60).padStart(2, '0')}:00Z`,
      });
    }
  };
  for (let back = 120; back >= 2; back -= 1) {
    const day = addDays(yesterday, 1 - back);
    const weekend = [0, 6].includes(weekdayOf(day));
    // A wobble without chance: the same on every run.
    plant(day, (weekend ? 25 : 40) + ((back * 7) % 5), (i) => (i % 4 === 0 ? 'Edge' : 'Core'));
  }
  const sync = async (at = now) => {
    await cycle(db, zendesk, at);
    await consume(db);
  };
  const directory = createDirectory({
    people: {},
    channels: {
      [`slack:${support.to}`]: { role: 'manager', areas: ['support'] },
      [`slack:${sales.to}`]: { role: 'viewer', areas: ['sales'] },
    },
    terminal: { role: 'executive' },
  });
  const cache = createAnswerCache(null, quiet);
  const input: DetectionInput = {
    db,
    engine,
    settings: { rules: [{ kpis: ['tickets_created'], targets: [support, sales] }] },
    answererAt: (at) => createAnswerer({ db, engine, cache, now: () => at }),
    directory,
    // The smallest PNG there is: drawing has tests of its own.
    paint: {
      png: async () => ({
        png: Buffer.from(
          'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
          'base64',
        ),
        alt: 'Tickets created',
        width: 1,
        height: 1,
      }),
    },
    log: quiet,
    now,
  };
  return {
    db,
    plant,
    sync,
    input,
    detect: (more: Partial<DetectionInput> = {}) => runDetection({ ...input, ...more }),
    outbox: (senders: Senders, rights = directory) =>
      createOutbox({
        db,
        senders,
        directory: rights,
        log: quiet,
        newId: randomUUID,
        settleMs: 0,
        spacingMs: 0,
      }),
    rows: () =>
      db.sql<
        { target: string; payload: { text: string; blocks: { type: string }[] } }[]
      >`select target, payload from outbox order by id`,
    async close() {
      await db.close();
      await home.close();
    },
  };
}

export type AlertHouse = Awaited<ReturnType<typeof openAlertHouse>>;
