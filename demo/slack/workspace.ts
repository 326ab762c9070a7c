/** The Slack workspace of the demo: stable ids, so that roles and channel classes can be configured for it. */

export const team = { id: 'T0DEMOCO01', name: 'Demo company', domain: 'demo' } as const;

export const bot = {
  userId: 'U0HERALD01',
  botId: 'B0HERALD01',
  appId: 'A0HERALD01',
  name: 'Herald',
} as const;

export type DemoPerson = {
  id: string;
  /** Login name, as slash commands carry it. */
  handle: string;
  name: string;
  role: 'executive' | 'manager' | 'analyst' | 'viewer';
  /** Their direct message with Herald. */
  dm: string;
};

export const people: readonly DemoPerson[] = [
  { id: 'U0ANNEXEC1', handle: 'ann', name: 'Ann Executive', role: 'executive', dm: 'D0ANNEXEC1' },
  { id: 'U0MOMANAG1', handle: 'mo', name: 'Mo Manager', role: 'manager', dm: 'D0MOMANAG1' },
  { id: 'U0ANAANAL1', handle: 'ana', name: 'Ana Analyst', role: 'analyst', dm: 'D0ANAANAL1' },
  { id: 'U0VICVIEW1', handle: 'vic', name: 'Vic Viewer', role: 'viewer', dm: 'D0VICVIEW1' },
];

export type DemoChannel = { id: string; name: string; topic: string; members: readonly string[] };

const [ann, mo, ana, vic] = people.map(({ id }) => id) as [string, string, string, string];

export const channels: readonly DemoChannel[] = [
  { id: 'C0EXECUTI1', name: 'executive', topic: 'Monday digest and board numbers', members: [ann, ana] },
  { id: 'C0SALES001', name: 'sales', topic: 'Pipeline, bookings, forecast', members: [ann, mo, ana] },
  { id: 'C0GENERAL1', name: 'general', topic: 'Everybody', members: [ann, mo, ana, vic] },
  {
    id: 'C0SUPALRT1',
    name: 'support-alerts',
    topic: 'Alerts about tickets and SLA',
    members: [ann, mo, ana],
  },
  { id: 'C0DATAOPS1', name: 'data-ops', topic: "Herald's own alerts: sources and data", members: [ann, ana] },
];

export const personById = (id: string): DemoPerson | null =>
  people.find((person) => person.id === id) ?? null;
export const channelById = (id: string): DemoChannel | null =>
  channels.find((channel) => channel.id === id) ?? null;
export const dmOwner = (channel: string): DemoPerson | null =>
  people.find(({ dm }) => dm === channel) ?? null;

/** Who reads a conversation; null when it does not exist. */
export function membersOf(channel: string): readonly string[] | null {
  const owner = dmOwner(channel);
  if (owner) return [owner.id, bot.userId];
  const found = channelById(channel);
  return found ? [...found.members, bot.userId] : null;
}
