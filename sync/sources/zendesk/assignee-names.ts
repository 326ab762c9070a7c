/** Names of the people to whom tickets are assigned: agents by one list, former ones (no agents any more) by id. */
import { readListPage } from './read-list.ts';
import { type Row, rowsOf } from './rows.ts';
import type { Reading } from './zendesk-stream.ts';

/** Most ids that one show_many takes. */
const idsPerCall = 100;

export type AssigneeNames = {
  /** Name by id, complete for `ids` as far as Zendesk knows them. */
  of(ids: Iterable<number>, reading: Reading): Promise<ReadonlyMap<number, string>>;
};

/** Asks nothing until a ticket with an assignee comes by; then remembers for one reading. */
export function createAssigneeNames(): AssigneeNames {
  const names = new Map<number, string>();
  const asked = new Set<number>();
  let hasAgents = false;

  const keep = (rows: Row[]) => {
    for (const row of rows) if (typeof row.name === 'string') names.set(row.id, row.name);
  };

  async function loadAgents(reading: Reading): Promise<void> {
    const list = { path: 'users', key: 'users', query: { 'role[]': ['agent', 'admin'] } };
    for (let after: string | null = null; ; ) {
      const page: { rows: Row[]; after: string | null } = await readListPage(reading, list, after);
      keep(page.rows);
      after = page.after;
      if (after === null) return;
    }
  }

  return {
    async of(ids, reading) {
      const wanted = [...new Set(ids)];
      if (wanted.length > 0 && !hasAgents) {
        await loadAgents(reading);
        hasAgents = true;
      }
      const unknown = wanted.filter((id) => !names.has(id) && !asked.has(id));
      for (let at = 0; at < unknown.length; at += idsPerCall) {
        const some = unknown.slice(at, at + idsPerCall);
        const reply = await reading.session.get(reading.context, 'users/show_many', { ids: some.join(',') });
        keep(rowsOf(reply, 'users'));
        for (const id of some) asked.add(id);
      }
      return names;
    },
  };
}
