/** Follow one query page by page; a locator that expired is replaced by a query that starts after the last row. */
import { z } from 'zod';
import { ReadFault } from '../../source.ts';
import type { SalesforceClient } from './session.ts';

export type SalesforceRow = { Id: string } & Record<string, unknown>;
export type Page = { rows: SalesforceRow[]; isLast: boolean };

/** The platform's largest page. It may send fewer. */
export const pageHeaders = { 'Sforce-Query-Options': 'batchSize=2000' };

const pageShape = z.looseObject({
  done: z.boolean(),
  // A locator elsewhere would carry our token there.
  nextRecordsUrl: z.string().startsWith('/services/').optional(),
  records: z.array(z.looseObject({ Id: z.string() })),
});

/**
 * `soqlAfter` writes the query for the rows after `row` (null: from the beginning); `first` is the answer to its first
 * one where that is here already. Throws ReadFault; one of kind no_progress when the platform keeps sending the same
 * place.
 */
export async function* readPages(
  client: SalesforceClient,
  soqlAfter: (row: SalesforceRow | null) => string,
  first: unknown = null,
): AsyncGenerator<Page> {
  let last: SalesforceRow | null = null;
  let ready = first;
  let path = queryPath(client, soqlAfter(null));
  let hasRestarted = false;
  for (;;) {
    let reply: unknown;
    try {
      reply = ready ?? (await client.get(path, pageHeaders));
      ready = null;
    } catch (thrown) {
      if (!(thrown instanceof ReadFault) || thrown.kind !== 'cursor_expired' || hasRestarted) throw thrown;
      hasRestarted = true;
      path = queryPath(client, soqlAfter(last));
      continue;
    }
    const parsed = pageShape.safeParse(reply);
    if (!parsed.success)
      throw new ReadFault('protocol', 'Salesforce sent a page of records that has no records or no end');
    const { done, nextRecordsUrl, records } = parsed.data;
    if (!done && !nextRecordsUrl)
      throw new ReadFault('protocol', 'Salesforce sent an unfinished page without the next one');
    if (!done && (records.length === 0 || records.at(-1)?.Id === last?.Id)) {
      throw new ReadFault('no_progress', 'Salesforce sends the same page of records again and again');
    }
    yield { rows: records, isLast: done };
    if (done || !nextRecordsUrl) return;
    last = records.at(-1) ?? last;
    hasRestarted = false;
    path = nextRecordsUrl;
  }
}

/** The address that asks for a query. */
export function queryPath(client: Pick<SalesforceClient, 'root'>, soql: string): string {
  // queryAll also shows what is deleted, merged away or archived.
  return `${client.root}/queryAll?q=${encodeURIComponent(soql)}`;
}
