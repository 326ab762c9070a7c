import { HeraldError } from '../../../platform/errors.ts';

/**
 * Where tokens come from, when it is not Microsoft's public cloud: the demo's own issuer, or a sovereign cloud.
 * The framework reads either none of these or all of them, so all are given.
 */
export type AuthOverrides = {
  openIdMetadataUrl: string;
  issuer: string;
  /** Extra prefixes of `serviceUrl` that may be called, beside the public cloud's. */
  serviceUrls: readonly string[];
  /** Set by the demo: sent as the bearer token instead of asking Microsoft for one. */
  connectorToken?: string;
};

/** Hosts of the Teams connector, public and government clouds (learn.microsoft.com, "Send proactive messages"). */
const connectorHosts = [
  /^smba\.trafficmanager\.net$/,
  /^smba\.infra\.gcc\.teams\.microsoft\.com$/,
  /^smba\.infra\.gov\.teams\.microsoft\.us$/,
  /^smba\.infra\.dod\.teams\.microsoft\.us$/,
  /^[a-z0-9-]+\.botframework\.com$/,
];

/**
 * Our bearer token goes to `serviceUrl`, so only known hosts may name themselves there.
 * (A signed token vouches for the url as well; this holds even if an issuer's key leaks.)
 */
export function serviceUrlAllowed(
  serviceUrl: unknown,
  overrides: AuthOverrides | null,
): serviceUrl is string {
  if (typeof serviceUrl !== 'string' || !URL.canParse(serviceUrl)) return false;
  if (overrides?.serviceUrls.some((prefix) => serviceUrl.startsWith(prefix))) return true;
  const { protocol, hostname, username, port } = new URL(serviceUrl);
  return (
    protocol === 'https:' &&
    username === '' &&
    port === '' &&
    connectorHosts.some((host) => host.test(hostname))
  );
}

/** Throws `setup` when a production Herald would take tokens from anywhere but this machine or Microsoft. */
export function checkOverrides(overrides: AuthOverrides | null, production: boolean): void {
  if (!overrides || !production) return;
  for (const url of [overrides.openIdMetadataUrl, ...overrides.serviceUrls]) {
    if (!URL.canParse(url) || !isLoopback(new URL(url).hostname))
      throw new HeraldError(
        'setup',
        'Teams: the keys that replace the token issuer are for the local demo only. Remove them, or point them at 127.0.0.1.',
      );
  }
}

export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
}
