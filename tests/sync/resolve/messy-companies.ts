/**
 * Accounts of four systems as people keep them, with the customer that each truly is: legal forms of many countries or
 * none, umlauts written three ways, slips of the pen, namesakes, subsidiaries and holdings on their parent's domain,
 * companies bought by others, sole traders with free mail. Every share is said here; the same each time.
 */
import { createRandom } from '../../../demo/company/random.ts';
import type { AccountRow } from '../../../sync/resolve/keys.ts';

export type Labelled = { customer: number; row: AccountRow };

type Country = { name: string; tld: string; forms: readonly (readonly string[])[] };
/** Each form as it is written in different places. */
const countries: readonly Country[] = [
  {
    name: 'United States',
    tld: 'com',
    forms: [
      ['Inc.', 'Inc', 'Incorporated'],
      ['LLC', 'L.L.C.'],
      ['Corp.', 'Corporation'],
    ],
  },
  {
    name: 'United Kingdom',
    tld: 'co.uk',
    forms: [
      ['Ltd', 'Ltd.', 'Limited'],
      ['plc', 'PLC'],
    ],
  },
  {
    name: 'Germany',
    tld: 'de',
    forms: [['GmbH', 'GMBH', 'G.m.b.H.'], ['AG'], ['GmbH & Co. KG', 'GmbH & Co KG', 'GmbH und Co. KG']],
  },
  {
    name: 'France',
    tld: 'fr',
    forms: [
      ['SAS', 'S.A.S.'],
      ['SARL', 'S.à r.l.', 'S.A.R.L.'],
      ['SA', 'S.A.'],
    ],
  },
  {
    name: 'Netherlands',
    tld: 'nl',
    forms: [
      ['B.V.', 'BV'],
      ['N.V.', 'NV'],
    ],
  },
  {
    name: 'Poland',
    tld: 'pl',
    forms: [
      ['Sp. z o.o.', 'sp. z o. o.', 'Sp z oo'],
      ['S.A.', 'SA'],
    ],
  },
  {
    name: 'Czechia',
    tld: 'cz',
    forms: [
      ['s.r.o.', 's. r. o.', 'sro'],
      ['a.s.', 'a. s.'],
    ],
  },
  {
    name: 'Italy',
    tld: 'it',
    forms: [
      ['S.r.l.', 'Srl', 'SRL'],
      ['S.p.A.', 'SpA'],
    ],
  },
  { name: 'Sweden', tld: 'se', forms: [['AB', 'Aktiebolag']] },
  { name: 'Denmark', tld: 'dk', forms: [['A/S', 'AS'], ['ApS']] },
  { name: 'Brazil', tld: 'com.br', forms: [['Ltda.', 'Ltda', 'LTDA']] },
  { name: 'Australia', tld: 'com.au', forms: [['Pty Ltd', 'Pty. Ltd.', 'Pty Limited']] },
  {
    name: 'Japan',
    tld: 'jp',
    forms: [
      ['K.K.', 'KK'],
      ['Co., Ltd.', 'Co Ltd'],
    ],
  },
  { name: 'Russia', tld: 'ru', forms: [['ООО', 'OOO']] },
];
const heads =
  'Nord Süd Blau Müller Grün Straß Ørst Håkan Lumen Orbit Cedar Harbor Quill Ember Falcon Granit Indigo Juno Kestrel Lotus Mistral Nimbus Onyx Prisma Quartz Raven Solar Tempo Umbra Vela Willow Xenon Zephyr Bären Łuk Peña Caña Été'.split(
    ' ',
  );
const tails =
  'werk bau soft data tech media logistik foods labs energy trans metall print port care design systems partner textil optik'.split(
    ' ',
  );
const fields = ['', '', '', ' Consulting', ' Software', ' & Söhne', ' & Partners', ' Services', ' Trading'];
const firstNames = 'Anna Ben Clara David Eva Frank Grace Hugo Iris Jan'.split(' ');
const lastNames = 'Smith Müller Rossi Novak Jansen Silva Kowalski Martin'.split(' ');
const freeHosts = [
  'gmail.com',
  'yahoo.co.uk',
  'hotmail.fr',
  'gmx.at',
  'web.de',
  't-online.de',
  'libero.it',
  'wp.pl',
];
const systems = [
  ['salesforce', 0.95],
  ['billing', 0.7],
  ['hubspot', 0.6],
  ['zendesk', 0.5],
] as const;

type Customer = {
  stem: string;
  /** Told apart from its parent by this, in every system. */
  suffix: string;
  country: Country;
  form: readonly string[] | null;
  hosts: string[];
  mail: string | null;
  /** Host under which some of its records stand since it was bought. */
  bought: string | null;
};

const plain = (text: string) =>
  text
    .toLowerCase()
    .replace(/ü/g, 'ue')
    .replace(/ö/g, 'oe')
    .replace(/ä/g, 'ae')
    .replace(/ß/g, 'ss')
    .replace(/ø/g, 'o')
    .replace(/å/g, 'a')
    .replace(/ł/g, 'l')
    .normalize('NFKD')
    .replace(/[^a-z0-9]/g, '');

export function messyCompanies(count: number, seed = 20_261_122): Labelled[] {
  const { next: random, chance, pick, int } = createRandom(seed, 'messy companies');
  const customers: Customer[] = [];
  const used = new Set<string>();
  while (customers.length < count) {
    const country = pick(countries);
    if (chance(0.08)) {
      const stem = `${pick(firstNames)} ${pick(lastNames)}`;
      const mail = `${plain(stem)}${int(1000)}@${pick(freeHosts)}`;
      customers.push({ stem, suffix: '', country, form: null, hosts: [], mail, bought: null });
      continue;
    }
    const stem = `${pick(heads)}${pick(tails)}${pick(fields)}`;
    const label = plain(stem);
    // Namesakes are other companies elsewhere, on another domain: one in some thirty, as stems run out.
    const host = used.has(`${label}.${country.tld}`)
      ? `${label}-${plain(country.name)}${customers.length}.com`
      : `${label}.${country.tld}`;
    used.add(host);
    const hosts = chance(0.06)
      ? [host, `${label}${used.has(`${label}.com`) ? `-${customers.length}` : ''}.com`]
      : [host];
    for (const each of hosts) used.add(each);
    const parent: Customer = {
      stem,
      suffix: '',
      country,
      form: pick(country.forms),
      hosts,
      mail: null,
      bought: null,
    };
    customers.push(parent);
    if (chance(0.06))
      for (let n = chance(0.3) ? 2 : 1; n > 0; n--) {
        const land = pick(countries.filter((other) => other !== country));
        customers.push({ ...parent, suffix: ` ${land.name}`, country: land, form: pick(land.forms) });
      }
    if (chance(0.02)) customers.push({ ...parent, suffix: pick([' Holding', ' Group', ' Holdings']) });
    if (chance(0.01) && customers.length > 3)
      customers.at(-1)!.bought = pick(customers.slice(0, -1)).hosts[0] ?? null;
  }
  const labelled: Labelled[] = [];
  for (const [customer, it] of customers.entries()) {
    const salesforce = `001${customer}`;
    let inSalesforce = false;
    for (const [system, share] of systems) {
      if (!chance(share)) continue;
      inSalesforce ||= system === 'salesforce';
      const host = it.bought && chance(0.3) ? it.bought : chance(0.7) ? it.hosts[0] : pick(it.hosts);
      const asMail = host !== undefined && chance(0.15);
      const told = host !== undefined && chance(0.85);
      const row: AccountRow = {
        system,
        id: system === 'salesforce' ? salesforce : `${system[0]}${customer}`,
        name: written(it),
        domain: told && !asMail ? website(host) : null,
        email: it.mail && chance(0.7) ? it.mail : told && asMail ? `Info@${host}` : null,
        external_ids: system === 'billing' && inSalesforce && chance(0.4) ? { salesforce } : null,
        country: chance(0.7) ? it.country.name : null,
        region: null,
        segment: null,
        owner: null,
        source: null,
      };
      labelled.push({ customer, row });
    }
  }
  return labelled;

  function website(host: string): string {
    return pick([
      host,
      host,
      `www.${host}`,
      `https://www.${host}/`,
      `http://${host}/en/about?x=1`,
      host.toUpperCase(),
      `mail.${host}`,
    ]);
  }

  function written({ stem, suffix, form }: Customer): string {
    let core = stem;
    const spelling = random();
    if (spelling < 0.2)
      core = core
        .replace(/ü/g, 'ue')
        .replace(/ö/g, 'oe')
        .replace(/ä/g, 'ae')
        .replace(/ß/g, 'ss')
        .replace(/Ø/g, 'Oe');
    else if (spelling < 0.3)
      core = core
        .replace(/ü/g, 'u')
        .replace(/ö/g, 'o')
        .replace(/ä/g, 'a')
        .replace(/ß/g, 'ss')
        .replace(/Ø/g, 'O')
        .replace(/å/g, 'a')
        .replace(/Ł/g, 'L')
        .replace(/[ñ]/g, 'n')
        .replace(/É/g, 'E')
        .replace(/é/g, 'e');
    if (chance(0.3)) core = core.replace('&', 'and');
    if (chance(0.03)) {
      const at = 1 + int(core.length - 3);
      core = chance(0.5)
        ? core.slice(0, at) + core.slice(at + 1)
        : `${core.slice(0, at)}${core[at + 1]}${core[at]}${core.slice(at + 2)}`;
    }
    const legal = form && chance(0.7) ? pick(form) : '';
    const name = /^(ООО|OOO)$/.test(legal)
      ? `${legal} ${core}${suffix}`
      : `${core}${suffix}${legal ? pick([' ', ' ', ', ']) : ''}${legal}`;
    return chance(0.1) ? name.toUpperCase() : chance(0.05) ? ` ${name.toLowerCase()} ` : name;
  }
}

/** Of the pairs that were joined, how many are one customer; of the pairs that are, how many were joined; and the wrong ones. */
export function judge(labelled: readonly Labelled[], groups: readonly (readonly AccountRow[])[]) {
  const customerOf = new Map(labelled.map(({ customer, row }) => [row, customer]));
  const pairs = (n: number) => (n * (n - 1)) / 2;
  const wrong: [AccountRow, AccountRow][] = [];
  let joined = 0;
  for (const members of groups) {
    joined += pairs(members.length);
    members.forEach((a, at) => {
      for (const b of members.slice(at + 1)) if (customerOf.get(a) !== customerOf.get(b)) wrong.push([a, b]);
    });
  }
  const sizes = new Map<number, number>();
  for (const { customer } of labelled) sizes.set(customer, (sizes.get(customer) ?? 0) + 1);
  const are = [...sizes.values()].reduce((sum, n) => sum + pairs(n), 0);
  return {
    precision: (joined - wrong.length) / joined,
    recall: (joined - wrong.length) / are,
    wrong,
    joined,
  };
}
