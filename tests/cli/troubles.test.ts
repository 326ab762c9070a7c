/** Which events become trouble that is told. */
import { beforeEach, expect, test } from 'vitest';
import type { Trouble } from '../../bot/alert/tell-trouble.ts';
import { watchTroubles } from '../../cli/start/troubles.ts';
import { createEvents, type Events } from '../../sync/events.ts';
import { quiet } from '../run-cycle.ts';

const now = new Date('2026-11-22T10:00:00Z');
let events: Events;
let told: Trouble[];
let waiting: (() => void)[];
beforeEach(() => {
  events = createEvents(quiet);
  told = [];
  waiting = [];
  watchTroubles({
    events,
    titles: { hubspot: 'HubSpot' },
    now: () => now,
    tell: async (trouble) => void told.push(trouble),
    later: (callback) => void waiting.push(callback),
  });
});
const titles = () => {
  for (const callback of waiting.splice(0)) callback();
  return told.splice(0).map(({ title }) => title);
};
const fails = (needsOperator = false, stream = 'deals') =>
  events.emit('stream.failed', { source: 'hubspot', runId: 1, stream, reason: 'HTTP 500', needsOperator });
const works = () =>
  events.emit('run.finished', { source: 'hubspot', runId: 2, read: 0, changed: 0, deleted: 0 });

test('a stream that fails three times in a row is told of, one that recovers is not', () => {
  fails();
  fails();
  works();
  fails();
  fails();
  expect(titles()).toEqual([]);
  fails();
  expect(titles()).toEqual(['HubSpot is not read completely']);
});

test('what nobody but the operator can mend, as a sweep that stopped to ask, is told at once', () => {
  fails(true);
  expect(titles()).toEqual(['HubSpot is not read completely']);
});

test('while a source is away its streams are no news', () => {
  events.emit('breaker.opened', { source: 'hubspot', since: now, reason: 'no connection' });
  expect(titles()).toEqual(['HubSpot cannot be reached']);
  for (let i = 0; i < 5; i++) fails();
  expect(titles()).toEqual([]);
  events.emit('breaker.closed', { source: 'hubspot' });
  expect(titles()).toEqual(['HubSpot can be reached again']);
});

test('quarantine is told of when it grows, not for single records', () => {
  events.emit('records.quarantined', { source: 'hubspot', runId: 1, records: 19 });
  expect(titles()).toEqual([]);
  events.emit('records.quarantined', { source: 'hubspot', runId: 2, records: 1 });
  expect(titles()).toEqual(['HubSpot: records are not understood']);
});

test('findings that come together are told together, and those that touch no number are not', () => {
  const finding = (severity: 'warns' | 'notes', text: string) =>
    events.emit('quality.finding', { rule: text, severity, records: 1, finding: text });
  finding('warns', '3 won deals have no amount');
  finding('notes', 'a field is new');
  finding('warns', '2 tickets were solved before they were opened');
  expect(titles()).toEqual(['New findings in the data']);
  finding('notes', 'a field is new');
  expect(titles()).toEqual([]);
});

test('a short day, a changed form and a failed job are told', () => {
  events.emit('quota.degraded', { source: 'hubspot', state: 'slow', used: 810, limit: 1000 });
  events.emit('schema.drifted', { source: 'hubspot', stream: 'deals', drift: 'amount is text' });
  events.emit('job.failed', { job: 'roll-up', reason: 'no space' });
  for (const callback of waiting.splice(0)) callback();
  expect(told.map(({ lines }) => lines[0])).toEqual([
    "81 % of the day's 1,000 calls are used: it is read every five minutes",
    'amount is text',
    'no space',
  ]);
});
