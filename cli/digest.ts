/** `herald digest run NAME [--now ISO]`, `digest list`, `digest status [NAME]`: digests from the shell. */
import { parseArgs } from 'node:util';
import type { Outbox } from '../bot/delivery/outbox.ts';
import { type DeliveryStatus, isSettled, readDeliveries } from '../bot/delivery/status.ts';
import type { DigestRunner } from '../bot/digest/run-digest.ts';
import type { Database } from '../db/client.ts';
import { nextSlot } from '../platform/due-slot.ts';
import { exitCodes, HeraldError } from '../platform/errors.ts';
import { asHeraldError } from './house.ts';
import { readNow } from './options.ts';
import type { Tools, Verb } from './verb.ts';

/** What the verb works with; built by the composition root, which knows the transports. */
export type DigestWiring = {
  db: Database;
  runner: DigestRunner;
  outbox: Pick<Outbox, 'deliverDue'>;
  wait: (ms: number) => Promise<void>;
  close(): Promise<void>;
};

/** How long `run` waits for receipts; what is not settled by then is sent by the service. */
const patienceMs = 180_000;
const pauseMs = 500;

export function createDigestVerb(wire: (tools: Tools) => Promise<DigestWiring>): Verb {
  return async (tools) => {
    const { values, positionals } = parseArgs({
      args: [...tools.args],
      options: { now: { type: 'string' } },
      allowPositionals: true,
    });
    const [what, name] = positionals;
    if (what !== 'run' && what !== 'list' && what !== 'status')
      throw new HeraldError('ask', 'Say "digest run NAME", "digest list" or "digest status [NAME]".');
    if (what === 'run' && name === undefined)
      throw new HeraldError('ask', 'Which digest? "herald digest list" names them.');
    const slot = values.now === undefined ? 'now' : readNow(values.now, tools.now);
    try {
      const wiring = await wire(tools);
      try {
        if (what === 'list') return await list(wiring, tools);
        if (what === 'status')
          return show(await readDeliveries(wiring.db, { topic: name ?? null, most: 30 }), tools);
        return await run(name!, slot, wiring, tools);
      } finally {
        await wiring.close();
      }
    } catch (thrown) {
      throw asHeraldError(thrown);
    }
  };
}

async function run(
  name: string,
  asked: Date | 'now',
  { db, runner, outbox, wait }: DigestWiring,
  tools: Tools,
): Promise<number> {
  const { slot } = await runner.run(name, asked);
  const read = () => readDeliveries(db, { topic: name, slot });
  let rows = await read();
  for (
    let waited = 0;
    waited < patienceMs && !rows.every(isSettled) && !tools.signal.aborted;
    waited += pauseMs
  ) {
    await outbox.deliverDue();
    rows = await read();
    if (rows.every(isSettled)) break;
    tools.terminal.progress(`${rows.filter(isSettled).length} of ${rows.length} delivered`);
    await wait(pauseMs);
  }
  return show(rows, tools);
}

async function list({ db }: DigestWiring, { terminal }: Tools): Promise<number> {
  const rows = await db.sql<
    { name: string; cron: string; time_zone: string; paused: boolean; last_slot: Date | null; now: Date }[]
  >`
    select name, cron, time_zone, paused, last_slot, clock_timestamp() as now from schedule where kind = 'digest' order by name`;
  for (const { name, cron, time_zone, paused, now } of rows) {
    const next = nextSlot(cron, time_zone, now)?.toISOString() ?? 'never';
    terminal.out(`${name}\t${cron}\t${time_zone}\t${paused ? 'paused' : `next ${next}`}\n`);
  }
  if (rows.length === 0) terminal.say('No digest is set up. Add one under "digests" in herald.yaml.');
  return 0;
}

/** One line a delivery; the exit code says whether all have arrived. */
function show(rows: readonly DeliveryStatus[], { terminal }: Tools): number {
  for (const { topic, slot, target, part, state, receipt, error } of rows) {
    const said = receipt ? JSON.stringify(receipt) : (error ?? '');
    terminal.out(
      `${topic}\t${slot?.toISOString() ?? ''}\t${target.kind}:${target.to}\t${part}\t${state}\t${said}\n`,
    );
  }
  return rows.every(({ state }) => state === 'sent') ? 0 : exitCodes.upstream;
}
