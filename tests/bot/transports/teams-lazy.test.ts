import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

test('a Herald without Teams does not load the Teams library', async () => {
  const file = join(import.meta.dirname, '../../../bot/transports/teams/transport.ts');
  const script = `await import(${JSON.stringify(file)});
    const { Module } = await import('node:module');
    console.log(Object.keys(Module._cache).filter((path) => /teams-ai|botbuilder/.test(path)).length);`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script]);
  expect(stdout.trim()).toBe('0');
});
