/** `herald parse "<text>" [--now ISO]`: how a text is read (a number, a table or a note), as JSON. Needs no database. */
import { parseArgs } from 'node:util';
import { exitCodes, HeraldError, toHeraldError, toProblem } from '../platform/errors.ts';
import { calendarOf } from './calendar-of.ts';
import { catalogueOf } from './catalogue-of.ts';
import { readNow } from './options.ts';
import { createParser } from './parser.ts';
import { understood } from './understood.ts';
import type { Verb } from './verb.ts';

export const parse: Verb = async ({ args, terminal, config, now }) => {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { now: { type: 'string' } },
    allowPositionals: true,
  });
  try {
    const settings = config();
    const catalogue = catalogueOf(settings);
    const grammar = { catalogue, parse: createParser(settings, readNow(values.now, now), catalogue) };
    const read = understood(positionals.join(' '), grammar, calendarOf(settings));
    terminal.out(`${JSON.stringify(read, null, 2)}\n`);
    return 0;
  } catch (thrown) {
    const error = toHeraldError(thrown);
    if (!(thrown instanceof HeraldError)) throw thrown;
    terminal.out(`${JSON.stringify({ problem: toProblem(error) }, null, 2)}\n`);
    return exitCodes[error.kind];
  }
};
