/** Where answers go: Slack, Teams and mail; and the cache. */
import type { Config } from '../../config.ts';
import type { Log } from '../../platform/log.ts';
import { type Finding, fault, ok, warning } from './finding.ts';

const PATIENCE_MS = 10_000;
/** As in docs/slack/manifest.yaml: without these, something a person can type does not work. */
const neededScopes = [
  'commands',
  'chat:write',
  'files:write',
  'app_mentions:read',
  'im:history',
  'im:write',
  'users:read',
];
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

type SlackReply = { ok?: boolean; error?: string; team?: string; user?: string };

/** Asks Slack who we are. */
export async function checkSlack({
  botToken,
  signingSecret,
  apiUrl,
}: NonNullable<Config['slack']>): Promise<Finding> {
  const name = 'Slack';
  if (!botToken.startsWith('xoxb-'))
    return fault(
      name,
      'setup',
      'slack.botToken is no bot token',
      'Copy the one that begins with xoxb- from "OAuth & Permissions".',
    );
  if (/\s/.test(signingSecret) || signingSecret.startsWith('xox'))
    return fault(
      name,
      'setup',
      'slack.signingSecret is no signing secret',
      'Copy it from "Basic Information → App Credentials".',
    );
  let reply: SlackReply;
  let scopes: string[];
  try {
    const response = await fetch(new URL('auth.test', apiUrl ?? 'https://slack.com/api/'), {
      method: 'POST',
      headers: { authorization: `Bearer ${botToken}` },
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    if (!response.ok)
      return fault(
        name,
        'upstream',
        `auth.test answered ${response.status}`,
        'Try again later; see status.slack.com.',
      );
    reply = (await response.json()) as SlackReply;
    scopes = (response.headers.get('x-oauth-scopes') ?? '')
      .split(',')
      .map((scope) => scope.trim())
      .filter(Boolean);
  } catch (error) {
    return fault(
      name,
      'upstream',
      `cannot be reached: ${reasonOf(error)}`,
      'Check the network, and slack.apiUrl if it is set.',
    );
  }
  if (!reply.ok)
    return fault(
      name,
      'setup',
      `refuses the token: ${reply.error ?? 'no reason'}`,
      'Install the app again and copy its bot token.',
    );
  const missing = scopes.length === 0 ? [] : neededScopes.filter((scope) => !scopes.includes(scope));
  const who = `${reply.user ?? 'bot'} in ${reply.team ?? 'the workspace'}`;
  return missing.length > 0
    ? warning(
        name,
        `${who}, without the scopes ${missing.join(', ')}`,
        'Take docs/slack/manifest.yaml as the app’s manifest and install it again.',
      )
    : ok(name, who);
}

/** Only the form: whether Microsoft knows the pair shows with the first message. */
export function checkTeams({ appId, tenantId }: NonNullable<Config['teams']>): Finding {
  const wrong = [
    ...(uuid.test(appId) ? [] : ['teams.appId is no UUID']),
    ...(tenantId === undefined || uuid.test(tenantId) ? [] : ['teams.tenantId is no UUID']),
  ];
  if (wrong.length > 0)
    return fault(
      'Teams',
      'setup',
      wrong.join('; '),
      'Copy both from the Azure bot’s configuration page (docs/connecting/teams.md).',
    );
  return tenantId === undefined
    ? warning(
        'Teams',
        'settings are well formed, any tenant is answered',
        'Set teams.tenantId to your own tenant.',
      )
    : ok('Teams', 'settings are well formed');
}

/** Chat platforms call us, so they need an address to call. */
export function checkPublicUrl(config: Config): Finding | null {
  if (!config.slack && !config.teams) return null;
  const { publicUrl } = config.server;
  const next =
    'Set server.publicUrl to the https address under which this server is reached from the internet.';
  if (!publicUrl)
    return warning('Address', 'server.publicUrl is not set: no private pictures, no links', next);
  return publicUrl.startsWith('https://')
    ? ok('Address', publicUrl)
    : fault('Address', 'setup', `${publicUrl} is not https`, next);
}

/** Connects and logs in; sends nothing. */
export async function checkMail(settings: NonNullable<Config['mail']>, log: Log): Promise<Finding> {
  const { createMailTransport } = await import('../../bot/transports/mail/transport.ts');
  const where = `${settings.host}:${settings.port}`;
  try {
    await createMailTransport({ ...settings, log, timeoutMs: PATIENCE_MS }).check();
    return ok('Mail', where);
  } catch (error) {
    const { code } = error as { code?: string };
    return code === 'EAUTH'
      ? fault('Mail', 'setup', `${where} refuses the login`, 'Check mail.user and HERALD_MAIL_PASSWORD.')
      : fault(
          'Mail',
          'upstream',
          `${where}: ${reasonOf(error)}`,
          'Check mail.host, mail.port and mail.secure, and that the server speaks TLS 1.3.',
        );
  }
}

export async function checkRedis(url: string): Promise<Finding> {
  const { Redis } = await import('ioredis');
  const client = new Redis(url, {
    lazyConnect: true,
    connectTimeout: PATIENCE_MS / 2,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  });
  let reason: string | null = null;
  // What went wrong comes as an event; the promise only says that the connection closed.
  client.on('error', (error) => {
    reason ??= reasonOf(error);
  });
  try {
    await client.connect();
    await client.ping();
    return ok('Redis', new URL(url).host);
  } catch (error) {
    const detail = `${new URL(url).host}: ${reason ?? reasonOf(error)}`;
    return /NOAUTH|WRONGPASS/.test(detail)
      ? fault('Redis', 'setup', detail, 'Check the password in REDIS_URL.')
      : warning('Redis', detail, 'Answers come without it, slower. Start it, or unset REDIS_URL.');
  } finally {
    client.disconnect();
  }
}

/** An error's words, or its code where it has none (fetch hides the reason in its cause). */
function reasonOf(error: unknown): string {
  const { message, code, cause } = error as {
    message?: string;
    code?: string;
    cause?: { code?: string; message?: string };
  };
  return cause?.code ?? code ?? cause?.message ?? message ?? 'unknown';
}
