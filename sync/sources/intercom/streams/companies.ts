/**
 * Companies: neither searchable nor listed past 10,000, so they are scrolled through whole. One scroll a workspace,
 * gone after a minute unused; a lost one begins again. https://developers.intercom.com/docs/references/rest-api/api.intercom.io/companies/scrolloverallcompanies
 */
import { z } from 'zod';
import { type Batch, ReadFault } from '../../../source.ts';
import { parseRecord } from '../../parse-record.ts';
import { id, instant, text } from '../fields.ts';
import { type IntercomStream, type Item, idOf, type Reading, toUpsert } from '../intercom-stream.ts';

/** A full scroll for every poll would hold the workspace's only scroll for good. */
const everyMs = 5 * 60_000;
/** Pages are of 100: ten of them make one transaction. */
const pagesPerBatch = 10;
const restarts = 3;

const schema = z.object({
  id,
  company_id: text,
  name: text,
  website: text,
  industry: text,
  plan: z.object({ name: text }).nullish(),
  created_at: instant,
});

/** A source's own lanes wait for one another instead of being refused the workspace's only scroll. */
export function createCompanies(): IntercomStream {
  let turn: Promise<void> = Promise.resolve();
  return { ...companies, read: (lane, cursor, reading) => inTurn(companies.read(lane, cursor, reading)) };

  async function* inTurn(batches: AsyncIterable<Batch>): AsyncIterable<Batch> {
    const before = turn;
    const mine = Promise.withResolvers<void>();
    turn = mine.promise;
    try {
      await before;
      yield* batches;
    } finally {
      mine.resolve();
    }
  }
}

const companies: IntercomStream = {
  name: 'companies',
  table: 'account',
  lanes: ['backfill', 'realtime', 'sweep'],
  unify(raw) {
    const company = parseRecord(schema, raw);
    return {
      name: company.name,
      domain: domainOf(company.website),
      // The id that the product gives its customer is the billing system's.
      external_ids: company.company_id === null ? null : { billing: company.company_id },
      industry: company.industry,
      kind: 'customer',
      created_at: company.created_at,
    };
  },
  async *read(lane, cursor, reading): AsyncIterable<Batch> {
    const now = reading.context.now();
    const stream = 'companies';
    if (lane === 'realtime' && cursor.readAt !== undefined && now.getTime() - cursor.readAt < everyMs) {
      yield { stream, records: [], cursor, coveredUntil: new Date(cursor.readAt).toISOString() };
      return;
    }
    for await (const items of scrolled(reading)) {
      if (lane === 'sweep')
        yield { stream, records: [], cursor: { ids: items.map(idOf), done: false }, coveredUntil: null };
      else
        yield {
          stream,
          records: items.map((item) => toUpsert(item, now.getTime())),
          cursor,
          coveredUntil: null,
        };
    }
    if (lane === 'sweep') yield { stream, records: [], cursor: { ids: [], done: true }, coveredUntil: null };
    else yield { stream, records: [], cursor: { readAt: now.getTime() }, coveredUntil: now.toISOString() };
  },
};

/** What was read before a restart comes again, and is dropped by its hash. */
async function* scrolled(reading: Reading): AsyncIterable<Item[]> {
  for (let attempt = 0; ; attempt++) {
    try {
      return yield* scrollOnce(reading);
    } catch (thrown) {
      const isLost = thrown instanceof ReadFault && thrown.status === 404;
      if (!isLost || attempt >= restarts) throw thrown;
      reading.context.log.warn({ attempt }, 'the scroll over companies expired; it begins again');
    }
  }
}

async function* scrollOnce({ session }: Reading): AsyncIterable<Item[]> {
  let held: Item[] = [];
  let param: string | null = null;
  for (let page = 1; ; page++) {
    const request: { scroll_param?: string } = param === null ? {} : { scroll_param: param };
    const response = await session.ask(async (client) => (await client.companies.scroll(request)).response);
    const reply = response as unknown as { data?: unknown; scroll_param?: string | null } | null;
    if (!Array.isArray(reply?.data))
      throw new ReadFault('protocol', 'Intercom answered a scroll over companies without a list');
    // The end is an empty page: the parameter is still there on it, and following it would never end.
    if (reply.data.length === 0) break;
    held.push(...(reply.data as Item[]));
    if (page % pagesPerBatch === 0) {
      yield held;
      held = [];
    }
    param = reply.scroll_param ?? null;
    if (param === null) break;
  }
  if (held.length > 0) yield held;
}

function domainOf(website: string | null): string | null {
  if (website === null) return null;
  const url = URL.parse(/^https?:\/\//i.test(website) ? website : `https://${website}`);
  return url?.hostname.includes('.') ? url.hostname.replace(/^www\./, '') : null;
}
