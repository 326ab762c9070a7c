/** Records by id, one call each: past the search index, which shows changes late. */
import type { IntercomClient } from 'intercom-client';
import { ReadFault, type SourceRecord } from '../../source.ts';
import { type Item, type Reading, toUpsert } from './intercom-stream.ts';

/** Records per transaction. */
const batchRecords = 50;

const find: Record<string, (client: IntercomClient, id: string) => PromiseLike<unknown>> = {
  contacts: (client, id) => client.contacts.find({ contact_id: id }),
  companies: (client, id) => client.companies.find({ company_id: id }),
  conversations: (client, id) => client.conversations.find({ conversation_id: id }),
  tickets: (client, id) => client.tickets.get({ ticket_id: id }),
};

/** Of these streams, those that can be read by id. */
export const hintedOf = (streams: readonly { name: string }[]): string[] =>
  streams.flatMap(({ name }) => (name in find ? [name] : []));

/** `refine` adds what the stream's own readers add, so that both give the same text. */
export async function* readHinted(
  stream: string,
  ids: readonly string[],
  reading: Reading,
  refine: (items: Item[]) => Promise<Item[]> | Item[],
): AsyncGenerator<SourceRecord[]> {
  const { session, context } = reading;
  for (let at = 0; at < ids.length; at += batchRecords) {
    const items: Item[] = [];
    for (const id of ids.slice(at, at + batchRecords)) {
      try {
        const found = (await session.ask(async (client) => await find[stream]!(client, id))) as Item;
        // Searches do not show the parts; with them every reading by id would seem to be a change.
        const { conversation_parts: _, ...item } = found;
        items.push(item);
      } catch (thrown) {
        // Deleted, or merged into another.
        if (!(thrown instanceof ReadFault && thrown.status === 404)) throw thrown;
      }
    }
    const readAt = context.now().getTime();
    yield (await refine(items)).map((item) => toUpsert(item, readAt));
  }
}
