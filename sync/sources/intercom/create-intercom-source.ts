/** Intercom: teammates, companies, contacts, conversations and, where they are wanted, tickets. */
import { type Cursor, ReadFault, type Source } from '../../source.ts';
import type { IntercomStream, SearchCursor } from './intercom-stream.ts';
import { readIntercomLimits } from './limits.ts';
import { hintedOf, readHinted } from './read-hinted.ts';
import { classifyIntercom, type IntercomSettings, openSession } from './session.ts';
import { admins } from './streams/admins.ts';
import { createCompanies } from './streams/companies.ts';
import { contacts } from './streams/contacts.ts';
import { createConversations } from './streams/conversations.ts';
import { ticketChanges, tickets } from './streams/tickets.ts';

export type { IntercomSettings } from './session.ts';

export function createIntercomSource(settings: IntercomSettings): Source {
  const streams: readonly IntercomStream[] = [
    admins,
    createCompanies(),
    contacts,
    createConversations(isAtLeast216(settings.version ?? '2.14')),
    ...(settings.tickets ? [tickets, ticketChanges] : []),
  ];
  return {
    name: 'intercom',
    title: 'Intercom',
    // 10,000 calls a minute for an app, counted in slices of ten seconds (1,666): one slice never sees more than 900.
    pace: { default: { perSecond: 80, burst: 100 } },
    classify: classifyIntercom,
    readLimits: readIntercomLimits,
    streams,

    async check(context) {
      const me = await openSession(settings, context).get('/me');
      const app = me.app as { id_code?: unknown; name?: unknown; timezone?: unknown } | null | undefined;
      if (typeof app?.id_code !== 'string')
        throw new ReadFault('protocol', 'Intercom answered "who am I" without a workspace');
      return {
        identity: `workspace ${app.id_code}`,
        detail: `${app.name ?? 'no name'}, ${app.timezone ?? 'no time zone'}`,
      };
    },

    read(name, lane, cursor, context) {
      const stream = streams.find((each) => each.name === name);
      if (!stream?.lanes.includes(lane))
        throw new ReadFault('fatal', `Intercom has no lane ${lane} of a stream ${name}`);
      return stream.read(lane, toCursor(cursor), { session: openSession(settings, context), context });
    },

    hinted: {
      streams: hintedOf(streams),
      read(name, ids, context) {
        const reading = { session: openSession(settings, context), context };
        const refine = streams.find((each) => each.name === name)?.refine?.(reading);
        return readHinted(name, ids, reading, refine ?? ((items) => items));
      },
    },
  };
}

function isAtLeast216(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > 2 || (major === 2 && minor >= 16);
}

function toCursor(cursor: Cursor): SearchCursor & { readAt?: number } {
  return cursor ?? {};
}
