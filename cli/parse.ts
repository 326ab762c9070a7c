/** `herald parse "<text>" [--now ISO]`: how a question is read, as JSON. Needs no database. */
import { parseArgs } from 'node:util';
import { exitCodes, HeraldError, toHeraldError, toProblem } from '../platform/errors.ts';
import { readNow } from './options.ts';
import { createParser } from './parser.ts';
import type { Verb } from './verb.ts';

export const parse: Verb = async ({ args, terminal, config, now }) => {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { now: { type: 'string' } },
    allowPositionals: true,
  });
  try {
    const question = createParser(config(), readNow(values.now, now))(positionals.join(' '));
    terminal.out(`${JSON.stringify(question, null, 2)}\n`);
    return 0;
  } catch (thrown) {
    const error = toHeraldError(thrown);
    if (!(thrown instanceof HeraldError)) throw thrown;
    terminal.out(`${JSON.stringify({ problem: toProblem(error) }, null, 2)}\n`);
    return exitCodes[error.kind];
  }
};
