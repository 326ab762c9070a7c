/** What a Zendesk stream adds to the contract: how it is read and how rows become records. */
import type { ReadContext, SourceRecord, Stream } from '../../source.ts';
import type { Row } from './rows.ts';
import type { ZendeskSession } from './session.ts';

export type ZendeskStream = Stream & {
  /**
   * cursor: an incremental export with an opaque position; time: one with `start_time`; window: a list bounded by the
   * last change; snapshot: a short list, always read whole.
   */
  reading: 'cursor' | 'time' | 'window' | 'snapshot';
  path: string;
  /** Key of the list in the reply. */
  key: string;
  query?: Record<string, string | string[]>;
  /** Where all ids are listed, for the sweep. */
  idsPath?: string;
  recordsOf(rows: Row[], reading: Reading): SourceRecord[] | Promise<SourceRecord[]>;
};

export type Reading = { session: ZendeskSession; stream: ZendeskStream; context: ReadContext };

/** Exports leave out the minute before the request, by design. */
export const exclusionMs = 60_000;
