/** Feeds of changes, each followed by one worker at a time; and the ear for hints that any process has stored. */
import { setTimeout as pause } from 'node:timers/promises';
import { takeLease } from '../../platform/lease.ts';
import { followFeed } from '../../sync/hints/follow-feed.ts';
import { hintChannel } from '../../sync/hints/store.ts';
import type { Feed, Source } from '../../sync/source.ts';
import { contextFor, type Workshop } from '../sync-sources.ts';
import type { SyncLoops } from './sync-loops.ts';

const renewEveryMs = 10_000;
const takeOverEveryMs = 15_000;

export type Feeds = { stop(): Promise<void> };

/**
 * Wake a source's loop when a push or a feed left hints, here or in another process, and follow the feeds that the
 * sources' settings ask for. Without it, hints are followed with the next cycle.
 */
export async function startFeeds(
  workshop: Workshop,
  sources: readonly Source[],
  loops: Pick<SyncLoops, 'hinted'>,
): Promise<Feeds> {
  const ear = await workshop.db.sql.listen(
    hintChannel,
    (source) => loops.hinted(source),
    // Also after a lost connection: what was told meanwhile was not heard.
    () => {
      for (const source of sources) loops.hinted(source.name);
    },
  );
  const stopping = new AbortController();
  const signal = AbortSignal.any([workshop.signal, stopping.signal]);
  const running = sources.flatMap((source) =>
    source.feed ? [followOne(workshop, source, source.feed, signal)] : [],
  );
  return {
    async stop() {
      stopping.abort();
      await Promise.race([Promise.allSettled(running), pause(3_000)]);
      await ear.unlisten();
    },
  };
}

async function followOne(workshop: Workshop, source: Source, feed: Feed, stop: AbortSignal): Promise<void> {
  const { db, log } = workshop;
  while (!stop.aborted) {
    try {
      const lease = await takeLease(db, `feed:${source.name}`, workshop.holder);
      if (lease) {
        const lost = new AbortController();
        const signal = AbortSignal.any([stop, lost.signal]);
        const heart = setInterval(() => {
          lease.renew().then(
            (held) => {
              if (!held) lost.abort();
            },
            (error: Error) =>
              log.warn({ source: source.name, err: error.message }, 'the feed’s lease could not be renewed'),
          );
        }, renewEveryMs);
        try {
          const wait = (ms: number) => pause(ms, undefined, { signal });
          const context = { ...contextFor(workshop, source, signal), wait };
          await followFeed({ db, source: source.name, feed, context, log });
        } finally {
          clearInterval(heart);
          await lease.release();
        }
      }
    } catch (error) {
      if (!stop.aborted)
        log.warn(
          { source: source.name, feed: feed.title, err: (error as Error).message },
          'the feed stopped',
        );
    }
    // Another worker follows it, or the database is away.
    if (!stop.aborted) await pause(takeOverEveryMs, undefined, { signal: stop }).catch(() => undefined);
  }
}
