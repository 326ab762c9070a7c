import { type Item, idOf, type Reading } from './intercom-stream.ts';
import { listAdmins } from './streams/admins.ts';

/** A conversation or ticket has its assignee's number only; the name is looked up once a reading. */
export function withAssignee(reading: Reading): (items: Item[]) => Promise<Item[]> {
  let names: Promise<Map<string, string>> | null = null;
  return async (items) => {
    if (items.length === 0) return items;
    names ??= namesOf(reading);
    const known = await names;
    return items.map((item) => ({
      ...item,
      admin_assignee_name: known.get(String(item.admin_assignee_id)) ?? null,
    }));
  };
}

async function namesOf(reading: Reading): Promise<Map<string, string>> {
  const admins = await listAdmins(reading);
  return new Map(
    admins.flatMap((admin) => (typeof admin.name === 'string' ? [[idOf(admin), admin.name]] : [])),
  );
}
