/** OAuth: refresh_token grants only, access tokens of 30 minutes; or one static private-app token. */
import type { Exchange } from '../exchange.ts';
import { Refusal } from '../refusal.ts';
import { refuse } from './refuse.ts';

const lifeMs = 30 * 60_000;

export type HubspotAuth = {
  clientId: string;
  clientSecret: string;
  refreshToken: string;
  /** A private app's token: never expires. */
  accessToken?: string;
};

export function createTokens(auth: HubspotAuth, now: () => number) {
  const expiries = new Map<string, number>();

  return {
    /** POST /oauth/…/token, form encoded. */
    grant({ headers, body }: Exchange): unknown {
      if (!headers['content-type']?.startsWith('application/x-www-form-urlencoded')) {
        throw refuse(415, 'VALIDATION_ERROR', 'The token endpoint takes form data.');
      }
      const form = new URLSearchParams(body);
      if (form.get('grant_type') !== 'refresh_token') {
        throw new Refusal(400, { status: 'BAD_GRANT_TYPE', message: 'missing or unknown grant_type' });
      }
      if (form.get('client_id') !== auth.clientId || form.get('client_secret') !== auth.clientSecret) {
        throw new Refusal(400, { status: 'BAD_CLIENT_ID', message: 'missing or unknown client id' });
      }
      if (form.get('refresh_token') !== auth.refreshToken) {
        throw new Refusal(400, { status: 'BAD_REFRESH_TOKEN', message: 'missing or invalid refresh token' });
      }
      const token = `hs-access-${expiries.size + 1}`;
      expiries.set(token, now() + lifeMs);
      return {
        token_type: 'bearer',
        access_token: token,
        refresh_token: auth.refreshToken,
        expires_in: lifeMs / 1000,
      };
    },

    check({ headers }: Exchange): void {
      const token = /^Bearer (.+)$/.exec(headers.authorization ?? '')?.[1];
      if (token === undefined) {
        throw refuse(401, 'INVALID_AUTHENTICATION', 'Authentication credentials not found.');
      }
      if (auth.accessToken !== undefined && token === auth.accessToken) return;
      const expiresAt = expiries.get(token);
      if (expiresAt === undefined) {
        throw refuse(401, 'INVALID_AUTHENTICATION', 'The access token is invalid or was revoked.');
      }
      if (expiresAt <= now()) {
        const seconds = Math.floor((now() - expiresAt) / 1000);
        throw refuse(
          401,
          'EXPIRED_AUTHENTICATION',
          `The OAuth token used to make this call expired ${seconds} second(s) ago.`,
        );
      }
    },
  };
}
