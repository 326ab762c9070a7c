/** OAuth: refresh_token grants only, access tokens of 30 minutes; or one static private-app token. */
import type { Exchange } from '../exchange.ts';
import { Refusal } from '../refusal.ts';
import { refuse } from './refuse.ts';

const lifeMs = 30 * 60_000;

export type HubspotAuth = {
  clientId: string;
  clientSecret: string;
  refreshToken: string;
  /** Each use replaces the refresh token. */
  rotates?: boolean;
  /** A private app's token: never expires. */
  accessToken?: string;
};

export function createTokens(auth: HubspotAuth, now: () => number) {
  let refreshToken = auth.refreshToken;
  const expiries = new Map<string, { at: number; use: 'records' | 'journal' }>();

  return {
    /** POST /oauth/…/token, form encoded. */
    grant({ headers, body }: Exchange): unknown {
      if (!headers['content-type']?.startsWith('application/x-www-form-urlencoded')) {
        throw refuse(415, 'VALIDATION_ERROR', 'The token endpoint takes form data.');
      }
      const form = new URLSearchParams(body);
      const isApp = form.get('grant_type') === 'client_credentials';
      if (!isApp && form.get('grant_type') !== 'refresh_token') {
        throw new Refusal(400, { status: 'BAD_GRANT_TYPE', message: 'missing or unknown grant_type' });
      }
      if (form.get('client_id') !== auth.clientId || form.get('client_secret') !== auth.clientSecret) {
        throw new Refusal(400, { status: 'BAD_CLIENT_ID', message: 'missing or unknown client id' });
      }
      if (isApp && !form.get('scope')?.split(' ').includes('developer.webhooks_journal.read')) {
        throw new Refusal(400, { status: 'BAD_SCOPE', message: 'missing or unknown scope' });
      }
      if (!isApp && form.get('refresh_token') !== refreshToken) {
        throw new Refusal(400, { status: 'BAD_REFRESH_TOKEN', message: 'missing or invalid refresh token' });
      }
      if (!isApp && auth.rotates) refreshToken = `hs-refresh-${expiries.size + 1}`;
      const token = `hs-access-${expiries.size + 1}`;
      expiries.set(token, { at: now() + lifeMs, use: isApp ? 'journal' : 'records' });
      return {
        token_type: 'bearer',
        access_token: token,
        ...(isApp ? {} : { refresh_token: refreshToken }),
        expires_in: lifeMs / 1000,
      };
    },

    /** An app's token reads the journal and no records; an account's the other way about. */
    check({ headers }: Exchange, use: 'records' | 'journal' = 'records'): void {
      const token = /^Bearer (.+)$/.exec(headers.authorization ?? '')?.[1];
      if (token === undefined) {
        throw refuse(401, 'INVALID_AUTHENTICATION', 'Authentication credentials not found.');
      }
      if (use === 'records' && auth.accessToken !== undefined && token === auth.accessToken) return;
      const known = expiries.get(token);
      if (known === undefined) {
        throw refuse(401, 'INVALID_AUTHENTICATION', 'The access token is invalid or was revoked.');
      }
      if (known.use !== use) {
        throw refuse(403, 'MISSING_SCOPES', 'This token has not the scopes that this call needs.');
      }
      if (known.at <= now()) {
        const seconds = Math.floor((now() - known.at) / 1000);
        throw refuse(
          401,
          'EXPIRED_AUTHENTICATION',
          `The OAuth token used to make this call expired ${seconds} second(s) ago.`,
        );
      }
    },
  };
}
