/** Records by id, deleted ones included, with the very fields that the other lanes select. */
import type { SourceRecord } from '../../source.ts';
import { readPages } from './pages.ts';
import { toRecord } from './read-changes.ts';
import type { Selection } from './selection.ts';
import type { SalesforceClient } from './session.ts';

/** A query travels in the address: with 200 ids and the widest selection it stays far below 16,384 bytes. */
const idsPerQuery = 200;

export async function* readHinted(input: {
  stream: string;
  client: SalesforceClient;
  selection: Selection;
  ids: readonly string[];
}): AsyncGenerator<SourceRecord[]> {
  const { stream, client, selection } = input;
  const ids = input.ids.filter((id) => /^\w{15}(\w{3})?$/.test(id));
  for (let at = 0; at < ids.length; at += idsPerQuery) {
    const list = ids
      .slice(at, at + idsPerQuery)
      .map((id) => `'${id}'`)
      .join(',');
    const soqlAfter = (row: { Id: string } | null) =>
      `SELECT ${selection.paths.join(', ')} FROM ${stream} WHERE Id IN (${list})${row ? ` AND Id > '${row.Id}'` : ''} ORDER BY Id ASC`;
    for await (const { rows } of readPages(client, soqlAfter))
      yield rows.map((row) => toRecord(row, selection));
  }
}
