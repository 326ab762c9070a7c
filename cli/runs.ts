/** `herald runs [ID] [--source NAME] [--most N] [--format json]`: what the sync did last; with a number, every step of that run. */
import { parseArgs } from 'node:util';
import { HeraldError } from '../platform/errors.ts';
import { plainText } from '../render/plain-text.ts';
import { describeFreshness, readFreshness } from '../sync/read-freshness.ts';
import { type RunRow, readRun, readRuns } from '../sync/read-runs.ts';
import { asHeraldError, openHouse } from './house.ts';
import type { Verb } from './verb.ts';

export const runs: Verb = async (tools) => {
  const { values, positionals } = parseArgs({
    args: [...tools.args],
    options: {
      source: { type: 'string' },
      most: { type: 'string', default: '20' },
      format: { type: 'string', default: 'text' },
    },
    allowPositionals: true,
  });
  const [id] = positionals;
  if (id !== undefined && !/^\d{1,15}$/.test(id))
    throw new HeraldError('ask', `"${id}" is no run. "herald runs" lists them by number.`);
  const most = Number(values.most);
  if (!Number.isInteger(most) || most < 1 || most > 1000)
    throw new HeraldError('ask', `--most takes a number from 1 to 1000, not "${values.most}".`);
  const { terminal } = tools;
  const json = values.format === 'json';
  try {
    const house = await openHouse(tools.config(), tools.now, terminal.say, { max: 1, name: 'herald-runs' });
    try {
      if (id === undefined) {
        const rows = await readRuns(house.db.sql, { source: values.source ?? null, most });
        if (json) terminal.out(`${JSON.stringify(rows, null, 2)}\n`);
        else for (const row of rows) terminal.out(`${lineOf(row)}\n`);
        for (const one of await readFreshness(house.db.sql, tools.now()))
          if (!values.source || one.source === values.source)
            terminal.say(plainText(describeFreshness(one), 400));
        if (rows.length === 0)
          terminal.say(values.source ? `${values.source} has not run yet.` : 'Nothing has run yet.');
        return 0;
      }
      const run = await readRun(house.db.sql, Number(id));
      if (!run) throw new HeraldError('ask', `There is no run ${id}.`);
      if (json) terminal.out(`${JSON.stringify(run, null, 2)}\n`);
      else {
        terminal.out(`${lineOf(run)}\n`);
        for (const { from, to, at, detail } of run.transitions)
          terminal.out(
            `  ${at.toISOString()}\t${from} → ${to}\t${plainText(JSON.stringify(detail ?? {}))}\n`,
          );
      }
      return 0;
    } finally {
      await house.close();
    }
  } catch (thrown) {
    throw asHeraldError(thrown);
  }
};

function lineOf(run: RunRow): string {
  const seconds = run.finishedAt
    ? `${((run.finishedAt.getTime() - run.startedAt.getTime()) / 1000).toFixed(1)} s`
    : 'not ended';
  const counts = `${run.read} read, ${run.changed} changed, ${run.quarantined} in quarantine`;
  const cells = [
    run.id,
    run.startedAt.toISOString(),
    run.source,
    run.state,
    counts,
    seconds,
    run.cause ?? '',
  ];
  if (run.error) cells.push(plainText(run.error));
  return cells.join('\t');
}
