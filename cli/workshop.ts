/** What reading sources takes, from the house and its tools. */
import { installationKey } from '../platform/secrets.ts';
import { createEvents } from '../sync/events.ts';
import type { House } from './house.ts';
import { createGates } from './source-gates.ts';
import type { Workshop } from './sync-sources.ts';
import type { Tools } from './verb.ts';

export function createWorkshop(house: House, tools: Tools): Workshop {
  const { config, db, now } = house;
  const log = tools.log();
  const events = createEvents(log);
  return {
    db,
    now,
    random: tools.random,
    holder: tools.processId,
    key: installationKey(config.secretKey, config.folder),
    timeZone: config.company.timeZone,
    kpis: house.engine.catalogue.kpis,
    measures: house.engine.catalogue.measures,
    schedules: Object.fromEntries(
      Object.entries(config.schedules).map(([name, schedule]) => [
        name,
        { ...schedule, timeZone: schedule.timeZone ?? config.company.timeZone },
      ]),
    ),
    titles: Object.fromEntries(house.engine.sources.map(({ name, title }) => [name, title])),
    log,
    signal: tools.signal,
    events,
    gates: createGates({ db, now, log, events }),
  };
}
