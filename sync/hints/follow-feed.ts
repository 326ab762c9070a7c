/** One feed of changes, followed for as long as its lease holds; every fault is said, waited out and tried again. */
import type { Database } from '../../db/client.ts';
import type { Log } from '../../platform/log.ts';
import { type Feed, type FeedContext, ReadFault } from '../source.ts';
import { feedPosition, keepFed } from './store.ts';

const longestPauseMs = 5 * 60_000;

/**
 * Follow `feed` from where it was left until the signal aborts. A position that the platform no longer knows is given
 * up: the feed goes on from now, and polling closes the gap.
 */
export async function followFeed(input: {
  db: Database;
  source: string;
  feed: Feed;
  context: FeedContext;
  log: Log;
}): Promise<void> {
  const { db, source, feed, context, log } = input;
  let failures = 0;
  let isLost = false;
  while (!context.signal.aborted) {
    try {
      const from = isLost ? null : await feedPosition(db.sql, source);
      isLost = false;
      for await (const { hints, position } of feed.follow(from, context)) {
        await keepFed(db, { source, hints, position });
        failures = 0;
      }
    } catch (thrown) {
      if (context.signal.aborted) return;
      const message = thrown instanceof Error ? thrown.message : String(thrown);
      isLost = thrown instanceof ReadFault && thrown.kind === 'cursor_expired';
      log.warn(
        { source, feed: feed.title, err: message },
        isLost
          ? 'the feed no longer has the kept position; it goes on from now'
          : 'the feed broke off; polling goes on, and it will be tried again',
      );
      failures++;
    }
    if (!context.signal.aborted)
      await pause(context, Math.min(longestPauseMs, 1000 * 2 ** Math.min(failures, 9)));
  }
}

async function pause(context: FeedContext, ms: number): Promise<void> {
  try {
    await context.wait(ms);
  } catch (thrown) {
    if (!context.signal.aborted) throw thrown;
  }
}
