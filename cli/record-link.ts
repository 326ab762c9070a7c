/** Where a source record is seen in its own system. Null for systems without pages, and while an address is not known. */
import type { Origin } from '../kpi/read/lineage.ts';

/** What herald.yaml says of a source, as far as its pages' addresses depend on it. */
export type LinkSettings = { baseUrl?: string; portalId?: string | number; appId?: string };

/** Pages of each platform by unified table; ids are checked first, so that none can leave its place in the address. */
const pages: Record<string, (settings: LinkSettings, record: Origin) => string | null> = {
  // Any record's id alone leads to its page (Salesforce help: "Record URLs").
  salesforce: ({ baseUrl }, { id }) =>
    baseUrl && /^[A-Za-z0-9]{15,18}$/.test(id) ? `${baseUrl}/${id}` : null,
  // 0-1 and 0-2 are HubSpot's type ids of contacts and companies.
  hubspot({ portalId }, { table, id }) {
    const type = { person: '0-1', account: '0-2' }[table as string];
    return portalId && type && isNumber(id)
      ? `https://app.hubspot.com/contacts/${portalId}/record/${type}/${id}`
      : null;
  },
  zendesk({ baseUrl }, { table, id, parent }) {
    const page = { ticket: 'tickets', ticket_event: 'tickets', person: 'users', account: 'organizations' }[
      table as string
    ];
    const shown = table === 'ticket_event' ? parent : id;
    return baseUrl && page && shown && isNumber(shown) ? `${baseUrl}/agent/${page}/${shown}` : null;
  },
  intercom({ appId }, { table, id }) {
    const page = { conversation: 'inbox/inbox/all/conversations', person: 'users', account: 'companies' }[
      table as string
    ];
    return appId && page && /^[A-Za-z0-9-]+$/.test(id)
      ? `https://app.intercom.com/a/apps/${appId}/${page}/${id}`
      : null;
  },
};

const isNumber = (id: string) => /^\d+$/.test(id);

export function recordLink(record: Origin, sources: Readonly<Record<string, LinkSettings>>): string | null {
  const settings = Object.hasOwn(sources, record.system) ? sources[record.system] : undefined;
  const page = Object.hasOwn(pages, record.system) ? pages[record.system] : undefined;
  if (!settings || !page) return null;
  return page(
    { ...settings, ...(settings.baseUrl ? { baseUrl: settings.baseUrl.replace(/\/+$/, '') } : {}) },
    record,
  );
}
