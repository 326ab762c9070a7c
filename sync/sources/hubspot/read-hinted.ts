/**
 * Records by id: batches of 100, and those that are not there once more among the archived. Batches read the records
 * themselves and not the search index, so they are not behind.
 */
import type { SourceRecord } from '../../source.ts';
import { ReadFault } from '../../source.ts';
import { asRemoval, type Reading, recordsIn } from './hubspot-stream.ts';
import { readPage } from './page.ts';

/** Most ids that one batch takes. */
const batchIds = 100;

export async function* readHinted(reading: Reading, ids: readonly string[]): AsyncGenerator<SourceRecord[]> {
  const { stream } = reading;
  if (!stream.search) throw new ReadFault('fatal', `HubSpot's ${stream.name} cannot be read by id`);
  for (let at = 0; at < ids.length; at += batchIds) {
    const wanted = ids.slice(at, at + batchIds);
    // Missing ids are reported beside the rows, with 207; a merged one gives its survivor.
    const live = await readBatch(reading, wanted, false);
    yield await recordsIn(reading, live);
    const found = new Set(live.map((row) => row.id));
    const missing = wanted.filter((id) => !found.has(id));
    if (missing.length === 0) continue;
    const archived = await readBatch(reading, missing, true);
    yield archived.filter((row) => row.archived === true).map((row) => asRemoval(stream, row));
  }
}

async function readBatch({ session, stream, context }: Reading, ids: readonly string[], archived: boolean) {
  const { rows } = await readPage(session, context, {
    method: 'POST',
    path: `${stream.listPath}/batch/read`,
    qs: { archived: String(archived) },
    body: { inputs: ids.map((id) => ({ id })), properties: stream.search!.properties },
  });
  return rows;
}
