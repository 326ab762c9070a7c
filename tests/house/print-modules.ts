/** Loaded with --import: writes every module that the process loaded, one a line, to the file named by PRINT_MODULES. */
import { appendFileSync } from 'node:fs';
import { registerHooks } from 'node:module';

const loaded = new Set<string>();

registerHooks({
  load(url, context, next) {
    loaded.add(url);
    return next(url, context);
  },
});

process.on('exit', () => {
  appendFileSync(process.env.PRINT_MODULES!, `${[...loaded].join('\n')}\n`);
});
