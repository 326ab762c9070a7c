/** A verb run in this process against a test's database, as main.ts would run it; the demo is closed to it. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Verb } from '../../cli/verb.ts';
import { readConfig } from '../../config.ts';
import { quiet } from '../run-cycle.ts';

export type VerbRun = { code: number; out: string; lines: string[]; said: string[] };
export type VerbHome = {
  run(verb: Verb, ...args: string[]): Promise<VerbRun>;
  folder: string;
  close(): void;
};

/** `yaml` is the herald.yaml that the verbs find. */
export function openVerbHome(databaseUrl: string, now: Date, yaml = ''): VerbHome {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'herald-verb-'));
  writeFileSync(path.join(folder, 'herald.yaml'), yaml);
  const closed = async (): Promise<never> => {
    throw new Error('the demo is not asked for');
  };
  return {
    folder,
    async run(verb, ...args) {
      let out = '';
      const said: string[] = [];
      const code = await verb({
        args,
        terminal: {
          out: (text) => {
            out += String(text);
          },
          say: (line) => said.push(line),
          progress: () => undefined,
          color: false,
          width: 80,
        },
        config: () => readConfig({ DATABASE_URL: databaseUrl, HERALD_FOLDER: folder }, folder),
        log: () => quiet,
        now: () => now,
        random: Math.random,
        signal: new AbortController().signal,
        processId: 'verb-test',
        demo: { openCompany: closed, openPlatforms: closed },
      });
      return { code, out, lines: out.trim().split('\n'), said };
    },
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}
