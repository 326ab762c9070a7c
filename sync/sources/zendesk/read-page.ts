/** One page of an export. Large pages run into 504; the same page, smaller, goes through. */
import { ReadFault } from '../../source.ts';
import type { Reading } from './zendesk-stream.ts';

const largest = 1_000;
const smallest = 100;

export async function readExportPage(
  { session, stream, context }: Reading,
  position: Record<string, string>,
): Promise<{ reply: Record<string, unknown>; size: number }> {
  for (let size = largest; ; size = Math.floor(size / 2)) {
    try {
      const query = { ...stream.query, ...position, per_page: String(size) };
      return { reply: await session.get(context, stream.path, query), size };
    } catch (thrown) {
      if (!(thrown instanceof ReadFault && thrown.status === 504 && size > smallest)) throw thrown;
      context.log.warn(
        { stream: stream.name, size },
        'Zendesk ran out of time over a page: asking for half of it',
      );
    }
  }
}
