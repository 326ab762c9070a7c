import { describe, expect, test } from 'vitest';
import { createEvents } from '../../sync/events.ts';

function house() {
  const complaints: unknown[] = [];
  const events = createEvents({ warn: (fields: unknown) => void complaints.push(fields) } as never);
  return { events, complaints };
}

describe('observers', () => {
  test('are told what happened', () => {
    const { events } = house();
    const seen: string[] = [];
    events.on('stream.failed', ({ stream }) => void seen.push(stream));
    events.emit('stream.failed', {
      source: 'zendesk',
      runId: 1,
      stream: 'tickets',
      reason: 'away',
      needsOperator: false,
    });
    expect(seen).toEqual(['tickets']);
  });

  test('that throw harm neither who emits nor the others', () => {
    const { events, complaints } = house();
    const seen: string[] = [];
    events.on('breaker.closed', () => {
      throw new Error('broken');
    });
    events.on('breaker.closed', ({ source }) => void seen.push(source));
    events.emit('breaker.closed', { source: 'zendesk' });
    expect([seen, complaints]).toEqual([['zendesk'], [{ event: 'breaker.closed', err: 'broken' }]]);
  });

  test('that reject are logged', async () => {
    const { events, complaints } = house();
    events.on('data.counted', async () => Promise.reject(new Error('later')));
    events.emit('data.counted', {});
    await new Promise((done) => setImmediate(done));
    expect(complaints).toEqual([{ event: 'data.counted', err: 'later' }]);
  });

  test('that have left are told no more', () => {
    const { events } = house();
    let told = 0;
    const leave = events.on('data.counted', () => void told++);
    leave();
    events.emit('data.counted', {});
    expect(told).toBe(0);
  });
});
