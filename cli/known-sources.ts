import type { Config } from '../config.ts';

export type KnownSources = Readonly<Record<string, { title: string }>>;

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
    Object.entries(sources).map(([name, settings]) => [name, { title: titleFor(name, settings) }]),
  );
}

const titleFor = (name: string, settings: unknown) =>
  titles[name] ??
  (settings as { title?: string }).title ??
  `${name[0]!.toUpperCase()}${name.slice(1).replaceAll('_', ' ')}`;
