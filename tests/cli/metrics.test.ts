/** What a Prometheus that scrapes Herald reads. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { countEvents } from '../../cli/start/event-counters.ts';
import { createMetrics } from '../../cli/start/metrics.ts';
import { type Database, openDatabase } from '../../db/client.ts';
import { prometheusText } from '../../platform/prometheus-text.ts';
import { createEvents } from '../../sync/events.ts';
import { keepQuota, keepReachability } from '../../sync/health.ts';
import { openTestDatabase, type TestDatabase } from '../database.ts';
import { MemorySource } from '../memory-source.ts';
import { consume, cycle, quiet } from '../run-cycle.ts';

let home: TestDatabase;
let db: Database;
let server: Server;
const events = createEvents(quiet);
const now = new Date();

beforeAll(async () => {
  home = await openTestDatabase();
  db = openDatabase(home.url, { name: 'herald-test', max: 2 });
  const counted = countEvents(events);
  server = createServer(createMetrics({ house: { db, now: () => now }, counted }));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const crm = new MemorySource('crm', ['deal']);
  crm.put('deal', '1', 1, { name: 'a', amount: 100, currency: 'USD' });
  await cycle(db, crm, now);
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await db.close();
  await home.close();
});
const scrape = async () => {
  const response = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/metrics`);
  return { type: response.headers.get('content-type'), lines: (await response.text()).split('\n') };
};

test('events are counted by what they are about', async () => {
  const ran = { runId: 1, read: 40, changed: 3, deleted: 1 };
  events.emit('run.finished', { source: 'crm', ...ran });
  events.emit('run.finished', { source: 'crm', ...ran });
  events.emit('run.finished', { source: 'billing', ...ran });
  events.emit('records.quarantined', { source: 'crm', runId: 1, records: 7 });
  const { type, lines } = await scrape();
  expect(type).toBe('text/plain; version=0.0.4; charset=utf-8');
  expect(lines).toEqual(
    expect.arrayContaining([
      '# TYPE herald_records_read_total counter',
      'herald_records_read_total{source="crm"} 80',
      'herald_records_read_total{source="billing"} 40',
      'herald_records_quarantined_total{source="crm"} 7',
    ]),
  );
});

test('what waits to be counted, and how old each stream is, is measured', async () => {
  expect((await scrape()).lines).toContain('herald_uncounted_batches 1');
  await consume(db);
  const { lines } = await scrape();
  expect(lines).toContain('herald_uncounted_batches 0');
  expect(lines).toContain('herald_source_promise_kept{source="crm"} 1');
  expect(
    lines.some((line) => /^herald_stream_age_seconds\{source="crm",stream="deal"\} \d+$/.test(line)),
  ).toBe(true);
});

test('a source that is away and a day’s calls show; one that never said has no such line', async () => {
  await keepReachability(db.sql, 'away', { kind: 'open', since: now, reason: 'gone' });
  await keepQuota(db.sql, 'crm', { used: 820, limit: 1000, at: now });
  const { lines } = await scrape();
  expect(lines).toEqual(
    expect.arrayContaining([
      'herald_source_reachable{source="away"} 0',
      'herald_source_reachable{source="crm"} 1',
      'herald_quota_used{source="crm"} 820',
    ]),
  );
  expect(lines.filter((line) => line.startsWith('herald_quota_used{'))).toHaveLength(1);
});

test('names from elsewhere cannot break out of their label', () => {
  const text = prometheusText([
    { name: 'x_total', kind: 'counter', help: 'X.', samples: [{ labels: { source: 'a"}\\\n1' }, value: 1 }] },
  ]);
  expect(text).toBe('# HELP x_total X.\n# TYPE x_total counter\nx_total{source="a\\"}\\\\\\n1"} 1\n');
});
