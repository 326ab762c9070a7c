/** The Webhooks Journal: entries in order, each a file behind a signed address that wants no token; kept for three days. */
import { randomUUID } from 'node:crypto';
import type { Store, StoreChange, Stored } from '../../company/records.ts';
import type { Exchange } from '../exchange.ts';
import { Refusal } from '../refusal.ts';
import { refuse } from './refuse.ts';

const keptMs = 3 * 86_400_000;
const typeIds: Readonly<Record<string, string>> = { contacts: '0-1', companies: '0-2', deals: '0-3' };
const actions: Record<StoreChange['how'], string> = {
  created: 'CREATE',
  updated: 'UPDATE',
  deleted: 'DELETE',
  archived: 'DELETE',
  merged: 'MERGE',
  hard_deleted: 'GDPR_DELETE',
};

type Entry = { offset: string; at: number; signature: string; events: Record<string, unknown>[] };

export function createJournal(store: Store, now: () => number) {
  const entries: Entry[] = [];
  const kept = () => entries.filter((entry) => entry.at + keptMs > now());

  /** Records with their associations as they were last seen. */
  const known = new Map<string, { modifiedAt: number; associations: ReadonlySet<string> }>();
  const write = (events: Record<string, unknown>[]) =>
    entries.push({ offset: randomUUID(), at: now(), signature: randomUUID(), events });

  /** What was added to a record's associations and what went; true when nothing else changed. */
  function tellAssociations(change: StoreChange, fromObjectTypeId: string): boolean {
    const stored = store.get(change.object, change.id);
    if (!stored) return false;
    const key = `${change.object} ${change.id}`;
    const before = known.get(key);
    const associations = associationsOf(stored);
    known.set(key, { modifiedAt: stored.modifiedAt, associations });
    const seen = before?.associations ?? new Set<string>();
    const changed = [
      ...[...seen].filter((one) => !associations.has(one)),
      ...[...associations].filter((one) => !seen.has(one)),
    ];
    for (const one of changed) {
      const [object = '', id = ''] = one.split(' ');
      write([
        {
          type: 'association',
          portalId: 1_000_001,
          occurredAt: new Date(change.at).toISOString(),
          action: associations.has(one) ? 'ASSOCIATION_ADDED' : 'ASSOCIATION_REMOVED',
          fromObjectTypeId,
          fromObjectId: Number(change.id),
          toObjectTypeId: typeIds[object] ?? object,
          toObjectId: Number(id),
        },
      ]);
    }
    return changed.length > 0 && before?.modifiedAt === stored.modifiedAt;
  }

  store.watch((change) => {
    const objectTypeId = typeIds[change.object];
    if (!objectTypeId) return;
    if (tellAssociations(change, objectTypeId)) return;
    const merged = change.how === 'merged' ? { mergedObjectIds: [Number(change.id)] } : {};
    const event = {
      type: 'crmObject',
      portalId: 1_000_001,
      occurredAt: new Date(change.at).toISOString(),
      action: actions[change.how],
      objectTypeId,
      objectId: Number(change.into ?? change.id),
      ...merged,
    };
    write([event]);
  });

  const nothing = () => new Refusal(204, '');
  const shown = (entry: Entry | undefined, origin: string) => {
    if (!entry) throw nothing();
    return {
      url: `${origin}/journal-files/${entry.offset}?X-Amz-Signature=${entry.signature}`,
      expiresAt: new Date(now() + 3_600_000).toISOString(),
      currentOffset: entry.offset,
    };
  };

  return {
    /** GET /webhooks-journal/journal/2026-03/… */
    entry(path: string, { origin }: Exchange): unknown {
      if (path === 'earliest') return shown(kept()[0], origin);
      if (path === 'latest') return shown(kept().at(-1), origin);
      const offset = /^offset\/([\w-]+)\/next$/.exec(path)?.[1];
      const at = kept().findIndex((entry) => entry.offset === offset);
      if (at < 0) throw refuse(404, 'OBJECT_NOT_FOUND', 'The offset has expired or does not exist.');
      return shown(kept()[at + 1], origin);
    },
    /** GET /journal-files/{offset}: as an object store, which refuses two ways of proving who one is. */
    file(offset: string, { query, headers }: Exchange): unknown {
      if (headers.authorization !== undefined) throw new Refusal(400, 'Only one auth mechanism allowed');
      const entry = entries.find((each) => each.offset === offset);
      if (!entry || query.get('X-Amz-Signature') !== entry.signature) throw new Refusal(403, 'AccessDenied');
      return { offset, journalEvents: entry.events, publishedAt: new Date(entry.at).toISOString() };
    },
  };
}

/** "companies 90" */
function associationsOf({ record, gone }: Stored): ReadonlySet<string> {
  const all = (gone ? {} : (record.associations ?? {})) as Record<string, { id: string }[]>;
  return new Set(Object.entries(all).flatMap(([object, ids]) => ids.map(({ id }) => `${object} ${id}`)));
}
