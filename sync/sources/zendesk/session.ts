/**
 * Authenticated calls through node-zendesk. Left alone it takes 502 and 504 for empty successes, hands 429 back as
 * data and never times out; so its transport is Herald's guarded fetch, which throws on all of them.
 */
import zendesk from 'node-zendesk';
import { HeraldError } from '../../../platform/errors.ts';
import { neverLog } from '../../../platform/log.ts';
import { type ReadContext, ReadFault } from '../../source.ts';

export type ZendeskSettings = {
  /** https://acme.zendesk.com */
  baseUrl: string;
  /** An OAuth client with the client credentials grant; or, until 30 April 2027, an API token. */
  clientId?: string;
  clientSecret?: string;
  email?: string;
  apiToken?: string;
  /** The account's own limits, when they are higher than the lowest tier's. */
  limits?: { perMinute: number; exportsPerMinute: number };
  /** Ids of the ticket fields that hold product and plan, where these are custom fields. */
  fields?: { product?: number; plan?: number };
};

export type ZendeskSession = {
  /** GET `path` below /api/v2: the parsed reply, an object. @throws ReadFault */
  get(
    context: ReadContext,
    path: string,
    query?: Record<string, string | string[]>,
  ): Promise<Record<string, unknown>>;
};

/** Renewed this long before the end: a page under way must not outlive its token. */
const renewAheadMs = 60_000;
/** Zendesk's default life of an access token, when the reply does not say. */
const standardLifeSeconds = 1_800;

type OAuth = { clientId: string; clientSecret: string };
type Basic = { email: string; apiToken: string };
type Access = { token: string; expiresAt: number };

export function createZendeskSession(settings: ZendeskSettings): ZendeskSession {
  const base = settings.baseUrl.replace(/\/+$/, '');
  const auth = authOf(settings);
  for (const secret of [settings.clientSecret, settings.apiToken]) neverLog(secret);
  let access: Access | null = null;
  let renewal: Promise<Access> | null = null;

  async function tokenFor(oauth: OAuth, context: ReadContext): Promise<string> {
    if (access && access.expiresAt - renewAheadMs > context.now().getTime()) return access.token;
    // One renewal at a time, whoever asks.
    renewal ??= grant(oauth, base, context).finally(() => {
      renewal = null;
    });
    access = await renewal;
    return access.token;
  }

  /** `token`: of OAuth. */
  async function send(
    context: ReadContext,
    url: string,
    token: string | null,
  ): Promise<Record<string, unknown>> {
    const client = zendesk.createClient({
      endpointUri: `${base}/api/v2`,
      throwOriginalException: true,
      transportConfig: transportOver(context),
      ...('clientId' in auth
        ? { oauth: true, token: token ?? '' }
        : { username: auth.email, token: auth.apiToken }),
    });
    // A whole URL is taken as it is. Built from parts, the client would add page[size]=100 to cursor exports.
    const { result } = await client.tickets.transporter.request('GET', url);
    if (typeof result === 'object' && result !== null && !Array.isArray(result))
      return result as Record<string, unknown>;
    throw new ReadFault('protocol', 'Zendesk answered with something other than an object');
  }

  return {
    async get(context, path, query = {}) {
      const url = `${base}/api/v2/${path}?${encode(query)}`;
      const token = 'clientId' in auth ? await tokenFor(auth, context) : null;
      try {
        return await send(context, url, token);
      } catch (thrown) {
        if (!isRefused(thrown)) throw thrown;
        if (!('clientId' in auth)) {
          throw new ReadFault(
            'auth_revoked',
            'Zendesk does not accept the API token (it was revoked or mistyped)',
            { cause: thrown },
          );
        }
        // Of twenty calls that are refused together, nineteen find that the first has renewed it.
        if (access?.token === token) access = null;
      }
      return send(context, url, await tokenFor(auth, context)).catch((thrown: unknown) => {
        if (!isRefused(thrown)) throw thrown;
        throw new ReadFault(
          'auth_revoked',
          'Zendesk refuses the token that it has just given: check that the OAuth client is active and has the scope read',
          { cause: thrown },
        );
      });
    },
  };
}

const isRefused = (thrown: unknown) => thrown instanceof ReadFault && thrown.kind === 'auth_expired';

function authOf({ clientId, clientSecret, email, apiToken }: ZendeskSettings): OAuth | Basic {
  if (clientId && clientSecret) return { clientId, clientSecret };
  if (email && apiToken) return { email, apiToken };
  throw new HeraldError(
    'setup',
    'Zendesk needs either `clientId` and `clientSecret` (of an OAuth client) or `email` and `apiToken`.',
  );
}

/** node-zendesk's transport: what it hands to fetch goes to ours, complete replies come back. */
function transportOver(context: ReadContext) {
  return {
    transportFn: async (url: string, init: { method: string; headers: Record<string, string> }) => {
      const bucket = new URL(url).pathname.startsWith('/api/v2/incremental/') ? 'exports' : 'default';
      const { status, headers, text } = await context.fetch(url, {
        method: init.method,
        headers: init.headers,
        bucket,
      });
      return { status, headers, statusText: '', json: async () => JSON.parse(text) as unknown };
    },
    responseAdapter: (response: unknown) => response,
  };
}

function encode(query: Record<string, string | string[]>): URLSearchParams {
  const pairs = Object.entries(query).flatMap(([name, value]) => [value].flat().map((each) => [name, each]));
  return new URLSearchParams(pairs);
}

async function grant({ clientId, clientSecret }: OAuth, base: string, context: ReadContext): Promise<Access> {
  const askedAt = context.now().getTime();
  const reply = await context
    .fetch(`${base}/oauth/tokens`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify({
        grant_type: 'client_credentials',
        client_id: clientId,
        client_secret: clientSecret,
        scope: 'read',
      }),
    })
    .catch((thrown: unknown) => {
      // 400 and 401 here say that the client is unknown, not that something ran out.
      if (!(thrown instanceof ReadFault) || (thrown.kind !== 'fatal' && thrown.kind !== 'auth_expired'))
        throw thrown;
      throw new ReadFault(
        'auth_revoked',
        'Zendesk refused the OAuth client: check `clientId` and `clientSecret`',
        { cause: thrown },
      );
    });
  const granted = JSON.parse(reply.text) as { access_token?: unknown; expires_in?: unknown };
  if (typeof granted.access_token !== 'string') {
    throw new ReadFault('protocol', 'Zendesk answered the token request without a token');
  }
  neverLog(granted.access_token);
  const seconds = typeof granted.expires_in === 'number' ? granted.expires_in : standardLifeSeconds;
  return { token: granted.access_token, expiresAt: askedAt + seconds * 1000 };
}
