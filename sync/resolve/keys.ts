/** What identifies a company across systems, strongest first; every key is a hash lookup, so matching is linear. */
import { domainToASCII } from 'node:url';
import { splitForm } from './legal-forms.ts';
import { isShared } from './shared-hosts.ts';

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

/** `both`: domain and name. A mail address at a shared host counts as a domain of its own. */
export type Strength = 'id' | 'both' | 'domain' | 'name';
export type Key = { strength: Strength; key: string; reason: string };

/** Filled in where there is no name. */
const placeholders = new Set(
  'test,unknown,none,n a,na,null,private,privat,individual,self employed,selbstandig,freelancer,default,no company,not provided,tbd'.split(
    ',',
  ),
);

/** Letters that are not another one with a mark on it, as they are written without them. */
const plainLetters: Record<string, string> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  å: 'a',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ı: 'i',
};

function wordsOf(name: string): string[] {
  return (
    name
      .toLowerCase()
      .replace(/[ßæœøåłđðþı]/g, (letter) => plainLetters[letter]!)
      .normalize('NFKD')
      .replace(/\p{M}/gu, '')
      .replace(/[&+]| (?:und|et|och|og) /g, ' and ')
      .replace(/[.'’`´/]/g, '')
      .replace(/[^\p{L}\p{N}]+/gu, ' ')
      .trim()
      // "s. r. o.", "z o.o.": letters that stand alone belong together.
      .replace(/(?<=^|\s)\p{L}(?: \p{L}(?=\s|$))+/gu, (letters) => letters.replaceAll(' ', ''))
      .split(' ')
  );
}

/** A name without its legal form, marks and case: "Müller & Söhne GmbH" is "muller and sohne". */
export const normaliseName = (name: string): string => splitForm(wordsOf(name)).core.join(' ');

/** A host as it is compared; null for one that many share. */
export function normaliseDomain(domain: string): string | null {
  const host = hostOf(domain);
  return host !== null && !isShared(host) ? host : null;
}

/** Turning a host is dear, and rarely needed. */
const isAscii = (text: string) => Buffer.byteLength(text) === text.length;

function hostOf(domain: string): string | null {
  const given = domain
    .trim()
    .toLowerCase()
    .replace(/^[a-z]+:\/\//, '')
    .split(/[/?#:]/)[0]!
    .replace(/^.*@/, '')
    .replace(/\.$/, '');
  const host = (isAscii(given) ? given : domainToASCII(given)).replace(
    /^(?:www\d?|e?mail|m|home)\.(?=[^.]+\.)/,
    '',
  );
  return host.includes('.') ? host : null;
}

/** What an account says of itself, taken apart once. */
export type Parts = {
  /** Its name without the legal form; null where that is no name. */
  name: string | null;
  form: string | null;
  /** The host of its site, else of its e-mail. */
  domain: string | null;
  /** Its e-mail where that is all it has: at a shared host the address tells one from another. */
  mail: string | null;
};

export function partsOf({ name, domain, email }: AccountRow): Parts {
  const { core, form } = name ? splitForm(wordsOf(name)) : { core: [], form: null };
  const site = domain ? normaliseDomain(domain) : null;
  const mailHost = site === null && email ? hostOf(email.split('@')[1] ?? '') : null;
  const isFree = mailHost !== null && isShared(mailHost);
  return {
    name: nameKeyOf(core.join(' ')),
    form,
    domain: site ?? (domain || isFree ? null : mailHost),
    mail: isFree ? email!.trim().toLowerCase() : null,
  };
}

export function keysOf(account: AccountRow, { name, domain, mail } = partsOf(account)): Key[] {
  const keys: Key[] = [{ strength: 'id', key: `${account.system}\u0000${account.id}`, reason: 'own id' }];
  for (const [system, id] of Object.entries(account.external_ids ?? {})) {
    if (id && !(system === account.system && id === account.id))
      keys.push({ strength: 'id', key: `${system}\u0000${id}`, reason: 'one system names the other' });
  }
  const names = name === null ? [] : [name];
  // Two spellings of one umlaut: the mark left out, and "ue".
  if (name !== null && /[äöü]/i.test(account.name!))
    names.push(normaliseName(account.name!.replace(/[äöü]/gi, (letter) => `${letter}e`)));
  if (domain) {
    for (const each of names)
      keys.push({ strength: 'both', key: `both\u0000${domain}\u0000${each}`, reason: `domain ${domain}` });
    keys.push({ strength: 'domain', key: `domain\u0000${domain}`, reason: `domain ${domain}` });
  }
  if (mail) keys.push({ strength: 'domain', key: `mail\u0000${mail}`, reason: `e-mail ${mail}` });
  for (const each of names) keys.push({ strength: 'name', key: `name\u0000${each}`, reason: `name ${each}` });
  return keys;
}

function nameKeyOf(core: string): string | null {
  // Two signs are a whole name in Chinese, and none in Latin.
  const isEnough = core.length >= 3 || /[\p{Script=Han}\p{Script=Katakana}\p{Script=Hangul}]/u.test(core);
  return isEnough && !placeholders.has(core) ? core : null;
}
