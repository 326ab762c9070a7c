import { describe, expect, it } from 'vitest';
import { createPacer } from '../../platform/pace.ts';

/** A pacer whose clock moves only by hand; waits are recorded and end at once. */
function pacer() {
  const world = { clock: 1_000_000, waits: [] as number[] };
  const paced = createPacer({
    pace: { api: { perSecond: 2, burst: 2 } },
    now: () => new Date(world.clock),
    wait: async (ms, signal) => {
      signal.throwIfAborted();
      world.waits.push(ms);
    },
  });
  return { world, paced, signal: new AbortController().signal };
}

describe('token bucket', () => {
  it('lets a burst through at once', async () => {
    const { paced, signal } = pacer();
    expect([await paced.take('api', signal), await paced.take('api', signal)]).toEqual([0, 0]);
  });

  it('sends waiters off one after the other', async () => {
    const { world, paced, signal } = pacer();
    await Promise.all(Array.from({ length: 5 }, () => paced.take('api', signal)));
    expect(world.waits).toEqual([500, 1000, 1500]);
  });

  it('fills up again with time, up to the burst', async () => {
    const { world, paced, signal } = pacer();
    await Promise.all(Array.from({ length: 2 }, () => paced.take('api', signal)));
    world.clock += 60_000;
    await Promise.all(Array.from({ length: 3 }, () => paced.take('api', signal)));
    expect(world.waits).toEqual([500]);
  });

  it('takes no tokens away when the clock is set back', async () => {
    const { world, paced, signal } = pacer();
    await paced.take('api', signal);
    world.clock -= 3_600_000;
    expect(await paced.take('api', signal)).toBe(0);
  });

  it('holds everybody back when told to', async () => {
    const { paced, signal } = pacer();
    paced.hold('api', 9000);
    expect(await paced.take('api', signal)).toBe(9000);
  });

  it('gives the token back when the wait is ended', async () => {
    const { world, paced, signal } = pacer();
    await Promise.all([paced.take('api', signal), paced.take('api', signal)]);
    await expect(paced.take('api', AbortSignal.abort(new Error('stop')))).rejects.toThrow('stop');
    await paced.take('api', signal);
    expect(world.waits).toEqual([500]);
  });
});
