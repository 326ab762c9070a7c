import { LRUCache } from 'lru-cache';
import type { Log } from '../../../platform/log.ts';
import type { SlackClient } from './slack-client.ts';

export type People = { name(id: string): Promise<string> };

/** Events bring a person's id only; the name is for greetings and the audit trail, so its absence stops nothing. */
export function createPeople(client: SlackClient, log: Log): People {
  const names = new LRUCache<string, string>({ max: 5_000 });
  return {
    async name(id) {
      const known = names.get(id);
      if (known !== undefined) return known;
      try {
        const { user } = await client.users.info({ user: id });
        const name = user?.real_name ?? user?.name ?? id;
        names.set(id, name);
        return name;
      } catch (thrown) {
        log.warn(
          { reason: thrown instanceof Error ? thrown.message : String(thrown) },
          'slack: name unknown',
        );
        return id;
      }
    },
  };
}
