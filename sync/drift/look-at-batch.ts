/** After a batch is safe, whichever lane brought it: what its records look like never decides whether they are loaded. */
import type { CycleInput } from '../cycle.ts';
import type { Loaded } from '../load.ts';
import type { Batch, Stream } from '../source.ts';
import { watchDrift } from './watch-drift.ts';
import { watchLacks } from './watch-lacks.ts';

/** Find and say what drifted in the form of these records. Never throws: a fault here is logged. */
export async function lookAtBatch(
  input: CycleInput,
  stream: Stream,
  batch: Pick<Batch, 'records' | 'lacks'>,
  { changed, quarantined }: Loaded,
): Promise<void> {
  const { db, source, context, log } = input;
  try {
    const seen = { source, stream, records: batch.records, changed, quarantined, now: context.now() };
    for (const drift of await watchDrift(db, seen)) sayDrift(input, stream, drift);
    if (batch.lacks)
      for (const lack of await watchLacks(db.sql, seen, batch.lacks)) sayDrift(input, stream, lack);
  } catch (error) {
    log.warn(
      { source: source.name, stream: stream.name, err: (error as Error).message },
      'its form was not looked at',
    );
  }
}

/** To the log and to whoever listens. */
export function sayDrift(
  { source, log, onDrift }: Pick<CycleInput, 'source' | 'log' | 'onDrift'>,
  stream: Stream,
  drift: string | null,
): void {
  if (drift === null) return;
  log.warn({ source: source.name, stream: stream.name, drift }, 'the schema drifted');
  onDrift?.({ stream: stream.name, drift });
}
