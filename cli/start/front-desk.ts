/** The desk with everything it needs: answers, rights, audit, pictures, exports. */
import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { createAudit } from '../../bot/access/audit.ts';
import { type AccessSettings, createDirectory } from '../../bot/access/directory.ts';
import { createHeed } from '../../bot/alert/heed.ts';
import { createAnswerCache, type RemoteCache } from '../../bot/cache/answer-cache.ts';
import { type Answerer, createAnswerer } from '../../bot/commands/answer-text.ts';
import type { Desk, Picture } from '../../bot/commands/command.ts';
import { createDesk } from '../../bot/commands/desk.ts';
import { createGivenAnswers } from '../../bot/commands/given-answers.ts';
import { createNoteReader } from '../../bot/commands/notes.ts';
import { createTableReader, type TableReader } from '../../bot/commands/tables.ts';
import type { Dimension } from '../../kpi/question.ts';
import { readDimensionValues } from '../../kpi/read/dimension-values.ts';
import type { Log } from '../../platform/log.ts';
import { createPainter, type Painter } from '../../render/picture/painter.ts';
import type { House } from '../house.ts';
import { type LinkSettings, recordLink } from '../record-link.ts';
import { createExporters } from './exporters.ts';
import { tableExporters } from './table-exporters.ts';

export type FrontDesk = {
  desk: Desk;
  answerer: Answerer;
  tables: TableReader;
  painter: Painter;
  refreshValues(): Promise<void>;
  close(): Promise<void>;
};

export async function openFrontDesk(house: House, access: AccessSettings, log: Log): Promise<FrontDesk> {
  const { db, engine, now, config } = house;
  const redis = config.redisUrl ? await connectRedis(config.redisUrl, log) : null;
  const painter = createPainter({ cacheFolder: path.join(config.folder, 'render'), processes: 2, log });
  let values: ReadonlyMap<string, Dimension> = new Map();
  const refreshValues = async () => {
    values = await readDimensionValues(db.sql);
  };
  await refreshValues();
  const answerer = createAnswerer({
    db,
    engine,
    cache: createAnswerCache(redis?.cache ?? null, log),
    now,
    values: () => values,
  });
  const tables = createTableReader({
    db,
    engine,
    answerer,
    now,
    linkOf: (origin) => recordLink(origin, config.sources as Record<string, LinkSettings>),
  });
  const desk = createDesk({
    answerer,
    tables,
    tableExporters,
    directory: createDirectory(access),
    audit: createAudit(db),
    draw: async (answer, maxWidth): Promise<Picture> =>
      painter.png(answer, { width: maxWidth <= 1024 ? 1000 : 1800 }),
    notes: createNoteReader({ db, engine, answerer, now }),
    heed: createHeed(db, (kpi) => engine.catalogue.kpiByName.get(kpi)?.title ?? kpi, now),
    exporters: createExporters(painter),
    given: createGivenAnswers(db),
    newId: randomUUID,
    log,
  });
  return {
    desk,
    answerer,
    tables,
    painter,
    refreshValues,
    async close() {
      await painter.close();
      redis?.close();
    },
  };
}

async function connectRedis(url: string, log: Log): Promise<{ cache: RemoteCache; close(): void }> {
  const { Redis } = await import('ioredis');
  // A cache that is away must fail at once, not hold answers up.
  const client = new Redis(url, {
    maxRetriesPerRequest: 1,
    enableOfflineQueue: false,
    connectTimeout: 2_000,
    commandTimeout: 500,
    lazyConnect: true,
  });
  client.on('error', (error: Error) => log.warn({ err: error.message }, 'cache: Redis'));
  try {
    await client.connect();
  } catch (error) {
    log.warn({ err: (error as Error).message }, 'cache: Redis is not there yet; answers come without it');
  }
  return {
    cache: {
      get: (key) => client.get(key),
      set: (key, value, mode, seconds) => client.set(key, value, mode, seconds),
    },
    close: () => client.disconnect(),
  };
}
