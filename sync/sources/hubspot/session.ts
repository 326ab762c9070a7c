/** Authenticated calls: a private app's token, or OAuth access tokens renewed before they run out. */
import { HeraldError } from '../../../platform/errors.ts';
import { neverLog } from '../../../platform/log.ts';
import { type ReadContext, ReadFault } from '../../source.ts';
import { GuardedClient } from './guarded-client.ts';

export type HubspotSettings = {
  baseUrl: string;
  /** A private app's token; else all three of the OAuth app. */
  accessToken?: string;
  clientId?: string;
  clientSecret?: string;
  refreshToken?: string;
  /** HubSpot is the CRM of record: its deals are the company's. Beside Salesforce they would count twice. */
  deals?: boolean;
  /** The company's, in whose calendar deals are created and closed; default UTC. */
  timeZone?: string;
  /** Pull the Webhooks Journal; of one portal only where it is given. */
  journal?: boolean;
  portalId?: string;
  /** The account's own limits, when they are higher than the lowest tier's. */
  limits?: { per10s: number; searchPerSecond: number };
};

export type HubspotCall = {
  method?: 'GET' | 'POST';
  path: string;
  qs?: Record<string, string>;
  body?: Record<string, unknown>;
};

export type HubspotSession = {
  /** The parsed reply, an object. @throws ReadFault */
  call(context: ReadContext, call: HubspotCall): Promise<Record<string, unknown>>;
};

/** Renewed this long before the end: a page under way must not outlive its token. */
const renewAheadMs = 120_000;
/** OAuth v1 ends on 16 February 2027; the SDK's own token call still uses it. */
const tokenPath = '/oauth/v3/token';
const keptName = 'hubspot.refresh_token';

type OAuth = { clientId: string; clientSecret: string; refreshToken: string };
type Access = { token: string; expiresAt: number };

export function createHubspotSession(settings: HubspotSettings): HubspotSession {
  const basePath = settings.baseUrl.replace(/\/+$/, '');
  const oauth = oauthOf(settings);
  for (const secret of [settings.accessToken, settings.clientSecret, settings.refreshToken]) neverLog(secret);
  let access: Access | null = null;
  let renewal: Promise<Access> | null = null;

  async function tokenFor(context: ReadContext): Promise<string> {
    if (!oauth) return settings.accessToken!;
    if (access && access.expiresAt - renewAheadMs > context.now().getTime()) return access.token;
    // One renewal at a time, whoever asks.
    renewal ??= renew(oauth, basePath, context).finally(() => {
      renewal = null;
    });
    access = await renewal;
    return access.token;
  }

  async function send(
    context: ReadContext,
    call: HubspotCall,
    token: string,
  ): Promise<Record<string, unknown>> {
    const client = new GuardedClient({ basePath, accessToken: token }, context.fetch);
    return objectOf(await client.apiRequest(call), call.path);
  }

  return {
    async call(context, call) {
      const token = await tokenFor(context);
      try {
        return await send(context, call, token);
      } catch (thrown) {
        if (!isRefused(thrown)) throw thrown;
        if (!oauth) {
          throw new ReadFault(
            'auth_revoked',
            'HubSpot does not accept the access token (it was revoked or mistyped)',
            { cause: thrown },
          );
        }
        // Of twenty calls that are refused together, nineteen find that the first has renewed it.
        if (access?.token === token) access = null;
      }
      const renewed = await tokenFor(context);
      return send(context, call, renewed).catch((thrown: unknown) => {
        if (!isRefused(thrown)) throw thrown;
        throw new ReadFault(
          'auth_revoked',
          'HubSpot refuses the access that it has just renewed: connect the app again',
          { cause: thrown },
        );
      });
    },
  };
}

const isRefused = (thrown: unknown) => thrown instanceof ReadFault && thrown.kind === 'auth_expired';

function oauthOf({ accessToken, clientId, clientSecret, refreshToken }: HubspotSettings): OAuth | null {
  if (accessToken) return null;
  if (clientId && clientSecret && refreshToken) return { clientId, clientSecret, refreshToken };
  throw new HeraldError(
    'setup',
    'HubSpot needs either `accessToken` (of a private app) or `clientId`, `clientSecret` and `refreshToken` (of an OAuth app).',
  );
}

async function renew(oauth: OAuth, basePath: string, context: ReadContext): Promise<Access> {
  const kept = await context.secrets.load(keptName);
  if (kept === null) return exchange(oauth, oauth.refreshToken, basePath, context);
  try {
    return await exchange(oauth, kept, basePath, context);
  } catch (thrown) {
    // Whoever connects the app again writes a new token into the settings; the kept one is then of no use.
    const isDead = thrown instanceof ReadFault && thrown.kind === 'auth_revoked';
    if (!isDead || kept === oauth.refreshToken) throw thrown;
    return exchange(oauth, oauth.refreshToken, basePath, context);
  }
}

async function exchange(
  oauth: OAuth,
  refreshToken: string,
  basePath: string,
  context: ReadContext,
): Promise<Access> {
  const form = new URLSearchParams({
    grant_type: 'refresh_token',
    client_id: oauth.clientId,
    client_secret: oauth.clientSecret,
    refresh_token: refreshToken,
  });
  const askedAt = context.now().getTime();
  const client = new GuardedClient({ basePath }, context.fetch);
  const reply = await client
    .apiRequest({
      method: 'POST',
      path: tokenPath,
      authType: 'none',
      defaultJson: false,
      headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
      body: form.toString(),
    })
    .catch((thrown: unknown) => {
      // 400 and 401 here say that the app or its grant is gone, not that something ran out.
      if (!(thrown instanceof ReadFault) || (thrown.kind !== 'fatal' && thrown.kind !== 'auth_expired'))
        throw thrown;
      throw new ReadFault(
        'auth_revoked',
        'HubSpot refused to renew the access: connect the app again and put its new refresh token into HERALD_SOURCES_HUBSPOT_REFRESH_TOKEN',
        { cause: thrown },
      );
    });
  const granted = await objectOf(reply, tokenPath);
  const { access_token: token, expires_in: seconds, refresh_token: rotated } = granted;
  if (typeof token !== 'string' || typeof seconds !== 'number') {
    throw new ReadFault('protocol', 'HubSpot answered the token request without a token');
  }
  neverLog(token);
  // Kept before the new access token is first used: a lost rotated token locks us out.
  if (typeof rotated === 'string') {
    neverLog(rotated);
    await context.secrets.save(keptName, rotated);
  }
  return { token, expiresAt: askedAt + seconds * 1000 };
}

async function objectOf(response: Response, path: string): Promise<Record<string, unknown>> {
  const body: unknown = response.status === 204 ? null : await response.json();
  if (typeof body === 'object' && body !== null && !Array.isArray(body))
    return body as Record<string, unknown>;
  throw new ReadFault('protocol', `HubSpot (${path}) answered with something other than an object`);
}
