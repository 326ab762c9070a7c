/** GET /metrics for Prometheus: what this process counted, and what the database knows of every source. */
import type { RequestListener } from 'node:http';
import type { Queryable } from '../../db/client.ts';
import {
  type MetricFamily,
  prometheusText,
  prometheusType,
  type Sample,
} from '../../platform/prometheus-text.ts';
import { readFreshness } from '../../sync/read-freshness.ts';
import type { House } from '../house.ts';

export type MetricsInput = {
  house: Pick<House, 'db' | 'now'>;
  /** Of a process that reads no source: none. */
  counted: () => readonly MetricFamily[];
};

export function createMetrics({ house, counted }: MetricsInput): RequestListener {
  return (_request, response) => {
    readGauges(house.db.sql, house.now()).then(
      (gauges) =>
        response
          .writeHead(200, { 'content-type': prometheusType, 'cache-control': 'no-store' })
          .end(prometheusText([...counted(), ...gauges])),
      // Not a half: a scrape that fails is seen, a missing series is not.
      (error: Error) =>
        response
          .writeHead(503, { 'content-type': 'text/plain' })
          .end(`database unavailable: ${error.message}\n`),
    );
  };
}

async function readGauges(sql: Queryable, now: Date): Promise<MetricFamily[]> {
  const sources = await readFreshness(sql, now);
  const health = await sql<{ source: string; away: boolean; used: number | null; limit: number | null }[]>`
    select source, unreachable_since is not null as away, quota_used as used, quota_limit as limit from source_health order by source`;
  const held = await sql<
    { source: string; n: number }[]
  >`select source, count(*)::int as n from quarantine where state = 'held' group by source order by source`;
  const [state] = await sql<
    { version: number; uncounted: number; hints: number; waiting: number; findings: number }[]
  >`
    select (select seq from data_version) as version,
      (select count(*)::int from change_batch where seq > (select coalesce(max(seq), 0) from consumer_position where consumer = 'rollup')) as uncounted,
      (select count(*)::int from hint) as hints,
      (select count(*)::int from outbox where state in ('pending', 'sending', 'ambiguous')) as waiting,
      (select count(*)::int from quality_finding where resolved_at is null and severity = 'warns') as findings`;
  const gauge = (name: string, help: string, samples: readonly Sample[]): MetricFamily => ({
    name,
    kind: 'gauge',
    help,
    samples,
  });
  const ofHealth = (value: (row: (typeof health)[number]) => number | null): Sample[] =>
    health.flatMap((row) => {
      const known = value(row);
      return known === null ? [] : [{ labels: { source: row.source }, value: known }];
    });
  return [
    gauge(
      'herald_stream_age_seconds',
      'How old the newest instant is up to which a stream is complete; absent while it was never read to its end.',
      sources.flatMap(({ source, streams }) =>
        streams.flatMap(({ stream, ageSeconds }) =>
          ageSeconds === null ? [] : [{ labels: { source, stream }, value: ageSeconds }],
        ),
      ),
    ),
    gauge(
      'herald_source_promise_kept',
      '1 while every stream of a source is at most five minutes old.',
      sources.map(({ source, kept }) => ({ labels: { source }, value: kept ? 1 : 0 })),
    ),
    gauge(
      'herald_source_reachable',
      '0 while a source does not answer.',
      ofHealth(({ away }) => (away ? 0 : 1)),
    ),
    gauge(
      'herald_quota_used',
      'Calls of the platform’s day that are used, by whomever.',
      ofHealth(({ used }) => used),
    ),
    gauge(
      'herald_quota_limit',
      'Calls that the platform allows in its day.',
      ofHealth(({ limit }) => limit),
    ),
    gauge(
      'herald_quarantine_records',
      'Records that are held because they were not understood.',
      held.map(({ source, n }) => ({ labels: { source }, value: n })),
    ),
    gauge('herald_data_version', 'Number of the newest change.', [{ value: state!.version }]),
    gauge('herald_uncounted_batches', 'Batches of changes that the roll-up has not counted yet.', [
      { value: state!.uncounted },
    ]),
    gauge('herald_hints_waiting', 'Pushed records that were not read again yet.', [{ value: state!.hints }]),
    gauge('herald_deliveries_waiting', 'Digests and alerts that are not delivered yet.', [
      { value: state!.waiting },
    ]),
    gauge('herald_quality_findings_open', 'Findings that answers are told with.', [
      { value: state!.findings },
    ]),
  ];
}
