/** Every source Herald can read, by its name in herald.yaml. Adding one is a folder beside this file and a line here. */
import { z } from 'zod';
import { HeraldError } from '../../platform/errors.ts';
import { neverLog } from '../../platform/log.ts';
import type { Source, Webhook } from '../source.ts';
import type { CustomSettings } from './custom/settings.ts';
import type { HubspotSettings } from './hubspot/session.ts';
import { inCompanyCurrency } from './in-company-currency.ts';

const address = z.url({ protocol: /^https?$/, error: 'must be an address that begins with https://' });
const text = z.string().min(1);
const shared = { schedule: z.string().optional() };

export type SourceInput = {
  name: string;
  settings: unknown;
  companyCurrency: string;
  /** The company's, for systems whose instants become calendar dates; default UTC. */
  timeZone?: string;
};

type Kind = {
  title: string;
  shape: z.ZodType;
  create(settings: never, input: SourceInput): Promise<Source>;
  /** Of systems that push: without the source's SDK, so that any process can take a push. */
  webhook?(secret: string): Promise<Webhook>;
};

/** SDKs are heavy: each is imported when its source is opened. */
const kinds: Record<string, Kind> = {
  salesforce: {
    title: 'Salesforce',
    shape: z.strictObject({
      ...shared,
      baseUrl: address,
      clientId: text,
      clientSecret: text,
      apiVersion: text.optional(),
      /** Listen to Change Data Capture: changes within seconds, where the org has it. */
      changeDataCapture: z.boolean().optional(),
      /** Its leads are counted: for whom no marketing platform keeps the same people. */
      leads: z.boolean().optional(),
    }),
    create: async (
      {
        leads = false,
        ...settings
      }: {
        baseUrl: string;
        clientId: string;
        clientSecret: string;
        apiVersion?: string;
        changeDataCapture?: boolean;
        leads?: boolean;
      },
      { companyCurrency, timeZone },
    ) =>
      countingLeads(
        (await import('./salesforce/create-salesforce-source.ts')).createSalesforceSource({
          ...settings,
          companyCurrency,
          ...(timeZone ? { timeZone } : {}),
        }),
        leads,
      ),
  },
  hubspot: {
    title: 'HubSpot',
    shape: z.strictObject({
      ...shared,
      baseUrl: address.default('https://api.hubapi.com'),
      /** For links to records: the number in the addresses of HubSpot's own pages. */
      portalId: z.union([z.int().transform(String), z.string().regex(/^\d+$/)]).optional(),
      accessToken: text.optional(),
      clientId: text.optional(),
      clientSecret: text.optional(),
      refreshToken: text.optional(),
      /** Client secret of the app whose webhooks come to /webhooks/hubspot. */
      webhookSecret: text.optional(),
      /** Pull the Webhooks Journal; needs clientId and clientSecret of an app that may read it. */
      journal: z.boolean().optional(),
      deals: z.boolean().optional(),
      limits: z.strictObject({ per10s: z.number(), searchPerSecond: z.number() }).optional(),
    }),
    create: async (settings: HubspotSettings, { timeZone }) =>
      (await import('./hubspot/source.ts')).createHubspotSource({
        ...settings,
        ...(timeZone ? { timeZone } : {}),
      }),
    webhook: async (secret) => (await import('./hubspot/webhook.ts')).createHubspotWebhook(secret),
  },
  zendesk: {
    title: 'Zendesk',
    shape: z
      .strictObject({
        ...shared,
        baseUrl: address,
        clientId: text.optional(),
        clientSecret: text.optional(),
        email: text.optional(),
        apiToken: text.optional(),
        /** Signing secret of the webhook that calls /webhooks/zendesk. */
        webhookSecret: text.optional(),
        limits: z.strictObject({ perMinute: z.number(), exportsPerMinute: z.number() }).optional(),
      })
      .loose(),
    create: async (settings: never) => (await import('./zendesk/source.ts')).createZendeskSource(settings),
    webhook: async (secret) => (await import('./zendesk/webhook.ts')).createZendeskWebhook(secret),
  },
  intercom: {
    title: 'Intercom',
    shape: z.strictObject({
      ...shared,
      baseUrl: address.default('https://api.intercom.io'),
      /** For links to records: what follows /a/apps/ in the addresses of Intercom's own pages. */
      appId: z
        .string()
        .regex(/^[a-z0-9]+$/i)
        .optional(),
      token: text,
      version: text.optional(),
      /** Read Intercom's tickets, too. */
      tickets: z.boolean().default(false),
      /** Client secret of the app whose webhooks come to /webhooks/intercom. */
      webhookSecret: text.optional(),
    }),
    create: async (settings: never) =>
      (await import('./intercom/create-intercom-source.ts')).createIntercomSource(settings),
    webhook: async (secret) => (await import('./intercom/webhook.ts')).createIntercomWebhook(secret),
  },
};

/** How people call a source: from the table, or the `title` an in-house one gives itself. */
export function titleOf(name: string, settings: unknown): string {
  const title = (settings as { title?: unknown } | null)?.title;
  return (
    kinds[name]?.title ??
    (typeof title === 'string' ? title : `${name[0]!.toUpperCase()}${name.slice(1).replaceAll('_', ' ')}`)
  );
}

/** The webhook of a source, or why it has none. Opens no connection and loads no SDK. */
export async function openWebhook(
  name: string,
  settings: unknown,
): Promise<{ webhook: Webhook } | { missing: 'source' | 'push' | 'secret' }> {
  if (settings === undefined) return { missing: 'source' };
  const kind = kinds[name];
  if (!kind?.webhook) return { missing: 'push' };
  const secret = (settings as { webhookSecret?: unknown } | null)?.webhookSecret;
  if (typeof secret !== 'string' || secret === '') return { missing: 'secret' };
  neverLog(secret);
  return { webhook: await kind.webhook(secret) };
}

/**
 * Salesforce's leads are mostly the same people as the marketing platform's contacts, and then count there alone. Where
 * it is the only one that knows them, they are marked as counted.
 */
function countingLeads(source: Source, leads: boolean): Source {
  const mapping = { print: leads ? 'counted' : 'not counted', columns: [] };
  const counted = (stream: Source['streams'][number]) => ({
    ...stream,
    mapping,
    unify(raw: unknown) {
      const row = stream.unify(raw);
      return row && leads ? { ...row, kind: 'marketing_lead' } : row;
    },
  });
  return {
    ...source,
    streams: source.streams.map((stream) => (stream.name === 'Lead' ? counted(stream) : stream)),
  };
}

/** Check a source's settings without opening it; every fault in words, each with its place. */
export async function checkSource({
  name,
  settings,
}: Pick<SourceInput, 'name' | 'settings'>): Promise<string[]> {
  const { schedule: _schedule, ...own } = (settings ?? {}) as Record<string, unknown>;
  const kind = kinds[name];
  if (!kind) return (await import('./custom/create-custom-source.ts')).faultsOfCustom(name, own);
  const parsed = kind.shape.safeParse(settings);
  return parsed.success
    ? []
    : parsed.error.issues.map((issue) => `sources.${[name, ...issue.path].join('.')}: ${issue.message}`);
}

/** Open a source. Throws `setup` with every fault of its settings. */
export async function openSource(input: SourceInput): Promise<Source> {
  const faults = await checkSource(input);
  if (faults.length > 0)
    throw new HeraldError(
      'setup',
      `The configuration of ${input.name} has faults:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`,
    );
  const { schedule: _schedule, ...own } = input.settings as Record<string, unknown>;
  return inCompanyCurrency(await create(own, input), input.companyCurrency);
}

async function create(own: Record<string, unknown>, input: SourceInput): Promise<Source> {
  const kind = kinds[input.name];
  // Parsed, not as written: an address that is left out has its default.
  if (kind) return kind.create(kind.shape.parse(own) as never, input);
  const { createCustomSource } = await import('./custom/create-custom-source.ts');
  return createCustomSource(input.name, own as CustomSettings, input);
}
