/** `herald retain [--format json]`: months are made ahead, history older than retention.historyMonths and read changes older than retention.changeLogDays are dropped. */
import { parseArgs } from 'node:util';
import { HeraldError } from '../platform/errors.ts';
import { asHeraldError, openHouse } from './house.ts';
import { retainUnderLease } from './start/retention.ts';
import type { Verb } from './verb.ts';

export const retain: Verb = async (tools) => {
  const { values } = parseArgs({
    args: [...tools.args],
    options: { format: { type: 'string', default: 'text' } },
  });
  const { terminal } = tools;
  try {
    const house = await openHouse(tools.config(), tools.now, terminal.say, { max: 2, name: 'herald-retain' });
    try {
      const report = await retainUnderLease(house.db, {
        ...house.config.retention,
        now: tools.now(),
        holder: tools.processId,
      });
      if (!report) throw new HeraldError('upstream', 'Another Herald is dropping history right now.');
      if (values.format === 'json') terminal.out(`${JSON.stringify(report, null, 2)}\n`);
      else
        terminal.out(
          `history from ${report.from.toISOString().slice(0, 10)}\t${report.carried} versions carried\t${report.dropped.length} partitions and ${report.deleted} rows dropped\t${report.logged} counted changes dropped\n`,
        );
      return 0;
    } finally {
      await house.close();
    }
  } catch (thrown) {
    throw asHeraldError(thrown);
  }
};
