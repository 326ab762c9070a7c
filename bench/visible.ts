/**
 * From a change in a system to an answer that shows it, on the product's own path: `herald start --role sync` with its
 * own intervals, HubSpot's SDK over HTTP, the engine's answer. Four companies side by side: with polling alone and with
 * pushes, with and without faults. Each is left alone until its source rests, for then it is looked at least often.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { EmbeddedServer } from '../db/embedded/server.ts';
import { createRandom } from '../demo/company/random.ts';
import type { Figure } from './figure.ts';
import { openVisibleHouse, type VisibleHouse } from './visible/open-house.ts';

/** What is aimed at; five minutes are promised. */
const AIM_MS = 60_000;
/** The first round, and as many looks without a change as make a source count as resting. */
const CYCLES_TO_REST = 4;
const MEAN_GAP_MS = 4_000;
const ASK_EVERY_MS = 200;
/** What does not show after this is lost. */
const PATIENCE_MS = 150_000;

const settings = [
  { name: 'polling', isPushed: false, isStormy: false },
  { name: 'push', isPushed: true, isStormy: false },
  { name: 'polling, 13 % of calls fail', isPushed: false, isStormy: true },
  { name: 'push, 13 % of calls fail', isPushed: true, isStormy: true },
] as const;

export async function benchVisible(
  server: EmbeddedServer,
  { changes, folder }: { changes: number; folder: string },
  say: (line: string) => void,
): Promise<Figure[]> {
  say(`${changes} changes at uneven moments, with polling and with pushes; about three minutes`);
  return Promise.all(
    settings.map(async ({ name, isPushed, isStormy }, i) => {
      const random = createRandom(i, 'faults').next;
      const database = `bench_visible_${process.pid}_${i}`;
      const house = await openVisibleHouse(server, { name: database, folder, changes, isPushed, random });
      try {
        while ((await house.cycles()) < CYCLES_TO_REST) await pause(ASK_EVERY_MS);
        if (isStormy) house.storm();
        const waits = await timed(house, changes, createRandom(i, 'moments').next);
        const [median, p95] = [0.5, 0.95].map((share) => waits[Math.ceil(share * waits.length) - 1]!);
        const unseen = waits.filter((ms) => ms === Number.POSITIVE_INFINITY).length;
        const { failed, made } = house.calls();
        const notes = [
          `${changes} changes`,
          ...(isStormy ? [`${failed} of ${made} calls failed`] : []),
          ...(unseen > 0 ? [`${unseen} not seen`] : []),
        ];
        say(
          `change → visible, ${name}: median ${seconds(median!)}, p95 ${seconds(p95!)}, longest ${seconds(waits.at(-1)!)} (${notes.join(', ')})`,
        );
        const ratio = AIM_MS / p95!;
        const figure = `ingest: ${AIM_MS / 1000} s ÷ p95 of change → visible to ask (${name})`;
        return { figure, ratio, target: 1, met: ratio >= 1 };
      } finally {
        await house.close();
      }
    }),
  );
}

/** Milliseconds from each change to the first answer that shows it, in ascending order. */
async function timed(house: VisibleHouse, changes: number, random: () => number): Promise<number[]> {
  const made = new Map<number, number>();
  const waits: number[] = [];
  const making = (async () => {
    for (let number = 0; number < changes; number++) {
      house.change(number);
      made.set(number, performance.now());
      await pause(-MEAN_GAP_MS * Math.log(1 - random()));
    }
    return performance.now() + PATIENCE_MS;
  })();
  let until = Number.POSITIVE_INFINITY;
  const ending = making.then((at) => {
    until = at;
  });
  while (waits.length < changes && performance.now() < until) {
    const isShown = await house.ask();
    const at = performance.now();
    for (const [number, since] of made) {
      if (!isShown(number)) continue;
      waits.push(at - since);
      made.delete(number);
    }
    await pause(ASK_EVERY_MS);
  }
  await ending;
  while (waits.length < changes) waits.push(Number.POSITIVE_INFINITY);
  return waits.sort((a, b) => a - b);
}

const seconds = (ms: number) => (ms === Number.POSITIVE_INFINITY ? 'never' : `${(ms / 1000).toFixed(1)} s`);
