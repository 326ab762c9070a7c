/** What speaks against two accounts being one company. What an account does not say speaks against nothing. */
import type { AccountRow, Parts } from './keys.ts';

export type Evidence = {
  systems: readonly string[];
  forms: readonly string[];
  /** Whether it is called a holding: on one domain with its firm it is still another company. */
  holdings: readonly boolean[];
  hosts: readonly string[];
  mails: readonly string[];
  countries: readonly string[];
};

type Facet = keyof Evidence;

/** Countries by their English names and codes; what is written otherwise says nothing. */
const codes = new Map<string, string>();
const english = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' });
for (let at = 0; at < 26 * 26; at++) {
  const code = String.fromCharCode(65 + Math.floor(at / 26), 65 + (at % 26));
  const name = english.of(code);
  if (name === undefined) continue;
  codes.set(code, code);
  if (!codes.has(name.toUpperCase())) codes.set(name.toUpperCase(), code);
}
for (const [name, code] of [
  ['USA', 'US'],
  ['UK', 'GB'],
  ['ENGLAND', 'GB'],
  ['DEUTSCHLAND', 'DE'],
] as const)
  codes.set(name, code);

const some = <T>(value: T | null | undefined): T[] => (value === null || value === undefined ? [] : [value]);

export function evidenceOf({ system, country }: AccountRow, { name, form, domain, mail }: Parts): Evidence {
  return {
    systems: [system],
    forms: some(form),
    holdings: some(name === null ? null : / holdings?$/.test(name)),
    hosts: some(domain),
    mails: some(mail),
    countries: some(country && codes.get(country.trim().toUpperCase())),
  };
}

const joined = <T>(a: readonly T[], b: readonly T[]): readonly T[] =>
  b.every((each) => a.includes(each)) ? a : [...new Set([...a, ...b])];

export const together = (a: Evidence, b: Evidence): Evidence => ({
  systems: joined(a.systems, b.systems),
  forms: joined(a.forms, b.forms),
  holdings: joined(a.holdings, b.holdings),
  hosts: joined(a.hosts, b.hosts),
  mails: joined(a.mails, b.mails),
  countries: joined(a.countries, b.countries),
});

/** What may speak against a join that leans on a domain, and against one that leans on a name alone. */
const against = {
  domain: ['forms', 'holdings'],
  name: ['forms', 'mails', 'countries', 'hosts'],
} as const satisfies Record<string, readonly Facet[]>;

/**
 * Whether what they share besides may join them. Two accounts of one system are two customers: a parent and its
 * subsidiary share a domain. Two legal forms are two companies. By name alone, other sites, addresses or countries are
 * namesakes; those who share a domain may differ in these.
 */
export function mayBeOne(a: Evidence, b: Evidence, by: keyof typeof against): boolean {
  if (a.systems.some((system) => b.systems.includes(system))) return false;
  return against[by].every((facet) => agree(facet, a[facet], b[facet]));
}

function agree(facet: Facet, a: readonly unknown[], b: readonly unknown[]): boolean {
  if (a.length === 0 || b.length === 0) return true;
  if (facet !== 'hosts') return a.some((each) => b.includes(each));
  return a.some((one) => b.some((other) => isKin(String(one), String(other))));
}

/** acme.com and acme.de may be one company that has both; acme.de and acme.fr are two, acme.com and acmegroup.com may be anybody. */
function isKin(one: string, other: string): boolean {
  if (one === other) return true;
  const [a, b] = [split(one), split(other)];
  return a.label === b.label && (a.ending === b.ending || isGeneric(a.ending) || isGeneric(b.ending));
}

const isGeneric = (ending: string) => ending.length > 2 || ['eu', 'io', 'co', 'ai'].includes(ending);

/** What its owner chose and the country or kind: "acme" and "uk" of shop.acme.co.uk. */
function split(host: string): { label: string; ending: string } {
  const parts = host.split('.');
  const ending = parts.pop()!;
  const last = parts.at(-1)!;
  const isPublic = parts.length > 1 && /^(?:com?|org|net|gov|edu|ac|or|ne)$/.test(last);
  return { label: isPublic ? parts.at(-2)! : last, ending };
}
