import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createPacer, type Priority, priorities } from '../../platform/pace.ts';
import { createMemoryLedger } from '../../platform/token-ledger.ts';
import { createVirtualTime } from './virtual-time.ts';

/** A pacer under a clock that moves only when everybody waits. */
function pacer(pace = { api: { perSecond: 2, burst: 2 } }) {
  const time = createVirtualTime();
  const paced = createPacer({ pace, now: time.now, wait: time.wait });
  return { time, paced, signal: new AbortController().signal };
}

describe('token bucket', () => {
  it('lets a burst through at once', async () => {
    const { paced, signal } = pacer();
    expect([await paced.take('api', signal), await paced.take('api', signal)]).toEqual([0, 0]);
  });

  it('sends waiters off one after the other', async () => {
    const { time, paced, signal } = pacer();
    const taken = Promise.all(Array.from({ length: 5 }, () => paced.take('api', signal)));
    await time.run();
    expect(await taken).toEqual([0, 0, 500, 1000, 1500]);
  });

  it('fills up again with time, up to the burst', async () => {
    const { time, paced, signal } = pacer();
    await Promise.all(Array.from({ length: 2 }, () => paced.take('api', signal)));
    time.set(60_000);
    const taken = Promise.all(Array.from({ length: 3 }, () => paced.take('api', signal)));
    await time.run();
    expect(await taken).toEqual([0, 0, 500]);
  });

  it('takes no tokens away when the clock is set back', async () => {
    const { time, paced, signal } = pacer();
    await paced.take('api', signal);
    time.set(-3_600_000);
    expect(await paced.take('api', signal)).toBe(0);
  });

  it('holds everybody back when told to', async () => {
    const { time, paced, signal } = pacer();
    await paced.hold('api', 9000);
    const taken = paced.take('api', signal);
    await time.run();
    expect(await taken).toBe(9000);
  });

  it('believes a platform that counts fewer tokens', async () => {
    const { time, paced, signal } = pacer();
    await paced.lower('api', 0);
    const taken = paced.take('api', signal);
    await time.run();
    expect(await taken).toBe(500);
  });

  it('takes no token for who stopped waiting', async () => {
    const { time, paced, signal } = pacer();
    await Promise.all([paced.take('api', signal), paced.take('api', signal)]);
    const stop = new AbortController();
    const given = paced.take('api', stop.signal);
    const next = paced.take('api', signal);
    stop.abort(new Error('stop'));
    await expect(given).rejects.toThrow('stop');
    await time.run();
    expect(await next).toBe(500);
  });

  it('fails who waits when the ledger fails', async () => {
    const ledger = {
      take: async () => Promise.reject(new Error('gone')),
      hold: async () => undefined,
      lower: async () => undefined,
    };
    const time = createVirtualTime();
    const paced = createPacer({
      pace: { api: { perSecond: 1, burst: 1 } },
      now: time.now,
      wait: time.wait,
      ledger,
    });
    await expect(paced.take('api', new AbortController().signal)).rejects.toThrow('gone');
  });
});

describe('priorities', () => {
  it('serve the most urgent waiter first', async () => {
    const { time, paced, signal } = pacer({ api: { perSecond: 1, burst: 1 } });
    const order: Priority[] = [];
    await paced.take('api', signal);
    const all = [...priorities].reverse().map(async (priority) => {
      await paced.take('api', signal, priority);
      order.push(priority);
    });
    await time.run();
    await Promise.all(all);
    expect(order).toEqual([...priorities]);
  });

  it('leave tokens for more urgent work', async () => {
    const { time, paced, signal } = pacer({ api: { perSecond: 1, burst: 11 } });
    const low = Promise.all(Array.from({ length: 12 }, () => paced.take('api', signal, 'backfill')));
    await time.turn();
    expect(await paced.take('api', signal, 'hinted')).toBe(0);
    await time.run();
    expect((await low).filter((ms) => ms === 0)).toHaveLength(7);
  });

  it('let urgent work pass a crowd that waits', async () => {
    const { time, paced, signal } = pacer({ api: { perSecond: 1, burst: 2 } });
    const low = Promise.all(Array.from({ length: 20 }, () => paced.take('api', signal, 'backfill')));
    await time.turn();
    const high = paced.take('api', signal, 'hinted');
    await time.run();
    expect([await high, (await low).length]).toEqual([1000, 20]);
  });
});

describe('over several processes', () => {
  const arrivals = fc.array(
    fc.record({
      process: fc.nat({ max: 4 }),
      afterMs: fc.oneof(fc.constant(0), fc.nat({ max: 20 }), fc.nat({ max: 500 }), fc.nat({ max: 5000 })),
      calls: fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 60 })),
      priority: fc.constantFrom(...priorities),
    }),
    { maxLength: 30 },
  );
  const limits = fc.record({
    perSecond: fc.constantFrom(0.5, 1, 2.7, 4, 9, 80),
    burst: fc.integer({ min: 1, max: 60 }),
  });

  it('no window t sees more than burst + rate·t, whatever the pattern of arrivals', async () => {
    await fc.assert(
      fc.asyncProperty(limits, arrivals, async (limit, pattern) => {
        const time = createVirtualTime();
        const ledger = createMemoryLedger(time.now);
        const processes = Array.from({ length: 5 }, () =>
          createPacer({ pace: { api: limit }, now: time.now, wait: time.wait, ledger, keepMs: 500 }),
        );
        const sent: number[] = [];
        const { signal } = new AbortController();
        const all: Promise<void>[] = [];
        for (const { process, afterMs, calls, priority } of pattern) {
          await time.pass(afterMs);
          for (let call = 0; call < calls; call++) {
            all.push(
              processes[process]!.take('api', signal, priority).then(() => {
                sent.push(time.now().getTime());
              }),
            );
          }
        }
        await time.run();
        await Promise.all(all);
        expect(sent).toHaveLength(pattern.reduce((sum, { calls }) => sum + calls, 0));
        expect(mostOver(sent, limit.perSecond)).toBeLessThanOrEqual(limit.burst + 1e-6);
      }),
      { numRuns: 300 },
    );
  });
});

it('a busy caller asks the ledger once for many calls, an idle one takes nothing ahead', async () => {
  const time = createVirtualTime();
  const memory = createMemoryLedger(time.now);
  const wants: number[] = [];
  const paced = createPacer({
    pace: { api: { perSecond: 20, burst: 100 } },
    now: time.now,
    wait: time.wait,
    keepMs: 500,
    ledger: {
      ...memory,
      take: (bucket, ask) => {
        wants.push(ask.want);
        return memory.take(bucket, ask);
      },
    },
  });
  const { signal } = new AbortController();
  for (let call = 0; call < 23; call++) await paced.take('api', signal);
  await time.pass(10_000);
  await paced.take('api', signal);
  expect(wants).toEqual([1, 11, 11, 1]);
});

it('tokens taken ahead do not lift the bound when everybody comes at once', async () => {
  const time = createVirtualTime();
  const ledger = createMemoryLedger(time.now);
  const limit = { perSecond: 80, burst: 60 };
  const processes = Array.from({ length: 5 }, () =>
    createPacer({ pace: { api: limit }, now: time.now, wait: time.wait, ledger, keepMs: 500 }),
  );
  const sent: number[] = [];
  const { signal } = new AbortController();
  const call = (process: number) =>
    processes[process]!.take('api', signal, 'hinted').then(() => {
      sent.push(time.now().getTime());
    });
  // Two calls in a row make a process busy: it takes tokens ahead, and keeps them almost too long.
  await call(0);
  await time.pass(10);
  await call(0);
  await time.pass(480);
  const all = [0, 1, 2, 3, 4].flatMap((process) => Array.from({ length: 40 }, () => call(process)));
  await time.run();
  await Promise.all(all);
  expect(mostOver(sent, limit.perSecond)).toBeLessThanOrEqual(limit.burst + 1e-6);
});

/** The largest of sent − rate·t over all windows. */
function mostOver(sent: readonly number[], perSecond: number): number {
  let most = 0;
  // Ends of windows against their best start: the largest of (j+1 − rate·tⱼ) − (i − rate·tᵢ).
  let best = Number.NEGATIVE_INFINITY;
  for (const [index, at] of [...sent].sort((a, b) => a - b).entries()) {
    const owed = (perSecond * at) / 1000;
    best = Math.max(best, owed - index);
    most = Math.max(most, best + index + 1 - owed);
  }
  return most;
}
