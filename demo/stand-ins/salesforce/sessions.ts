/** OAuth: client credentials and rotating refresh tokens for sessions that end. */
import { randomBytes } from 'node:crypto';

export type Sessions = {
  /** Answer of the token endpoint to a form. */
  grant(form: URLSearchParams, host: string): { status: number; body: object };
  isOpen(accessToken: string): boolean;
};

export function createSessions(options: {
  clientId: string;
  clientSecret: string;
  /** A user's refresh token, for the flows that have one. Each use replaces it. */
  refreshToken?: string;
  sessionMs: number;
  now: () => number;
}): Sessions {
  const { clientId, clientSecret, sessionMs, now } = options;
  const openUntil = new Map<string, number>();
  let refreshToken = options.refreshToken;

  const refuse = (error: string, error_description: string) => ({
    status: 400,
    body: { error, error_description },
  });

  return {
    grant(form, host) {
      if (form.get('client_id') !== clientId) return refuse('invalid_client_id', 'client identifier invalid');
      if (form.get('client_secret') !== clientSecret)
        return refuse('invalid_client', 'invalid client credentials');
      const type = form.get('grant_type');
      if (type !== 'client_credentials' && type !== 'refresh_token') {
        return refuse('unsupported_grant_type', 'grant type not supported');
      }
      if (type === 'refresh_token') {
        if (!refreshToken || form.get('refresh_token') !== refreshToken) {
          return refuse('invalid_grant', 'expired access/refresh token');
        }
        refreshToken = randomBytes(24).toString('base64url');
      }
      const accessToken = `00D5f000005Demo!${randomBytes(24).toString('base64url')}`;
      openUntil.set(accessToken, now() + sessionMs);
      // No expires_in: Salesforce does not tell when a session ends.
      const body = {
        access_token: accessToken,
        ...(type === 'refresh_token' ? { refresh_token: refreshToken } : {}),
        scope: 'api',
        instance_url: host,
        id: `${host}/id/00D5f000005DemoEAC/0055f00000DemoUAAZ`,
        token_type: 'Bearer',
        issued_at: String(now()),
      };
      return { status: 200, body };
    },
    isOpen: (accessToken) => (openUntil.get(accessToken) ?? 0) > now(),
  };
}
