/** `herald rollback RUN [--dry-run | --release]`: what a bad run changed becomes what it was before, as a run of its own. */
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { HeraldError } from '../platform/errors.ts';
import { plainText } from '../render/plain-text.ts';
import { planRollback, type RollbackReport, rollBack, rollbackOf } from '../sync/rollback.ts';
import { asHeraldError, type House, openHouse } from './house.ts';
import { consume } from './sync-sources.ts';
import { underLease } from './under-lease.ts';
import type { Tools, Verb } from './verb.ts';
import { createWorkshop } from './workshop.ts';

const PAUSE_MS = 500;

export const rollback: Verb = async (tools) => {
  const { values, positionals } = parseArgs({
    args: [...tools.args],
    options: {
      'dry-run': { type: 'boolean', default: false },
      release: { type: 'boolean', default: false },
      format: { type: 'string', default: 'text' },
    },
    allowPositionals: true,
  });
  const [id = ''] = positionals;
  if (!/^\d{1,15}$/.test(id))
    throw new HeraldError(
      'ask',
      `Say which run: "herald rollback 4711". "herald runs" lists them by number.`,
    );
  try {
    const house = await openHouse(tools.config(), tools.now, tools.terminal.say, { name: 'herald-rollback' });
    try {
      const asked = Number(id);
      const runId = values.release ? await rollbackOf(house.db, asked) : asked;
      if (runId === null)
        throw new HeraldError('ask', `Run ${asked} was never taken back: there is nothing to release.`);
      const plan = await planRollback(house.db, runId);
      const idle = values['dry-run'] || plan.restored + plan.removed === 0;
      const cause = values.release ? `release of run ${asked}` : `rollback of run ${asked}`;
      const report = idle ? plan : await take(house, tools, plan, cause);
      if (values.format === 'json') tools.terminal.out(`${JSON.stringify(report, null, 2)}\n`);
      else say(report, values['dry-run'], tools);
      return 0;
    } finally {
      await house.close();
    }
  } catch (thrown) {
    throw asHeraldError(thrown);
  }
};

async function take(
  house: House,
  tools: Tools,
  plan: RollbackReport,
  cause: string,
): Promise<RollbackReport> {
  const { config } = house;
  const company = config.mode === 'demo' ? await tools.demo.openCompany(config, house.server, tools) : null;
  try {
    const settings = company?.sources ?? config.sources;
    if (!Object.hasOwn(settings, plan.source))
      throw new HeraldError(
        'setup',
        `${plan.source} is not in herald.yaml any more; its records cannot be read into rows again.`,
      );
    const { openSource } = await import('../sync/sources/registry.ts');
    const source = await openSource({
      name: plan.source,
      settings: settings[plan.source],
      companyCurrency: config.company.currency,
      timeZone: config.company.timeZone,
    });
    const report = await underLease(house, tools, plan.source, (lease) =>
      rollBack(house.db, source, { runId: plan.runId, lease, cause }),
    );
    const workshop = createWorkshop(house, tools);
    while (!(await consume(workshop))) await pause(PAUSE_MS);
    return report;
  } finally {
    await company?.close();
  }
}

function say(report: RollbackReport, dry: boolean, { terminal }: Tools): void {
  const { source, runId, by, restored, removed, later } = report;
  const what = `${restored} restored\t${removed} removed\t${later} left: changed since`;
  terminal.out(
    `run ${runId}\t${source}\t${by === null ? (dry ? 'would be' : 'nothing to do') : `by run ${by}`}\t${what}\n`,
  );
  for (const { stream, id, runId: other } of report.examples)
    terminal.out(`  ${stream}\t${plainText(id)}\tchanged by run ${other ?? 'unknown'}\n`);
  if (later > report.examples.length) terminal.out(`  … and ${later - report.examples.length} more\n`);
}
