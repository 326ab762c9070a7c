/** Counters of what happens in the sync, each fed by one event: an observer like any other. */
import type { MetricFamily, Sample } from '../../platform/prometheus-text.ts';
import type { EventName, Events, SyncEvents } from '../../sync/events.ts';

type Counter<N extends EventName = EventName> = {
  name: string;
  help: string;
  of: N;
  labels: (event: SyncEvents[N]) => Readonly<Record<string, string>>;
  /** Default: one per event. */
  by?: (event: SyncEvents[N]) => number;
};

const counter = <N extends EventName>(one: Counter<N>) => one as unknown as Counter;
const bySource = ({ source }: { source: string }) => ({ source });

const counters: readonly Counter[] = [
  counter({
    name: 'herald_runs_finished_total',
    help: 'Runs that ended well.',
    of: 'run.finished',
    labels: bySource,
  }),
  counter({
    name: 'herald_runs_failed_total',
    help: 'Runs in which a stream failed.',
    of: 'run.failed',
    labels: bySource,
  }),
  counter({
    name: 'herald_records_read_total',
    help: 'Records read from the source.',
    of: 'run.finished',
    labels: bySource,
    by: ({ read }) => read,
  }),
  counter({
    name: 'herald_records_changed_total',
    help: 'Records that were new or different.',
    of: 'run.finished',
    labels: bySource,
    by: ({ changed }) => changed,
  }),
  counter({
    name: 'herald_records_deleted_total',
    help: 'Records that the source no longer has.',
    of: 'run.finished',
    labels: bySource,
    by: ({ deleted }) => deleted,
  }),
  counter({
    name: 'herald_records_quarantined_total',
    help: 'Records that were not understood.',
    of: 'records.quarantined',
    labels: bySource,
    by: ({ records }) => records,
  }),
  counter({
    name: 'herald_streams_failed_total',
    help: 'Failures of one stream in one run.',
    of: 'stream.failed',
    labels: ({ source, stream }) => ({ source, stream }),
  }),
  counter({
    name: 'herald_jobs_failed_total',
    help: 'Failures of a consumer of the change log.',
    of: 'job.failed',
    labels: ({ job }) => ({ job }),
  }),
  counter({
    name: 'herald_countings_total',
    help: 'Times that the consumers caught up with the change log.',
    of: 'data.counted',
    labels: () => ({}),
  }),
  counter({
    name: 'herald_quality_findings_total',
    help: 'Findings of quality rules that were not there before.',
    of: 'quality.finding',
    labels: ({ rule, severity }) => ({ rule, severity }),
    by: ({ records }) => records,
  }),
  counter({
    name: 'herald_schema_drifts_total',
    help: 'Changes in the form of records.',
    of: 'schema.drifted',
    labels: ({ source, stream }) => ({ source, stream }),
  }),
  counter({
    name: 'herald_breakers_opened_total',
    help: 'Times that a source stopped answering.',
    of: 'breaker.opened',
    labels: bySource,
  }),
];

/** Counts from now on; the result reads them. */
export function countEvents(events: Events): () => MetricFamily[] {
  const families = counters.map(({ name, help, of, labels, by = () => 1 }) => {
    const samples = new Map<string, Sample>();
    events.on(of, (event) => {
      const named = labels(event);
      const key = JSON.stringify(named);
      samples.set(key, { labels: named, value: (samples.get(key)?.value ?? 0) + by(event) });
    });
    return { name, kind: 'counter' as const, help, samples };
  });
  return () => families.map((family) => ({ ...family, samples: [...family.samples.values()] }));
}
