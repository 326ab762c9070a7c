/** `herald history SOURCE STREAM ID [--at ISO] [--format json]`: the versions of one record, and which of them stood at an instant. */
import { parseArgs } from 'node:util';
import { HeraldError } from '../platform/errors.ts';
import { plainText } from '../render/plain-text.ts';
import { type RecordVersion, readHistory } from '../sync/read-history.ts';
import { asHeraldError, openHouse } from './house.ts';
import type { Verb } from './verb.ts';

export const history: Verb = async (tools) => {
  const { values, positionals } = parseArgs({
    args: [...tools.args],
    options: { at: { type: 'string' }, format: { type: 'string', default: 'text' } },
    allowPositionals: true,
  });
  const [source, stream, id] = positionals;
  if (!source || !stream || !id)
    throw new HeraldError(
      'ask',
      'Say which record: "herald history salesforce Opportunity 0061x00000AbCdE".',
    );
  const at = values.at === undefined ? null : new Date(values.at);
  if (at !== null && Number.isNaN(at.getTime()))
    throw new HeraldError('ask', `--at takes an instant such as 2026-10-15T12:00:00Z, not "${values.at}".`);
  const { terminal } = tools;
  try {
    const house = await openHouse(tools.config(), tools.now, terminal.say, {
      max: 1,
      name: 'herald-history',
    });
    try {
      const versions = await readHistory(house.db.sql, { source, stream, id }, at);
      if (values.format === 'json') terminal.out(`${JSON.stringify(versions, null, 2)}\n`);
      else for (const version of versions) terminal.out(`${lineOf(version, at !== null)}\n`);
      if (versions.length === 0)
        terminal.say(
          at
            ? 'The record was not known then.'
            : 'No such record: "herald runs" and herald.yaml name sources and streams.',
        );
      return versions.length > 0 ? 0 : 1;
    } finally {
      await house.close();
    }
  } catch (thrown) {
    throw asHeraldError(thrown);
  }
};

/** Payloads quote the source's text: a terminal gets them without what it would obey. */
function lineOf({ from, to, op, runId, cause, payload }: RecordVersion, whole: boolean): string {
  const span = `${from.toISOString()} – ${to?.toISOString() ?? 'now'}`;
  return `${span}\t${op}\trun ${runId ?? 'unknown'} (${plainText(cause ?? 'unknown', 60)})\t${plainText(payload ?? '', whole ? 1_000_000 : 200)}`;
}
