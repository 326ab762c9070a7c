import type { LoadedLane, Source, Stream } from '../source.ts';

export type Loaded = { read: number; changed: number; deleted: number; quarantined: number };

export type LoadTarget = {
  source: Source;
  stream: Stream;
  lane: LoadedLane;
  runId: number;
  /** The right to write: refused when another worker took over. */
  lease: { name: string; fence: number };
};
