/** What identifies a company across systems, strongest first; every key is a hash lookup, so matching is linear. */

export type AccountRow = {
  system: string;
  id: string;
  name: string | null;
  domain: string | null;
  email: string | null;
  external_ids: Record<string, string> | null;
  country: string | null;
  region: string | null;
  segment: string | null;
  owner: string | null;
  source: string | null;
};

export type Key = { strength: 'id' | 'domain' | 'name'; key: string; reason: string };

/** Mail hosts that say nothing about the company. */
const publicHosts = new Set([
  'gmail.com',
  'googlemail.com',
  'outlook.com',
  'hotmail.com',
  'live.com',
  'yahoo.com',
  'icloud.com',
  'me.com',
  'aol.com',
  'gmx.de',
  'gmx.net',
  'web.de',
  'proton.me',
  'protonmail.com',
  'mail.com',
  'qq.com',
  '163.com',
]);

/** Legal forms and fillers that vary from system to system. */
const legalForms =
  /\b(inc|incorporated|llc|ltd|limited|plc|corp|corporation|co|company|gmbh|ag|kg|se|sa|sas|sarl|bv|nv|ab|oy|as|aps|spa|srl|pty|pte|kk|holding|holdings|group|the)\b/g;

export function normaliseName(name: string): string {
  return name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/&/g, ' and ')
    .replace(/[.'’]/g, '')
    .replace(/[^a-z0-9]+/g, ' ')
    .replace(legalForms, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}

export function normaliseDomain(domain: string): string | null {
  const host =
    domain
      .trim()
      .toLowerCase()
      .replace(/^[a-z]+:\/\//, '')
      .replace(/^www\./, '')
      .split(/[/?#:]/)[0] ?? '';
  return host.includes('.') && !publicHosts.has(host) ? host : null;
}

export function keysOf(account: AccountRow): Key[] {
  const keys: Key[] = [{ strength: 'id', key: `${account.system}\u0000${account.id}`, reason: 'own id' }];
  for (const [system, id] of Object.entries(account.external_ids ?? {})) {
    if (id && !(system === account.system && id === account.id))
      keys.push({ strength: 'id', key: `${system}\u0000${id}`, reason: `names ${system} ${id}` });
  }
  const domain = account.domain
    ? normaliseDomain(account.domain)
    : account.email
      ? normaliseDomain(account.email.split('@')[1] ?? '')
      : null;
  if (domain) keys.push({ strength: 'domain', key: `domain\u0000${domain}`, reason: `domain ${domain}` });
  const name = account.name ? normaliseName(account.name) : '';
  if (name.length >= 3) keys.push({ strength: 'name', key: `name\u0000${name}`, reason: `name "${name}"` });
  return keys;
}
