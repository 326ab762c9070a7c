/** Backfill: pages in id order, complete and without a cap. */
import type { Batch, Cursor, SourceRecord } from '../../source.ts';
import { ReadFault } from '../../source.ts';
import { type Reading, recordsIn } from './hubspot-stream.ts';
import { readPage } from './page.ts';
import { closedAt, parsePosition } from './position.ts';

/** Rows per transaction: pages hold only 100, and a commit for each would cost more than the reading. */
const batchRows = 1_000;

/**
 * The whole list from `cursor` on. `end` is the position to hand over to the next lane, given the ms at which this
 * list was begun; what changed since then may or may not be in it.
 */
export async function* readList(
  reading: Reading,
  cursor: Cursor,
  options: { archived?: boolean; end?: (startedAt: number) => Cursor } = {},
): AsyncGenerator<Batch> {
  const { session, stream, context } = reading;
  const kept = parsePosition(cursor);
  const resumed = kept?.kind === 'list' ? kept : null;
  const startedAt = resumed?.startedAt ?? context.now().getTime();
  const end = options.end ?? closedAt;
  let after = resumed?.after ?? null;
  let records: SourceRecord[] = [];
  for (;;) {
    const page = await readPage(session, context, {
      path: stream.listPath,
      qs: {
        ...stream.listQuery,
        limit: String(stream.pageSize),
        ...(options.archived ? { archived: 'true' } : {}),
        ...(after === null ? {} : { after }),
      },
    });
    records.push(...(await recordsIn(reading, page.rows)));
    if (page.after === null) break;
    if (page.after === after) {
      throw new ReadFault('no_progress', `HubSpot (${stream.listPath}) gave the same page twice`);
    }
    after = page.after;
    if (records.length >= batchRows) {
      yield {
        stream: stream.name,
        records,
        cursor: { v: 1, kind: 'list', after, startedAt },
        coveredUntil: null,
      };
      records = [];
    }
  }
  yield {
    stream: stream.name,
    records,
    cursor: end(startedAt),
    coveredUntil: new Date(startedAt).toISOString(),
  };
}
