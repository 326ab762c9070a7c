/**
 * Complete list of the ids that are there, for deletes that no feed shows (campaign members, purged and erased
 * records). A source does not know what is stored: each batch carries its page of ids in the cursor, `{ids, done}`,
 * and after the one that is `done` the load deletes what it holds and the list does not. A sweep that breaks off is
 * started anew, for a list is only worth something when it is complete.
 *
 * Once a day the list brings whole records: formulas, roll-ups, converted amounts and what is read through a relation
 * (an owner's name, an account's region) change without the stamp that changes are found by. It costs no more calls,
 * for pages are counted in rows. https://github.com/heroku/roadmap/issues/319
 */
import type { Batch, ReadContext } from '../../source.ts';
import { readPages } from './pages.ts';
import { toRecord, visibilityLagMs } from './read-changes.ts';
import type { Selection } from './selection.ts';
import type { SalesforceClient } from './session.ts';

const wholeEveryMs = 24 * 60 * 60_000;

/** `wholeAt` remembers (in this process) when a stream's records were last read whole. */
export async function* readSweep(input: {
  stream: string;
  client: SalesforceClient;
  selection: Selection;
  context: ReadContext;
  wholeAt: Map<string, number>;
}): AsyncGenerator<Batch> {
  const { stream, client, selection, context, wholeAt } = input;
  const now = context.now().getTime();
  const startedAt = now + client.skewMs() - visibilityLagMs;
  const isWhole = now - (wholeAt.get(stream) ?? Number.NEGATIVE_INFINITY) >= wholeEveryMs;
  const fields = isWhole ? selection.paths.join(', ') : 'Id';
  const soqlAfter = (row: { Id: string } | null) => {
    // Archived activities show in queryAll only and are not deleted; hence queryAll and this condition.
    const conditions = [
      ...(selection.hasIsDeleted ? ['IsDeleted = false'] : []),
      ...(row ? [`Id > '${row.Id}'`] : []),
    ];
    return `SELECT ${fields} FROM ${stream}${conditions.length > 0 ? ` WHERE ${conditions.join(' AND ')}` : ''} ORDER BY Id ASC`;
  };
  // The first batch of a sweep clears what an earlier, broken-off one had seen.
  if (isWhole) yield { stream, records: [], cursor: { ids: [], done: false }, coveredUntil: null };
  for await (const { rows, isLast } of readPages(client, soqlAfter)) {
    if (isWhole) {
      const records = rows.map((row) => toRecord(row, selection));
      yield { stream, records, cursor: null, coveredUntil: null };
    }
    yield {
      stream,
      records: [],
      cursor: { ids: rows.map((row) => row.Id), done: isLast },
      coveredUntil: isLast ? new Date(startedAt).toISOString() : null,
    };
  }
  if (isWhole) wholeAt.set(stream, now);
}
