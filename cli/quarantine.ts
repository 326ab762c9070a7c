/** `herald quarantine list [--source NAME]`, `herald quarantine replay [--id N | --source NAME]`: records that were not understood, kept until they are. */
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { HeraldError } from '../platform/errors.ts';
import { plainText } from '../render/plain-text.ts';
import { type ReplayReport, readQuarantine, replayQuarantine } from '../sync/quality/replay.ts';
import type { Source } from '../sync/source.ts';
import { asHeraldError, type House, openHouse } from './house.ts';
import { consume } from './sync-sources.ts';
import { underLease } from './under-lease.ts';
import type { Tools, Verb } from './verb.ts';
import { createWorkshop } from './workshop.ts';

const PAUSE_MS = 500;

export const quarantine: Verb = async (tools) => {
  const { values, positionals } = parseArgs({
    args: [...tools.args],
    options: {
      source: { type: 'string' },
      id: { type: 'string' },
      most: { type: 'string', default: '50' },
      format: { type: 'string', default: 'text' },
    },
    allowPositionals: true,
  });
  const [what] = positionals;
  if (what !== 'list' && what !== 'replay')
    throw new HeraldError('ask', 'Say "quarantine list" or "quarantine replay".');
  if (values.id !== undefined && !/^\d{1,9}$/.test(values.id))
    throw new HeraldError('ask', `--id takes a number from "herald quarantine list", not "${values.id}".`);
  if (!/^[1-9]\d{0,5}$/.test(values.most))
    throw new HeraldError('ask', `--most takes a number, not "${values.most}".`);
  try {
    const house = await openHouse(tools.config(), tools.now, tools.terminal.say, {
      name: 'herald-quarantine',
    });
    try {
      const chosen = { source: values.source ?? null, most: Number(values.most) };
      if (what === 'list') return await list(house, chosen, values.format === 'json', tools);
      const id = values.id === undefined ? null : Number(values.id);
      return await replay(house, { source: chosen.source, id }, tools);
    } finally {
      await house.close();
    }
  } catch (thrown) {
    throw asHeraldError(thrown);
  }
};

async function list(
  { db }: House,
  chosen: { source: string | null; most: number },
  json: boolean,
  { terminal }: Tools,
): Promise<number> {
  const rows = await readQuarantine(db.sql, chosen);
  if (json) {
    terminal.out(`${JSON.stringify(rows, null, 2)}\n`);
    return 0;
  }
  // Ids and reasons quote the CRM's text: a terminal gets them without what it would obey.
  for (const { id, at, source, stream, recordId, reason } of rows)
    terminal.out(
      `${id}\t${at.toISOString()}\t${source}\t${stream}\t${plainText(recordId ?? '')}\t${plainText(reason, 300)}\n`,
    );
  if (rows.length === 0) terminal.say('Nothing is in quarantine.');
  return 0;
}

async function replay(
  house: House,
  chosen: { source: string | null; id: number | null },
  tools: Tools,
): Promise<number> {
  const { config, db } = house;
  const rows = await db.sql<{ source: string }[]>`
    select distinct source from quarantine where state = 'held'
      and (${chosen.source}::text is null or source = ${chosen.source}) and (${chosen.id}::int is null or id = ${chosen.id}) order by source`;
  if (rows.length === 0) {
    tools.terminal.say(chosen.id === null ? 'Nothing is in quarantine.' : `Record ${chosen.id} is not held.`);
    return 0;
  }
  const company = config.mode === 'demo' ? await tools.demo.openCompany(config, house.server, tools) : null;
  try {
    const { openSource } = await import('../sync/sources/registry.ts');
    const settings = company?.sources ?? config.sources;
    const workshop = createWorkshop(house, tools);
    let held = 0;
    for (const { source: name } of rows) {
      if (!Object.hasOwn(settings, name)) {
        tools.terminal.say(`${name}: it is not in herald.yaml any more; its records stay where they are.`);
        continue;
      }
      const source = await openSource({
        name,
        settings: settings[name],
        companyCurrency: config.company.currency,
        timeZone: config.company.timeZone,
      });
      const report = await underLease(house, tools, name, (lease) =>
        replayQuarantine(db, source, { lease, id: chosen.id }),
      );
      say(source, report, tools);
      held += report.held.length;
    }
    while (!(await consume(workshop))) await pause(PAUSE_MS);
    return held > 0 ? 1 : 0;
  } finally {
    await company?.close();
  }
}

function say(source: Source, report: ReplayReport, { terminal }: Tools): void {
  terminal.out(
    `${source.name}\t${report.replayed} replayed\t${report.superseded} superseded\t${report.held.length} still held\n`,
  );
  for (const { id, reason } of report.held) terminal.out(`  ${id}\t${plainText(reason, 300)}\n`);
}
