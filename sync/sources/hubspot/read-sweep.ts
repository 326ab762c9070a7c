/**
 * What is gone. Archived records are listed for 90 days; merged ones are told by their survivors (in every lane);
 * erased ones (GDPR) leave no trace but their absence from the complete list, which is costly and read once a day.
 */
import type { Batch } from '../../source.ts';
import { asRemoval, type HubspotStream, type Reading } from './hubspot-stream.ts';
import { readPage } from './page.ts';
import { readList } from './read-list.ts';

const completeEveryMs = 24 * 60 * 60_000;
/** Ids per batch of the complete list. */
const idsPerBatch = 2_000;

/** One sweep. `completedAt` remembers (in this process) when a stream's ids were last listed whole. */
export async function* readSweep(reading: Reading, completedAt: Map<string, number>): AsyncGenerator<Batch> {
  const { stream, context } = reading;
  const now = context.now().getTime();
  const isComplete = now - (completedAt.get(stream.name) ?? Number.NEGATIVE_INFINITY) >= completeEveryMs;
  // The first batch of a sweep clears what an earlier, broken-off one had seen.
  if (isComplete)
    yield { stream: stream.name, records: [], cursor: { ids: [], done: false }, coveredUntil: null };
  yield* readList({ ...reading, stream: asRemovals(stream) }, null, { archived: true, end: () => null });
  if (isComplete) {
    // Associations and names behind ids move no stamp: what is completed by them is read again with the list.
    yield* stream.complete ? readWhole(reading) : readIds(reading);
    completedAt.set(stream.name, now);
  }
}

function asRemovals(stream: HubspotStream): HubspotStream {
  const { complete: _complete, ...rest } = stream;
  return { ...rest, recordsOf: stream.removalsOf ?? ((row) => [asRemoval(stream, row)]) };
}

/** Every record once more, and the ids of all of them. */
async function* readWhole(reading: Reading): AsyncGenerator<Batch> {
  const stream = reading.stream.name;
  const startedAt = reading.context.now().toISOString();
  for await (const { records } of readList(reading, null)) {
    yield { stream, records, cursor: null, coveredUntil: null };
    const ids = records.flatMap(({ op, id }) => (op === 'upsert' ? [id] : []));
    yield { stream, records: [], cursor: { ids, done: false }, coveredUntil: null };
  }
  yield { stream, records: [], cursor: { ids: [], done: true }, coveredUntil: startedAt };
}

async function* readIds({ session, stream, context }: Reading): AsyncGenerator<Batch> {
  const startedAt = context.now().toISOString();
  let after: string | null = null;
  let ids: string[] = [];
  for (;;) {
    // A property that every record has: the basic set would weigh more.
    const qs: Record<string, string> = {
      limit: String(stream.pageSize),
      properties: 'hs_object_id',
      ...(after === null ? {} : { after }),
    };
    const page = await readPage(session, context, { path: stream.listPath, qs });
    ids.push(...page.rows.map((row) => row.id));
    after = page.after;
    if (after === null) break;
    if (ids.length < idsPerBatch) continue;
    yield { stream: stream.name, records: [], cursor: { ids, done: false }, coveredUntil: null };
    ids = [];
  }
  yield { stream: stream.name, records: [], cursor: { ids, done: true }, coveredUntil: startedAt };
}
