/** The demo's Teams tenant: the same four people as in its Slack. Ids are stable, so configuration may name them. */
import type { Role } from '../../bot/commands/command.ts';

export type DemoPerson = {
  /** Short name, used by the demo's page and tests. */
  handle: string;
  name: string;
  role: Role;
  /** The directory's id: what Herald knows the person by. */
  aadObjectId: string;
  /** The bot roster's id, which a 1:1 chat is opened with. */
  memberId: string;
};

export type DemoChannel = { id: string; name: string; members: readonly string[] };

export const tenantId = '5a1d0c3e-0000-4000-8000-00000000d300';

export const bot = { id: '28:herald-demo', name: 'Herald' } as const;

/** The app id that demo tokens are made out to. */
export const demoAppId = '5a1d0c3e-0000-4000-8000-0000000000b0';

const person = (handle: string, name: string, role: Role, n: number): DemoPerson => ({
  handle,
  name,
  role,
  aadObjectId: `5a1d0c3e-0000-4000-8000-00000000000${n}`,
  memberId: `29:demo-${handle}`,
});

export const people: readonly DemoPerson[] = [
  person('ann', 'Ann Executive', 'executive', 1),
  person('mo', 'Mo Manager', 'manager', 2),
  person('ana', 'Ana Analyst', 'analyst', 3),
  person('vic', 'Vic Viewer', 'viewer', 4),
];

export const channels: readonly DemoChannel[] = [
  { id: '19:demo-executive@thread.tacv2', name: 'executive', members: ['ann', 'ana'] },
  { id: '19:demo-sales@thread.tacv2', name: 'sales', members: ['ann', 'mo', 'ana'] },
  { id: '19:demo-general@thread.tacv2', name: 'general', members: ['ann', 'mo', 'ana', 'vic'] },
];

/** A person's private chat with the bot. */
export const directChat = (handle: string): string => `a:demo-${handle}`;
