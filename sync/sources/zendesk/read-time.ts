/**
 * Incremental exports by time: `start_time` is inclusive and pages overlap by their last second. A second that fills a
 * whole page repeats itself for ever; it is stepped over, with a warning that rows of it may be missing.
 */
import type { Batch, Cursor, Lack } from '../../source.ts';
import { parsePosition } from './position.ts';
import { readExportPage } from './read-page.ts';
import { rowsOf } from './rows.ts';
import { exclusionMs, type Reading } from './zendesk-stream.ts';

export async function* readByTime(reading: Reading, cursor: Cursor): AsyncGenerator<Batch> {
  const { stream, context } = reading;
  let start = parsePosition('time', cursor)?.start ?? 1;
  for (;;) {
    const askedAt = context.now().getTime();
    // A younger start is refused; with our clock ahead of theirs the kept one could be.
    const latest = Math.floor((askedAt - exclusionMs) / 1000) - 1;
    const { reply, size } = await readExportPage(reading, { start_time: String(Math.min(start, latest)) });
    const rows = rowsOf(reply, stream.key);
    const isEnd = typeof reply.end_of_stream === 'boolean' ? reply.end_of_stream : rows.length < size;
    const endTime = typeof reply.end_time === 'number' ? reply.end_time : start;
    const isStuck = !isEnd && endTime <= start;
    if (isStuck) {
      context.log.warn(
        { stream: stream.name, second: start, rows: rows.length },
        'one second holds more rows than a page of the export: some of them may be missing',
      );
    }
    const stuckAt = new Date(start * 1000).toISOString();
    start = isStuck ? start + 1 : Math.max(start, endTime);
    yield {
      stream: stream.name,
      records: await stream.recordsOf(rows, reading),
      cursor: { v: 1, kind: 'time', start },
      coveredUntil: isEnd ? new Date(askedAt - exclusionMs).toISOString() : null,
      ...(isStuck ? { lacks: [lackAt(stream.name, stuckAt, rows.length)] } : {}),
    };
    if (isEnd) return;
  }
}

/** The export has no way into such a second: what is beyond its first page comes only when it changes again. */
function lackAt(stream: string, at: string, rows: number): Lack {
  return {
    subject: `${stream} ${at}`,
    kind: 'incomplete',
    sentence: `Zendesk ${stream}: more than ${rows} records were changed in the second ${at} (a bulk import?), and the export shows only the first ${rows}. Others of that second may be missing until they change again.`,
  };
}
