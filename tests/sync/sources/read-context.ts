/** A context for reading sources in tests. */
import { setTimeout as sleep } from 'node:timers/promises';
import { createGuardedFetch } from '../../../platform/http.ts';
import type { Batch, Cursor, Lane, ReadContext, Source, SourceRecord } from '../../../sync/source.ts';

export function readContext(
  source: Pick<Source, 'pace' | 'classify'>,
  now: () => Date = () => new Date(),
): ReadContext {
  const kept = new Map<string, string>();
  const signal = new AbortController().signal;
  let waitedMs = 0;
  const fetch = createGuardedFetch({
    name: 'test',
    pace: source.pace,
    ...(source.classify ? { classify: source.classify } : {}),
    // Waiting is not what these tests are about: it passes at once, on a clock of the fetch's own.
    now: () => new Date(now().getTime() + waitedMs),
    wait: async (ms, signal) => {
      await sleep(0, undefined, { signal });
      waitedMs += ms;
    },
    random: () => 0,
    signal,
    timeoutMs: 5_000,
  });
  return {
    now,
    signal,
    fetch,
    log: { info: () => undefined, warn: () => undefined },
    secrets: {
      load: async (name) => kept.get(name) ?? null,
      save: async (name, value) => void kept.set(name, value),
    },
  };
}

export type Reading = {
  batches: Batch[];
  records: SourceRecord[];
  ids: string[];
  cursor: Cursor;
  coveredUntil: string | null;
};

/** Read one lane to its end. */
export async function readAll(
  source: Source,
  stream: string,
  lane: Lane,
  cursor: Cursor,
  context: ReadContext,
): Promise<Reading> {
  const batches: Batch[] = [];
  for await (const batch of source.read(stream, lane, cursor, context)) batches.push(batch);
  const last = batches.at(-1);
  return {
    batches,
    records: batches.flatMap((batch) => batch.records),
    ids: batches.flatMap((batch) => (batch.cursor?.ids as string[] | undefined) ?? []),
    cursor: last?.cursor ?? null,
    coveredUntil: last?.coveredUntil ?? null,
  };
}

/** Unified rows of a reading by record id; what is malformed gives its reason. */
export function unified(
  source: Source,
  stream: string,
  records: readonly SourceRecord[],
): Record<string, unknown> {
  const { unify } = source.streams.find((s) => s.name === stream)!;
  return Object.fromEntries(
    records.map((record) => {
      if (record.op === 'delete') return [record.id, record.reason];
      try {
        return [record.id, unify(JSON.parse(record.payload))];
      } catch (thrown) {
        return [record.id, (thrown as Error).message];
      }
    }),
  );
}
