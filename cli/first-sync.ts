/** Before an answer: the sources it needs must have been read once. Reads them here, or waits for whoever does. */
import { setTimeout as pause } from 'node:timers/promises';
import { sourcesBehind } from '../kpi/behind/sources-behind.ts';
import { HeraldError } from '../platform/errors.ts';
import type { House } from './house.ts';
import { missingSources } from './missing-sources.ts';
import type { Tools } from './verb.ts';

/** Another process may be at it: give it this long. */
const PATIENCE_MS = 180_000;

export async function firstSync(
  house: House,
  kpi: string,
  needsPlaces: boolean,
  tools: Tools,
): Promise<void> {
  const { sources, catalogue } = house.engine;
  const definition = catalogue.kpiByName.get(kpi);
  const needed = new Set((definition ? sourcesBehind(definition, house.engine) : []).map(({ name }) => name));
  // Regions and segments of customers are what their accounts say.
  if (needsPlaces)
    for (const { name, fills } of sources)
      if (fills ? fills.account : name === 'salesforce') needed.add(name);
  const missing = await missingSources(house.db, [...needed]);
  if (missing.length === 0) return;
  const { config } = house;
  // Once everything was read, which is nearly always, none of this is loaded.
  const [{ openSource }, { createWorkshop }, { consume, syncOnce }] = await Promise.all([
    import('../sync/sources/registry.ts'),
    import('./workshop.ts'),
    import('./sync-sources.ts'),
  ]);
  const company = config.mode === 'demo' ? await tools.demo.openCompany(config, house.server, tools) : null;
  try {
    const settings = company?.sources ?? config.sources;
    const workshop = createWorkshop(house, tools);
    for (const name of missing) {
      const source = await openSource({
        name,
        settings: settings[name],
        companyCurrency: config.company.currency,
        timeZone: config.company.timeZone,
      });
      let read = 0;
      tools.terminal.progress(`First sync of ${source.title} …`);
      const report = await syncOnce(workshop, source, 'first question', {
        onBatch: (batch) => {
          read += batch.read;
          tools.terminal.progress(
            `First sync of ${source.title}: ${read.toLocaleString('en')} records (${batch.stream})`,
          );
        },
      });
      if (report === null) await waitFor(house, name, tools);
      else if (report.state === 'FAILED')
        tools.terminal.say(
          `${source.title} could not be read completely: ${report.failures.map((failure) => failure.reason).join('; ')}`,
        );
      else tools.terminal.say(`${source.title}: ${read.toLocaleString('en')} records`);
    }
    tools.terminal.progress('Counting …');
    while (!(await consume(workshop))) await pause(250);
  } finally {
    await company?.close();
  }
}

async function waitFor(house: House, source: string, tools: Tools): Promise<void> {
  for (let waited = 0; waited < PATIENCE_MS; waited += 500) {
    if ((await missingSources(house.db, [source])).length === 0) return;
    tools.terminal.progress(`Waiting for the first sync of ${source}, which another Herald is doing …`);
    await pause(500);
  }
  throw new HeraldError('upstream', `The first sync of ${source} is not done yet. Ask again in a minute.`);
}
