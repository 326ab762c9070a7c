/** OAuth client credentials with tokens that expire, or the API token of old (Basic `email/token:token`). */
import type { Exchange } from '../exchange.ts';
import { refuse } from './refuse.ts';

export type ZendeskAuth = { clientId: string; clientSecret: string } | { token: string };

/** Zendesk's default and its bounds, seconds. */
const life = { standard: 1_800, least: 300, most: 172_800 };

export function createTokens(auth: ZendeskAuth, now: () => number) {
  const expiries = new Map<string, number>();

  return {
    /** POST /oauth/tokens */
    grant({ body }: Exchange): unknown {
      const asked = JSON.parse(body) as Record<string, unknown>;
      if (asked.grant_type !== 'client_credentials') {
        throw refuse(400, 'unsupported_grant_type', 'The authorization grant type is not supported.');
      }
      const isKnown =
        'clientId' in auth && asked.client_id === auth.clientId && asked.client_secret === auth.clientSecret;
      if (!isKnown) throw refuse(401, 'invalid_client', 'Client authentication failed.');
      const seconds = Number(asked.expires_in ?? life.standard);
      if (!(seconds >= life.least && seconds <= life.most)) {
        throw refuse(400, 'invalid_request', `expires_in must be between ${life.least} and ${life.most}`);
      }
      const token = `zd-access-${expiries.size + 1}`;
      expiries.set(token, now() + seconds * 1000);
      return { access_token: token, token_type: 'bearer', scope: asked.scope ?? 'read', expires_in: seconds };
    },

    check({ headers }: Exchange): void {
      const given = headers.authorization ?? '';
      const bearer = /^Bearer (.+)$/.exec(given)?.[1];
      if (bearer !== undefined && (expiries.get(bearer) ?? 0) > now()) return;
      if ('token' in auth && given.startsWith('Basic ')) {
        const pair = Buffer.from(given.slice(6), 'base64').toString('utf8');
        if (/^[^:]+@[^:]+\/token:/.test(pair) && pair.endsWith(`/token:${auth.token}`)) return;
      }
      if (bearer !== undefined) {
        throw refuse(
          401,
          'invalid_token',
          'The access token provided is expired, revoked, malformed or invalid for other reasons.',
        );
      }
      throw refuse(401, "Couldn't authenticate you", 'Authentication failed.');
    },
  };
}
