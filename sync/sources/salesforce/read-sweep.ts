/**
 * Complete list of the ids that are there, for deletes that no feed shows (campaign members, purged and erased
 * records). A source does not know what is stored, so a sweep yields no records: each batch carries its page of ids in
 * the cursor, `{ids, done}`, and after the one that is `done` the load deletes what it holds and the list does not.
 * A sweep that breaks off is started anew, for a list is only worth something when it is complete.
 */
import type { Batch, ReadContext } from '../../source.ts';
import { readPages } from './pages.ts';
import { visibilityLagMs } from './read-changes.ts';
import type { Selection } from './selection.ts';
import type { SalesforceClient } from './session.ts';

export async function* readSweep(input: {
  stream: string;
  client: SalesforceClient;
  selection: Selection;
  context: ReadContext;
}): AsyncGenerator<Batch> {
  const { stream, client, selection, context } = input;
  const startedAt = context.now().getTime() + client.skewMs() - visibilityLagMs;
  const soqlAfter = (row: { Id: string } | null) => {
    // Archived activities show in queryAll only and are not deleted; hence queryAll and this condition.
    const conditions = [
      ...(selection.hasIsDeleted ? ['IsDeleted = false'] : []),
      ...(row ? [`Id > '${row.Id}'`] : []),
    ];
    return `SELECT Id FROM ${stream}${conditions.length > 0 ? ` WHERE ${conditions.join(' AND ')}` : ''} ORDER BY Id ASC`;
  };
  for await (const { rows, isLast } of readPages(client, soqlAfter)) {
    yield {
      stream,
      records: [],
      cursor: { ids: rows.map((row) => row.Id), done: isLast },
      coveredUntil: isLast ? new Date(startedAt).toISOString() : null,
    };
  }
}
