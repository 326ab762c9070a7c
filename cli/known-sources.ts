import type { Config } from '../config.ts';

type Fills = Readonly<Record<string, readonly string[]>>;

/** What each fills (kpi/freshness.ts) is not told of the demo's: their settings are made when it runs. */
export type KnownSources = Readonly<Record<string, { title: string; fills?: Fills }>>;

/** In-house and built-in systems of the demo company; the running demo fills in their addresses. */
const demoSources: KnownSources = {
  billing: { title: 'Billing' },
  salesforce: { title: 'Salesforce' },
  hubspot: { title: 'HubSpot' },
  zendesk: { title: 'Zendesk' },
  intercom: { title: 'Intercom' },
  finance_files: { title: 'Finance files' },
};

const titles: Record<string, string> = {
  salesforce: 'Salesforce',
  hubspot: 'HubSpot',
  zendesk: 'Zendesk',
  intercom: 'Intercom',
};

/** The sources a configuration names, as people call them. */
export function knownSources({ mode, sources }: Pick<Config, 'mode' | 'sources'>): KnownSources {
  if (mode === 'demo') return demoSources;
  return Object.fromEntries(
    Object.entries(sources).map(([name, settings]) => [
      name,
      { title: titleFor(name, settings), fills: fillsOf(name, settings) },
    ]),
  );
}

const all = ['*'];

/** Intercom's tickets have no ratings and no service levels; what follows from their events is theirs, too. */
const intercomTicket = [
  'subject status owner priority channel product created_at first_replied_at first_solved_at solved_at replies reopens',
  'from_events followed first_reply_business_seconds first_solution_business_seconds resolution_business_seconds',
].flatMap((names) => names.split(' '));
const intercomTicketEvent =
  'ticket_id metric kind value at until owner product channel priority late orphan deleted'.split(' ');

/**
 * Whose facts each platform answers for, kept here so that a question need not load its connector. People of support
 * systems have no way through the funnel; HubSpot's deals and Salesforce's leads count where the settings ask for them.
 */
const platforms: Readonly<Record<string, (settings: Record<string, unknown>) => Fills>> = {
  salesforce: ({ leads }) => ({
    account: all,
    deal: all,
    deal_stage: all,
    campaign: all,
    touch: all,
    activity: all,
    quota: all,
    forecast: all,
    ...(leads ? { person: ['lead_at', 'source', 'created_at'] } : {}),
  }),
  hubspot: ({ deals }) => ({
    account: all,
    person: all,
    email_send: all,
    ...(deals ? { deal: all, deal_stage: all } : {}),
  }),
  zendesk: () => ({ ticket: all, ticket_event: all }),
  intercom: ({ tickets }) => ({
    conversation: all,
    ...(tickets ? { ticket: intercomTicket, ticket_event: intercomTicketEvent } : {}),
  }),
};

function fillsOf(name: string, settings: unknown): Fills {
  const platform = platforms[name];
  if (platform) return platform(settings as Record<string, unknown>);
  const fills: Record<string, string[]> = {};
  const { streams } = settings as { streams?: Record<string, { entity?: unknown; map?: object }> };
  for (const { entity, map } of Object.values(streams ?? {}))
    if (typeof entity === 'string') fills[entity] = [...(fills[entity] ?? []), ...Object.keys(map ?? {})];
  return fills;
}

const titleFor = (name: string, settings: unknown) =>
  titles[name] ??
  (settings as { title?: string }).title ??
  `${name[0]!.toUpperCase()}${name.slice(1).replaceAll('_', ' ')}`;
