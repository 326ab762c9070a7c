import type { Lane, UnifiedRow, UnifiedTable } from '../../source.ts';

/** One Salesforce object as Herald reads it. */
export type SalesforceObject = {
  name: string;
  table: UnifiedTable;
  lanes: readonly Lane[];
  after?: readonly string[];
  /** SOQL paths without which the numbers would be wrong: one that is hidden from Herald's user is a fault. */
  required: readonly string[];
  /** Paths that an org may lack; they are left out where they are not there. */
  optional: readonly string[];
  /** Not every org has this object. */
  mayBeAbsent?: boolean;
  /** In the company's currency where a record names none; its instants become dates in the company's time zone. */
  unify(raw: unknown, companyCurrency: string, timeZone: string): UnifiedRow | null;
};

/** Rows can also be deleted for good (purged, erased, bulk-deleted), which only a sweep shows. */
export const allLanes: readonly Lane[] = ['backfill', 'realtime', 'settle', 'sweep'];
