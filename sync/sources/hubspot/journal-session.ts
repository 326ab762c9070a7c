/** Calls of the journal: an app's own token (client credentials), not the one that reads an account's records. */
import { HeraldError } from '../../../platform/errors.ts';
import { neverLog } from '../../../platform/log.ts';
import { type ReadContext, ReadFault } from '../../source.ts';

export type JournalSettings = { baseUrl: string; clientId: string; clientSecret: string; portalId?: string };

const renewAheadMs = 60_000;

export function journalSettings(settings: {
  baseUrl: string;
  clientId?: string;
  clientSecret?: string;
  portalId?: string;
}): JournalSettings {
  const { baseUrl, clientId, clientSecret, portalId } = settings;
  if (!clientId || !clientSecret)
    throw new HeraldError(
      'setup',
      'sources.hubspot.journal needs `clientId` and `clientSecret` of an app with the scope developer.webhooks_journal.read.',
    );
  return { baseUrl: baseUrl.replace(/\/+$/, ''), clientId, clientSecret, ...(portalId ? { portalId } : {}) };
}

export function createJournalSession({ baseUrl, clientId, clientSecret }: JournalSettings) {
  let access: { token: string; expiresAt: number } | null = null;

  async function tokenFor(context: ReadContext): Promise<string> {
    const now = context.now().getTime();
    if (access && access.expiresAt - renewAheadMs > now) return access.token;
    const form = new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: clientId,
      client_secret: clientSecret,
      scope: 'developer.webhooks_journal.read',
    });
    const reply = await context
      .fetch(`${baseUrl}/oauth/v3/token`, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
        body: form.toString(),
      })
      .catch((cause: unknown) => {
        if (!(cause instanceof ReadFault) || (cause.kind !== 'fatal' && cause.kind !== 'auth_expired'))
          throw cause;
        throw new ReadFault(
          'auth_revoked',
          'HubSpot gives this app no token for the journal: check clientId, clientSecret and the scope developer.webhooks_journal.read',
          { cause },
        );
      });
    const { access_token: token, expires_in: seconds } = JSON.parse(reply.text) as Record<string, unknown>;
    if (typeof token !== 'string' || typeof seconds !== 'number')
      throw new ReadFault('protocol', 'HubSpot answered the token request of the journal without a token');
    neverLog(token);
    access = { token, expiresAt: now + seconds * 1000 };
    return token;
  }

  return {
    /** The parsed reply; null for 204: nothing newer. @throws ReadFault; `cursor_expired` for a forgotten offset */
    async get(context: ReadContext, path: string): Promise<unknown> {
      for (let attempt = 0; ; attempt++) {
        try {
          const headers = { authorization: `Bearer ${await tokenFor(context)}`, accept: 'application/json' };
          const reply = await context.fetch(`${baseUrl}${path}`, { headers, bucket: 'journal' });
          return reply.status === 204 ? null : JSON.parse(reply.text);
        } catch (thrown) {
          if (!(thrown instanceof ReadFault)) throw thrown;
          if (thrown.status === 404)
            throw new ReadFault(
              'cursor_expired',
              'HubSpot no longer keeps the journal back to where it was left',
              {
                cause: thrown,
              },
            );
          if (thrown.kind !== 'auth_expired' || attempt > 0) throw thrown;
          access = null;
        }
      }
    },
  };
}
