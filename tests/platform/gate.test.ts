import { describe, expect, it } from 'vitest';
import { createGate, type GateOptions } from '../../platform/gate.ts';
import type { LimitNews } from '../../platform/limit-news.ts';
import { admit, ceilings, describeQuota, quotaState } from '../../platform/quota.ts';
import { ReadFault } from '../../platform/read-fault.ts';
import { createVirtualTime } from './virtual-time.ts';

const at = new Date('2026-11-22T10:00:00Z');
const used = (share: number) => ({ used: share * 1000, limit: 1000, at });

describe('a day’s allowance', () => {
  it.each([
    [0.79, 'normal'],
    [0.8, 'slow'],
    [0.849, 'slow'],
    [0.85, 'hints'],
    [0.9, 'spent'],
    [1, 'spent'],
  ])('of which %d is used is %s', (share, state) => {
    expect(quotaState(used(share), at)).toBe(state);
  });

  it('puts off the first read before the hints', () => {
    expect(() => admit('HubSpot', used(0.82), 'backfill', at)).toThrow('820 of the day');
    expect(() => admit('HubSpot', used(0.82), 'realtime', at)).not.toThrow();
    expect(() => admit('HubSpot', used(0.87), 'realtime', at)).toThrow(ReadFault);
    expect(() => admit('HubSpot', used(0.87), 'hinted', at)).not.toThrow();
  });

  it('leaves a tenth to other applications, whatever the work', () => {
    expect(Math.max(...Object.values(ceilings))).toBe(0.9);
  });

  it('is tried anew when the reading is an hour old', () => {
    const later = new Date(at.getTime() + 3_600_000);
    expect(() => admit('HubSpot', used(1), 'backfill', later)).not.toThrow();
  });

  it('says what it means in words', () => {
    expect(describeQuota(used(0.81), at)).toBe(
      "81 % of the day's 1,000 calls are used: it is read every five minutes",
    );
    expect(describeQuota(used(0.5), at)).toBeNull();
    expect(describeQuota(null, at)).toBeNull();
  });
});

function gate(news: LimitNews[], options: Partial<GateOptions> = {}) {
  const time = createVirtualTime(at.getTime());
  const told: string[] = [];
  const made = createGate({
    name: 'HubSpot',
    pace: { default: { perSecond: 1, burst: 10 } },
    now: time.now,
    wait: time.wait,
    readLimits: () => news,
    onQuota: async (_quota, state, before) => void told.push(`${before} > ${state}`),
    ...options,
  });
  const reply = { status: 200, headers: new Headers(), text: '' };
  return { time, made, told, reply, signal: new AbortController().signal };
}

describe('a gate', () => {
  it('takes tokens away when the platform counts fewer', async () => {
    const { time, made, reply, signal } = gate([
      { kind: 'window', bucket: 'default', remaining: 1, resetMs: 5_000 },
    ]);
    await made.heed(reply, null);
    const waited = Promise.all([made.pacer.take('default', signal), made.pacer.take('default', signal)]);
    await time.run();
    // One is left; realtime work leaves nothing of so few.
    expect((await waited)[1]).toBeGreaterThan(0);
  });

  it('waits for the end of a window in which none is left', async () => {
    const { time, made, reply, signal } = gate([
      { kind: 'window', bucket: 'default', remaining: 0, resetMs: 7_000 },
    ]);
    await made.heed(reply, null);
    const waited = made.pacer.take('default', signal, 'hinted');
    await time.run();
    expect(await waited).toBe(7_000);
  });

  it('tells when the day runs short, and not with every reply', async () => {
    const { made, told, reply } = gate([{ kind: 'day', used: 810, limit: 1000 }]);
    for (let i = 0; i < 5; i++) await made.heed(reply, null);
    expect(told).toEqual(['normal > slow']);
  });

  it('counts a day as spent when the platform refuses for the day', async () => {
    const { made, reply } = gate([]);
    await made.heed(reply, new ReadFault('quota_exhausted', 'no more today'));
    expect(made.quotaState()).toBe('spent');
    expect(() => made.admit('hinted')).toThrow(ReadFault);
  });
});
