import type { Queryable } from '../../db/client.ts';
import type { Filter } from '../question.ts';
import type { Span } from '../read/slice.ts';
import type { EngineSettings } from '../settings.ts';
import type { Versions } from './batches-between.ts';

/** What is restated, and between which states. A KPI within a formula has days and filters of its own. */
export type Around = {
  sql: Queryable;
  period: Span;
  filters: readonly Filter[];
  versions: Versions;
  /** The company's days of the two instants. What happened after the first is new, not late. */
  days: { from: string; to: string };
  /** With the definitions of the second instant. */
  settings: EngineSettings;
  /** Records named per part. */
  most: number;
};
