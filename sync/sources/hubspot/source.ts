/** HubSpot: contacts, companies, owners and marketing emails; deals and their stages where it is the CRM of record. */
import type { Batch, Cursor, Lane, ReadContext, Source } from '../../source.ts';
import { ReadFault } from '../../source.ts';
import { dateIn } from '../date-in.ts';
import { classifyHubspot } from './classify.ts';
import type { HubspotStream, Reading } from './hubspot-stream.ts';
import { createJournal } from './journal.ts';
import { journalSettings } from './journal-session.ts';
import { readHubspotLimits } from './limits.ts';
import { readHinted } from './read-hinted.ts';
import { readList } from './read-list.ts';
import { createLookups } from './read-lookups.ts';
import { readSweep } from './read-sweep.ts';
import { readRealtime, readSettle } from './read-window.ts';
import { createHubspotSession, type HubspotSettings } from './session.ts';
import { companies } from './streams/companies.ts';
import { contacts } from './streams/contacts.ts';
import { createDealStagesStream } from './streams/deal-stages.ts';
import { createDealsStream } from './streams/deals.ts';
import { marketingEmails } from './streams/marketing-emails.ts';
import { owners } from './streams/owners.ts';

export type { HubspotSettings } from './session.ts';

const always: readonly HubspotStream[] = [owners, companies, contacts, marketingEmails];

/** Limits of the lowest tier: 100 calls in any ten seconds, five searches in any second. */
const lowestTier = { per10s: 100, searchPerSecond: 5 };

export function createHubspotSource(settings: HubspotSettings): Source {
  const session = createHubspotSession(settings);
  const { per10s, searchPerSecond } = settings.limits ?? lowestTier;
  const completedAt = new Map<string, number>();
  const dayOf = (at: string | null) => dateIn(at, settings.timeZone ?? 'UTC');
  const lookups = createLookups();
  const streams = settings.deals
    ? [...always, createDealsStream(dayOf, lookups), createDealStagesStream(dayOf, lookups)]
    : always;

  return {
    name: 'hubspot',
    title: 'HubSpot',
    // A window of any ten seconds sees at most the burst and ten seconds' refill: a tenth and nine tenths of the limit.
    pace: {
      default: { perSecond: (per10s * 0.9) / 10, burst: Math.max(1, Math.floor(per10s * 0.1)) },
      // Counted apart; 100 a minute were said to be the most.
      journal: { perSecond: 1.5, burst: 5 },
      search: { perSecond: searchPerSecond - 1, burst: 1 },
    },
    classify: classifyHubspot,
    readLimits: readHubspotLimits,
    streams,

    async check(context) {
      const details = await session.call(context, { path: '/account-info/v3/details' });
      if (typeof details.portalId !== 'number') {
        throw new ReadFault('protocol', 'HubSpot answered the account request without a portal id');
      }
      return {
        identity: `portal ${details.portalId}`,
        detail: `${details.accountType ?? 'account'}, ${details.timeZone ?? 'no time zone'}`,
      };
    },

    read(name, lane, cursor, context) {
      const stream = streams.find((each) => each.name === name);
      if (!stream?.lanes.includes(lane))
        throw new ReadFault('fatal', `HubSpot has no lane ${lane} of a stream ${name}`);
      return readLane({ session, stream, context }, lane, cursor, completedAt);
    },

    ...(settings.journal ? { feed: createJournal(journalSettings(settings)) } : {}),

    hinted: {
      streams: streams.filter((stream) => stream.search && !stream.isDerived).map((stream) => stream.name),
      read(name, ids, context) {
        const stream = streams.find((each) => each.name === name)!;
        return readHinted({ session, stream, context }, ids);
      },
    },
  };
}

async function* readLane(
  reading: Reading,
  lane: Lane,
  cursor: Cursor,
  completedAt: Map<string, number>,
): AsyncGenerator<Batch> {
  const { stream } = reading;
  switch (lane) {
    case 'backfill':
    case 'realtime':
      if (stream.search === undefined) return yield* readSnapshot(reading);
      return yield* lane === 'backfill' ? readList(reading, cursor) : readRealtime(reading, cursor);
    case 'settle':
      return yield* readSettle(reading, cursor);
    case 'sweep':
      return yield* readSweep(reading, completedAt);
    default:
      lane satisfies never;
  }
}

/** A short list without a usable cursor: all of it, archived owners too. Begun anew each time. */
async function* readSnapshot(reading: Reading & { context: ReadContext }): AsyncGenerator<Batch> {
  const end = () => null;
  if (reading.stream.name === owners.name) {
    for await (const batch of readList(reading, null, { archived: true, end }))
      yield { ...batch, coveredUntil: null };
  }
  yield* readList(reading, null, { end });
}
