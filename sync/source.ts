/**
 * The contract of a source: one folder under sources/, registered in sources/registry.ts; nothing else changes.
 * A source reads its system through the vendor's SDK and maps its own records to unified rows. It knows no
 * database, reads no clock and makes no HTTP call but through what its context hands it.
 */
import type { GuardedFetch } from '../platform/http.ts';
import type { ReadLimits } from '../platform/limit-news.ts';
import type { Pace } from '../platform/pace.ts';
import type { Classify } from '../platform/reply.ts';
import type { Schedule } from './business-hours/schedule.ts';

export type { GuardedFetch } from '../platform/http.ts';
export { countIn, type LimitNews, type ReadLimits } from '../platform/limit-news.ts';
export type { Pace } from '../platform/pace.ts';
export { ReadFault, type ReadFaultKind } from '../platform/read-fault.ts';

/** Unified tables a stream may fill (db/schema/unified/ has the columns). */
export type UnifiedTable =
  | 'account'
  | 'person'
  | 'deal'
  | 'deal_stage'
  | 'campaign'
  | 'touch'
  | 'spend'
  | 'email_send'
  | 'ticket'
  | 'ticket_event'
  | 'conversation'
  | 'activity'
  | 'subscription'
  | 'invoice'
  | 'payment'
  | 'quota'
  | 'forecast'
  | 'survey'
  | 'staff'
  | 'exchange_rate';

/** Columns of the unified table by name, without tenant, system, id, company and the stamped dimensions. Dates: 'YYYY-MM-DD'; instants: ISO. */
export type UnifiedRow = Record<string, string | number | boolean | null | Record<string, string>>;

export type SourceRecord =
  | {
      op: 'upsert';
      id: string;
      /** Orders two copies of one record: milliseconds of the system's own modification stamp. */
      version: number;
      /** The record as the system gave it, canonical JSON text. Hashed and kept as history. */
      payload: string;
    }
  | {
      op: 'delete';
      id: string;
      version: number;
      reason: 'deleted' | 'archived' | 'merged' | 'missing';
      mergedInto?: string;
    };

/** JSON-serialisable position; opaque to everyone but the source. */
export type Cursor = Record<string, unknown> | null;

/** Where a lane goes on. */
export type Position = { stream: string; lane: Lane; cursor: Cursor };

export type Batch = {
  stream: string;
  /** At most 5,000 records, so that transactions stay short and memory is bounded. */
  records: SourceRecord[];
  /** Position after this batch; stored in the same transaction as its records. */
  cursor: Cursor;
  /** ISO instant of the source's clock up to which the stream is now complete; null while a page sequence is still open. */
  coveredUntil: string | null;
  lacks?: readonly Lack[];
};

/**
 * What a reading cannot show, for the operator: `hidden`, a field that its user may not see; `incomplete`, records that
 * the platform does not give. A `sentence` of null says that it is so no more.
 */
export type Lack = { subject: string; kind: 'hidden' | 'incomplete'; sentence: string | null };

/**
 * backfill: the whole history. realtime: what changed since the cursor. settle: closed windows read again.
 * sweep: complete id lists, for deletes that no feed shows.
 */
export type Lane = 'backfill' | 'realtime' | 'settle' | 'sweep';

/** What a batch came by: one of the lanes above, or `hinted`: the ids of a push, read again one by one. */
export type LoadedLane = Lane | 'hinted';

/**
 * A push says that a record changed; it is never believed, only followed. `gone`: it says that the record was
 * deleted, which is taken for true once the platform no longer shows it.
 */
export type Hint = { stream: string; id: string; gone?: boolean };

/** A push request as it came in, unread. */
export type WebhookRequest = {
  method: string;
  /** Where the platform may say it sent this to: behind a proxy the scheme cannot be known. Signed by some. */
  urls: readonly string[];
  headers: Readonly<Record<string, string | undefined>>;
  /** Signatures are over these very bytes. */
  body: Buffer;
};

/** `unsigned`: not from the platform, or too old to tell (401). `malformed`: signed, and not readable (400). */
export type WebhookReading =
  | { kind: 'read'; deliveryId: string; hints: readonly Hint[] }
  | { kind: 'unsigned' | 'malformed'; reason: string };

/** Tells the platform's own requests from others, and what they hint at. Touches nothing: no network, no database. */
export type Webhook = { read(request: WebhookRequest, now: Date): WebhookReading };

/** A list of changes that is pulled or listened to. Never needed for completeness: polling closes every gap. */
export type Feed = {
  /** As people call it, e.g. "Webhooks Journal". */
  title: string;
  /** From `position` on (null: from now on), for as long as the signal lets it. Hints and position are kept together. */
  follow(position: Cursor, context: FeedContext): AsyncIterable<{ hints: readonly Hint[]; position: Cursor }>;
};

/** What a mapping that settings may change is made of; rows are mapped anew when it differs from what they came by. */
export type MappingPrint = {
  print: string;
  /** Columns of the unified table that it gives. */
  columns: readonly string[];
};

export type Stream = {
  name: string;
  /** Where `unify` puts a record of this stream. */
  table: UnifiedTable;
  /** Lanes this stream has, in the order in which a full cycle runs them. */
  lanes: readonly Lane[];
  /** Of streams whose `unify` follows from settings. */
  mapping?: MappingPrint;
  /** Rows of these streams must be there first (edges of the job graph). */
  after?: readonly string[];
  /**
   * Map one payload (parsed) to its unified row; null when the record is no fact (a test record, an internal one).
   * Throws `RecordFault` with a reason in words when the record is malformed: it goes to quarantine, the rest goes on.
   */
  unify(raw: unknown): UnifiedRow | null;
};

/** A malformed record: the reason is shown to the operator in `herald quarantine list`. */
export class RecordFault extends Error {
  override name = 'RecordFault';
}

/** Working hours by name; "default" holds for tickets that name none. */
export type NamedSchedules = Readonly<Record<string, Schedule>>;

/** What a source is handed. Everything it needs of the world comes through here. */
export type ReadContext = {
  now: () => Date;
  signal: AbortSignal;
  /** The one HTTP door (platform/http.ts): deadline over the body, size cap, content check, pacing, classified errors. */
  fetch: GuardedFetch;
  log: { info(fields: object, message: string): void; warn(fields: object, message: string): void };
  /** Keep rotated tokens before their first use; load what was kept. */
  secrets: { load(name: string): Promise<string | null>; save(name: string, value: string): Promise<void> };
};

/** `wait` resolves after `ms` and rejects when the signal aborts. */
export type FeedContext = ReadContext & { wait: (ms: number) => Promise<void> };

export type Source = {
  /** Key in herald.yaml `sources` and value of `system` in unified rows. */
  name: string;
  /** As people call it. */
  title: string;
  pace: Pace;
  /** The platform's own reading of a refused reply (e.g. a 403 that means "daily limit"), for its guarded fetch. */
  classify?: Classify;
  /** What its replies' headers tell of its limits; feeds the pace and the daily guard. */
  readLimits?: ReadLimits;
  streams: readonly Stream[];
  /** Who are we there? Throws ReadFault. Used by `doctor` and before the first read. */
  check(context: ReadContext): Promise<{ identity: string; detail: string }>;
  /**
   * Told before a cycle what is going to be read, in this order, so that one call may ask for several. Asks nothing
   * yet; what comes otherwise than announced is read as ever.
   */
  prepare?(positions: readonly Position[]): void;
  /** Batches of one lane of one stream from `cursor` on. The consumer pulls: nothing is read ahead of what is stored. */
  read(stream: string, lane: Lane, cursor: Cursor, context: ReadContext): AsyncIterable<Batch>;
  /** For the hinted lane, which has no cursor and so can move none. */
  hinted?: {
    /** Streams that can be read by id. Hints of others are dropped. */
    streams: readonly string[];
    /**
     * These records as they are now, in batches of any size. What is not there is left out; what the platform itself
     * shows as deleted is a delete. @throws ReadFault
     */
    read(stream: string, ids: readonly string[], context: ReadContext): AsyncIterable<SourceRecord[]>;
  };
  /** Working hours as the system keeps them; asked once an hour. @throws ReadFault */
  schedules?(context: ReadContext): Promise<NamedSchedules>;
  /** Present when its settings ask for it. */
  feed?: Feed;
};
