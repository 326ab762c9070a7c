/** Zendesk: organizations, users, tickets and what happened to them. */
import type { Batch, Cursor, Lane, Source } from '../../source.ts';
import { ReadFault } from '../../source.ts';
import { readZendeskLimits } from './limits.ts';
import { readByCursor } from './read-cursor.ts';
import { readHinted } from './read-hinted.ts';
import { readByWindow, readIds, readSnapshot } from './read-list.ts';
import { readSchedules } from './read-schedules.ts';
import { readByTime } from './read-time.ts';
import { createZendeskSession, type ZendeskSettings } from './session.ts';
import { organizations } from './streams/organizations.ts';
import { satisfactionRatings, ticketEvents, ticketMetricEvents } from './streams/ticket-events.ts';
import { ticketsWith } from './streams/tickets.ts';
import { agents, users } from './streams/users.ts';
import type { Reading, ZendeskStream } from './zendesk-stream.ts';

export type { ZendeskSettings } from './session.ts';

/** Limits of the lowest tier, per minute. */
const lowestTier = { perMinute: 200, exportsPerMinute: 10 };

export function createZendeskSource(settings: ZendeskSettings): Source {
  const session = createZendeskSession(settings);
  const { perMinute, exportsPerMinute } = settings.limits ?? lowestTier;
  const completedAt = new Map<string, number>();
  const streams: readonly ZendeskStream[] = [
    organizations,
    users,
    agents,
    ticketsWith(settings.fields ?? {}),
    ticketMetricEvents,
    ticketEvents,
    satisfactionRatings,
  ];

  return {
    name: 'zendesk',
    title: 'Zendesk',
    // Exports count against both limits; whatever was configured, some calls must be left for the rest.
    pace: { default: within(Math.max(2, perMinute - exportsPerMinute)), exports: within(exportsPerMinute) },
    // A position that Zendesk no longer takes.
    classify: (status, _headers, text) => (status === 422 && /cursor/i.test(text) ? 'cursor_expired' : null),
    readLimits: readZendeskLimits,
    streams,

    async check(context) {
      const { user } = (await session.get(context, 'users/me')) as {
        user?: { id?: unknown; role?: unknown };
      };
      if (typeof user?.id !== 'number')
        throw new ReadFault('protocol', 'Zendesk answered the identity request without a user');
      return {
        identity: new URL(settings.baseUrl).host,
        detail: `user ${user.id} (${user.role ?? 'unknown role'})`,
      };
    },

    read(name, lane, cursor, context) {
      const stream = streams.find((each) => each.name === name);
      if (!stream?.lanes.includes(lane))
        throw new ReadFault('fatal', `Zendesk has no lane ${lane} of a stream ${name}`);
      return readLane({ session, stream, context }, lane, cursor, completedAt);
    },

    schedules: (context) => readSchedules(session, context),

    hinted: {
      streams: ['tickets', 'users', 'organizations'],
      read(name, ids, context) {
        const stream = streams.find((each) => each.name === name)!;
        return readHinted({ session, stream, context }, ids);
      },
    },
  };
}

/** Any minute sees at most the burst and a minute's refill: a fifth and four fifths of the limit. */
function within(perMinute: number): { perSecond: number; burst: number } {
  const burst = Math.max(1, Math.floor(perMinute / 5));
  return { perSecond: Math.max(1, perMinute - burst) / 60, burst };
}

/** Backfill and realtime are one road: the position where the first ends is where the second starts. */
function readLane(
  reading: Reading,
  lane: Lane,
  cursor: Cursor,
  completedAt: Map<string, number>,
): AsyncGenerator<Batch> {
  if (lane === 'sweep') return readIds(reading, completedAt);
  switch (reading.stream.reading) {
    case 'cursor':
      return readByCursor(reading, cursor);
    case 'time':
      return readByTime(reading, cursor);
    case 'window':
      return readByWindow(reading, cursor);
    case 'snapshot':
      return readSnapshot(reading);
    default:
      return reading.stream.reading satisfies never;
  }
}
