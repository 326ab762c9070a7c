/**
 * Incremental exports by cursor. The order is that of `generated_timestamp`, so a row with an old `updated_at` is
 * normal. `after_cursor` alone is followed, also from the end of the stream on: computing a start time instead skips
 * rows or loops.
 */
import type { Batch, Cursor } from '../../source.ts';
import { ReadFault } from '../../source.ts';
import { parsePosition } from './position.ts';
import { readExportPage } from './read-page.ts';
import { rowsOf } from './rows.ts';
import { exclusionMs, type Reading } from './zendesk-stream.ts';

/** Where history begins; the epoch itself is refused by some accounts. */
const firstSecond = '1';

export async function* readByCursor(reading: Reading, cursor: Cursor): AsyncGenerator<Batch> {
  const { stream, context } = reading;
  let after = parsePosition('cursor', cursor)?.after ?? null;
  for (;;) {
    const askedAt = context.now().getTime();
    const position: Record<string, string> = after === null ? { start_time: firstSecond } : { cursor: after };
    const { reply } = await readExportPage(reading, position);
    const rows = rowsOf(reply, stream.key);
    const next = reply.after_cursor;
    if (typeof next !== 'string' || typeof reply.end_of_stream !== 'boolean') {
      throw new ReadFault(
        'protocol',
        `Zendesk answered ${stream.path} without after_cursor and end_of_stream`,
      );
    }
    if (!reply.end_of_stream && next === after) {
      throw new ReadFault('no_progress', `Zendesk gave the same page of ${stream.path} twice`);
    }
    after = next;
    yield {
      stream: stream.name,
      records: await stream.recordsOf(rows, reading),
      cursor: { v: 1, kind: 'cursor', after },
      coveredUntil: reply.end_of_stream ? new Date(askedAt - exclusionMs).toISOString() : null,
    };
    if (reply.end_of_stream) return;
  }
}
