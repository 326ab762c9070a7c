/** `herald sync [--source NAME]`: read the sources once, then exit. */
import { parseArgs } from 'node:util';
import { HeraldError } from '../platform/errors.ts';
import { order } from '../sync/graph.ts';
import { asHeraldError, openHouse } from './house.ts';
import { consume, syncOnce } from './sync-sources.ts';
import type { Verb } from './verb.ts';
import { createWorkshop } from './workshop.ts';

export const sync: Verb = async (tools) => {
  const { values } = parseArgs({
    args: [...tools.args],
    options: { source: { type: 'string' }, 'allow-deletes': { type: 'boolean', default: false } },
  });
  const config = tools.config();
  const { terminal } = tools;
  try {
    const house = await openHouse(config, tools.now, terminal.say, { name: 'herald-sync' });
    const company = config.mode === 'demo' ? await tools.demo.openCompany(config, house.server, tools) : null;
    try {
      const settings = company?.sources ?? config.sources;
      const names = Object.keys(settings);
      if (values.source !== undefined && !names.includes(values.source))
        throw new HeraldError('ask', `There is no source "${values.source}". Choose ${names.join(', ')}.`);
      const { openSource } = await import('../sync/sources/registry.ts');
      const workshop = {
        ...createWorkshop(house, tools),
        settings: values['allow-deletes'] ? { sweepBrake: 1 } : {},
      };
      let failed = false;
      for (const { name } of order(names.map((source) => ({ name: source })))) {
        if (values.source !== undefined && name !== values.source) continue;
        const source = await openSource({
          name,
          settings: settings[name],
          companyCurrency: config.company.currency,
          timeZone: config.company.timeZone,
        });
        const started = performance.now();
        let read = 0;
        const report = await syncOnce(workshop, source, 'herald sync', {
          onBatch: (batch) => {
            read += batch.read;
            terminal.progress(`${source.title}: ${read.toLocaleString('en')} records (${batch.stream})`);
          },
        });
        const seconds = ((performance.now() - started) / 1000).toFixed(1);
        if (report === null) terminal.say(`${source.title}: another Herald is reading it now`);
        else {
          terminal.say(
            `${source.title}: ${report.state} · ${report.read.toLocaleString('en')} read, ${report.changed.toLocaleString('en')} changed, ${report.deleted} gone, ${report.quarantined} in quarantine · ${seconds} s`,
          );
          for (const failure of report.failures) terminal.say(`  ${failure.stream}: ${failure.reason}`);
          failed ||= report.state === 'FAILED';
        }
      }
      const started = performance.now();
      await consume(workshop);
      terminal.say(`Counted in ${((performance.now() - started) / 1000).toFixed(1)} s`);
      return failed ? 75 : 0;
    } finally {
      await company?.close();
      await house.close();
    }
  } catch (thrown) {
    throw asHeraldError(thrown);
  }
};
