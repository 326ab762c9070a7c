/** One CRM object as HubSpot shows it: live records by id and by modification, archived ones, and who was merged away. */
import type { Store, Stored } from '../../company/records.ts';
import { cachedByRevision, compareIds } from '../cached-by-revision.ts';

export const crmObjects = {
  contacts: {
    cursor: 'lastmodifieddate',
    basic: ['createdate', 'email', 'firstname', 'hs_object_id', 'lastmodifieddate', 'lastname'],
  },
  companies: {
    cursor: 'hs_lastmodifieddate',
    basic: ['createdate', 'domain', 'hs_lastmodifieddate', 'hs_object_id', 'name'],
  },
  deals: {
    cursor: 'hs_lastmodifieddate',
    basic: [
      'amount',
      'closedate',
      'createdate',
      'dealname',
      'dealstage',
      'hs_lastmodifieddate',
      'hs_object_id',
      'pipeline',
    ],
  },
} as const;

export type CrmObject = keyof typeof crmObjects;

export type CrmView = {
  object: CrmObject;
  live: Stored[];
  archived: Stored[];
  byModified: Stored[];
  /** Loser id → survivor id. */
  mergedInto: Map<string, string>;
  /** Survivor id → loser ids. */
  losers: Map<string, string[]>;
};

export function createCrmView(store: Store, object: CrmObject): () => CrmView {
  return cachedByRevision(store, object, () => {
    const live: Stored[] = [];
    const archived: Stored[] = [];
    const mergedInto = new Map<string, string>();
    const losers = new Map<string, string[]>();
    for (const stored of store.all(object)) {
      if (!stored.gone) live.push(stored);
      else if (stored.gone.how === 'archived' || stored.gone.how === 'deleted') archived.push(stored);
      else if (stored.gone.into !== undefined) {
        mergedInto.set(stored.id, stored.gone.into);
        losers.set(stored.gone.into, [...(losers.get(stored.gone.into) ?? []), stored.id]);
      }
    }
    const byId = (a: Stored, b: Stored) => compareIds(a.id, b.id);
    live.sort(byId);
    archived.sort(byId);
    const byModified = [...live].sort((a, b) => a.modifiedAt - b.modifiedAt || compareIds(a.id, b.id));
    return { object, live, archived, byModified, mergedInto, losers };
  });
}

/** Value of a property as search and read see it; undefined when HubSpot knows no such property. */
export function propertyOf(view: CrmView, stored: Stored, name: string): string | null | undefined {
  if (name === 'hs_object_id') return stored.id;
  if (name === crmObjects[view.object].cursor) return new Date(stored.modifiedAt).toISOString();
  const properties = (stored.record.properties ?? {}) as Record<string, string | null>;
  if (name === 'hs_merged_object_ids') {
    const merged = view.losers.get(stored.id);
    if (merged) return merged.join(';');
  }
  if (name === 'createdate') return properties.createdate ?? new Date(stored.createdAt).toISOString();
  return properties[name];
}

/** A record with the properties asked for (unknown ones are left out without a word), or the basic set. */
export function project(view: CrmView, stored: Stored, asked: readonly string[]): Record<string, unknown> {
  const { basic, cursor } = crmObjects[view.object];
  const names = asked.length > 0 ? new Set([...asked, 'createdate', 'hs_object_id', cursor]) : basic;
  const properties: Record<string, string | null> = {};
  for (const name of names) {
    const value = propertyOf(view, stored, name);
    if (value !== undefined) properties[name] = value;
  }
  return {
    id: stored.id,
    properties,
    createdAt: new Date(stored.createdAt).toISOString(),
    updatedAt: new Date(stored.modifiedAt).toISOString(),
    archived: stored.gone !== undefined,
    ...(stored.gone ? { archivedAt: new Date(stored.gone.at).toISOString() } : {}),
  };
}
