/** Records by id, a hundred a call. Not behind, as the export is by design: what makes Zendesk fresh within seconds. */
import type { SourceRecord } from '../../source.ts';
import { type Row, rowsOf, stampMs } from './rows.ts';
import type { Reading } from './zendesk-stream.ts';

/** Most ids that one show_many takes. */
const idsPerCall = 100;

export async function* readHinted(reading: Reading, ids: readonly string[]): AsyncGenerator<SourceRecord[]> {
  const { session, stream, context } = reading;
  const isTicket = stream.key === 'tickets';
  for (let at = 0; at < ids.length; at += idsPerCall) {
    const query = { ...stream.query, ids: ids.slice(at, at + idsPerCall).join(',') };
    const rows = rowsOf(await session.get(context, `${stream.key}/show_many`, query), stream.key);
    yield stream.recordsOf(
      rows.filter(isWhole).map((row) => (isTicket ? withStamp(row) : row)),
      reading,
    ) as Promise<SourceRecord[]>;
  }

  /** Without its metric set a ticket would seem to have lost its reply times: it is left to the export. */
  function isWhole(row: Row): boolean {
    return !isTicket || row.metric_set !== undefined;
  }
}

/** Exports order copies of a ticket by this stamp. Where a list leaves it out, the last change is the best that is known. */
function withStamp(row: Row): Row {
  return row.generated_timestamp === undefined
    ? { ...row, generated_timestamp: Math.floor(stampMs(row.updated_at) / 1000) }
    : row;
}
