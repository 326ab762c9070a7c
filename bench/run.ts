/** `npm run bench [-- rollup ingest visible] [--facts N[,N]] [--size N] [--memory N] [--changes N] [--json]`: ratios against a baseline in the same run. */
import { chmodSync, mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { openServer } from '../db/embedded/server.ts';
import { benchIngest } from './ingest.ts';
import { benchRollup } from './rollup.ts';
import { benchVisible } from './visible.ts';

const { values, positionals } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    facts: { type: 'string', default: '1000000,5000000' },
    size: { type: 'string', default: '40000' },
    /** Records that the worker's peak is taken over; 0 leaves it out. */
    memory: { type: 'string', default: '1000000' },
    /** Changes whose way to an answer is timed, in each setting; 0 leaves it out. */
    changes: { type: 'string', default: '20' },
  },
  allowPositionals: true,
});
const say = (line: string) => process.stderr.write(`${line}\n`);
const benches = {
  rollup: () => benchRollup(server, values.facts.split(',').map(Number), say),
  ingest: async () => [
    ...(await benchIngest(server, { size: Number(values.size), memoryRecords: Number(values.memory) }, say)),
    ...(await benches.visible()),
  ],
  /** Part of `ingest`. */
  visible: async () => {
    const changes = Number(values.changes);
    return changes > 0 ? benchVisible(server, { changes, folder }, say) : [];
  },
} as const;
const chosen = positionals.length > 0 ? positionals : ['rollup', 'ingest'];
const folder = mkdtempSync(path.join(os.tmpdir(), 'herald-bench-'));
// As root, the server runs as another user: what it cannot reach is put elsewhere, and would be left there.
chmodSync(folder, 0o755);
const server = await openServer({ folder });
try {
  for (const name of chosen) {
    const bench = benches[name as keyof typeof benches];
    if (!bench) throw new Error(`There is no bench "${name}". Choose ${Object.keys(benches).join(', ')}.`);
    for (const figure of await bench()) {
      process.stdout.write(
        values.json
          ? `${JSON.stringify(figure)}\n`
          : `${figure.met ? '✓' : '✗'} ${figure.figure}: ${figure.ratio.toFixed(2)} (target ${figure.target})\n`,
      );
    }
  }
} finally {
  await server.release();
  // Whoever is about to end may still write: without trying again some is left, and rmSync does not say so.
  await rm(folder, { recursive: true, force: true, maxRetries: 10 });
}
