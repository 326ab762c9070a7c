/**
 * Sessions at Salesforce through jsforce. One session is shared by all reads of a source. A 401 opens a new one
 * once per call: jsforce by itself would go on for ever (905 requests in 1.5 s were seen).
 */
import type { Connection, HttpRequest, TokenResponse } from 'jsforce';
import { type ReadContext, ReadFault } from '../../source.ts';
import { type Observed, replaceTransport } from './transport.ts';

export type SalesforceSettings = {
  /** The org's My Domain address, e.g. https://acme.my.salesforce.com. */
  baseUrl: string;
  clientId: string;
  clientSecret: string;
  /** REST API version; old ones hide newer fields. */
  apiVersion?: string;
  /** Currency of orgs that have only one: their records do not name it. */
  companyCurrency: string;
  /** The company's, in whose calendar a deal is created; default UTC. */
  timeZone?: string;
  /** Listen to Change Data Capture. */
  changeDataCapture?: boolean;
};

export const defaultApiVersion = '62.0';

/** Where a refresh token of a user's flow is kept; without one the client-credentials flow is used. */
export const refreshTokenSecret = 'salesforce.refresh_token';

/** Share of the daily calls that Herald uses at most: the rest is for the company's other applications. */
const budgetShare = 0.9;
/** How long a reading of the usage holds; then one call asks again. */
const budgetHoldMs = 15 * 60_000;

export type SalesforceClient = {
  /** GET a path below /services; JSON as the API gave it. Throws ReadFault. */
  get(path: string, headers?: Record<string, string>): Promise<unknown>;
  /** POST JSON that asks and changes nothing; answered as `get` is. */
  ask(path: string, body: object): Promise<unknown>;
  /** Path of the pinned API version. */
  root: string;
  organization(): string | null;
  usage(): { used: number; limit: number } | null;
  skewMs(): number;
  /** For what does not go through `get`: the streaming client holds a session of its own and cannot renew it. */
  credentials(): { instanceUrl: string; accessToken: string; version: string };
};

export function createSession(settings: SalesforceSettings): {
  open(context: ReadContext): Promise<SalesforceClient>;
} {
  const version = settings.apiVersion ?? defaultApiVersion;
  const observed: Observed = { skewMs: 0, calls: 0 };
  const state: {
    accessToken: string | null;
    instanceUrl: string;
    organization: string | null;
    signingIn: Promise<void> | null;
    usage: { used: number; limit: number; at: number } | null;
  } = { accessToken: null, instanceUrl: settings.baseUrl, organization: null, signingIn: null, usage: null };

  /** Open a session unless somebody else has replaced the stale one meanwhile. */
  async function signIn(connection: Connection, context: ReadContext, stale: string | null): Promise<string> {
    if (state.accessToken === null || state.accessToken === stale) {
      state.signingIn ??= requestSession(connection, context).finally(() => {
        state.signingIn = null;
      });
      await state.signingIn;
    }
    connection.instanceUrl = state.instanceUrl;
    connection.accessToken = state.accessToken;
    return state.accessToken ?? '';
  }

  async function requestSession(connection: Connection, context: ReadContext): Promise<void> {
    const kept = await context.secrets.load(refreshTokenSecret);
    const reply: TokenResponse = kept
      ? await connection.oauth2.refreshToken(kept)
      : await connection.oauth2.requestToken({ grant_type: 'client_credentials' });
    // Kept before its first use: a crash after that would leave us with a dead token.
    if (reply.refresh_token && reply.refresh_token !== kept)
      await context.secrets.save(refreshTokenSecret, reply.refresh_token);
    if (!reply.access_token)
      throw new ReadFault('protocol', 'Salesforce opened a session without an access token');
    state.accessToken = reply.access_token;
    state.instanceUrl = reply.instance_url ?? settings.baseUrl;
    state.organization = /\/id\/(\w+)\//.exec(reply.id ?? '')?.[1] ?? null;
  }

  function checkBudget(context: ReadContext): void {
    const { usage } = state;
    if (!usage || usage.used < usage.limit * budgetShare) return;
    const heldMs = usage.at + budgetHoldMs - context.now().getTime();
    if (heldMs <= 0) return;
    throw new ReadFault(
      'quota_exhausted',
      `${usage.used} of the org's ${usage.limit} daily Salesforce calls are used; Herald leaves the rest to other applications`,
      { retryAfterMs: heldMs },
    );
  }

  return {
    async open(context) {
      const { Connection } = await import('jsforce');
      const call = { renewals: 0, fault: null as unknown };
      const connection = new Connection({
        instanceUrl: state.instanceUrl,
        version,
        oauth2: {
          loginUrl: settings.baseUrl,
          clientId: settings.clientId,
          clientSecret: settings.clientSecret,
        },
        ...(state.accessToken === null ? {} : { accessToken: state.accessToken }),
        refreshFn: (conn, callback) => {
          const renewed =
            ++call.renewals > 1
              ? Promise.reject(
                  new ReadFault(
                    'auth_revoked',
                    'Salesforce refuses the session that it has just opened. Check that the app’s run-as user may use the API.',
                  ),
                )
              : signIn(conn as unknown as Connection, context, conn.accessToken ?? null);
          renewed.then(
            (token) => callback(null, token),
            (fault: unknown) => {
              // The SDK keeps only the message of what is handed to it.
              call.fault = fault;
              callback(fault as Error);
            },
          );
        },
      });
      replaceTransport(connection, context, observed);
      if (state.accessToken === null) await signIn(connection, context, null);
      if (observed.calls === 0)
        throw new ReadFault(
          'fatal',
          'jsforce no longer sends through the transport it was given; install the pinned version.',
        );

      const send = async (request: HttpRequest): Promise<unknown> => {
        checkBudget(context);
        Object.assign(call, { renewals: 0, fault: null });
        try {
          return await connection.request(request);
        } catch (thrown) {
          throw asFault(call.fault ?? thrown, context);
        } finally {
          const api = connection.limitInfo.apiUsage;
          if (api) state.usage = { ...api, at: context.now().getTime() };
        }
      };

      return {
        root: `/services/data/v${version}`,
        // A copy: the SDK writes its own headers, the token among them, into what it is given.
        get: (path, headers = {}) => send({ method: 'GET', url: path, headers: { ...headers } }),
        ask: (path, body) =>
          send({
            method: 'POST',
            url: path,
            headers: { 'content-type': 'application/json' },
            body: JSON.stringify(body),
          }),
        organization: () => state.organization,
        usage: () => state.usage,
        skewMs: () => observed.skewMs,
        credentials: () => ({
          instanceUrl: state.instanceUrl,
          accessToken: state.accessToken ?? '',
          version,
        }),
      };
    },
  };
}

/** Ours as it is; what the SDK throws by itself is a 401 that it holds for hopeless. */
function asFault(thrown: unknown, context: ReadContext): unknown {
  if (thrown instanceof ReadFault || context.signal.aborted) return thrown;
  const words = thrown instanceof Error ? thrown.message : String(thrown);
  return new ReadFault('auth_revoked', `Salesforce: ${words}`, { cause: thrown });
}
