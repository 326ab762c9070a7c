import type { Company, Firm, LeadSource } from './model.ts';
import { sources } from './model.ts';
import { countries, industries, type Region, type Segment, slug, stemName } from './names.ts';
import type { Random } from './random.ts';
import { teamOf } from './staff.ts';

const regionShares = [
  ['AMER', 41],
  ['EMEA', 36],
  ['APAC', 23],
] as const;
const segmentShares = [
  ['SMB', 58],
  ['Mid-Market', 30],
  ['Enterprise', 12],
] as const;
const sourceWeights: Record<LeadSource, number> = {
  'Paid Search': 22,
  'Organic Search': 20,
  Referral: 12,
  Event: 11,
  Webinar: 10,
  Outbound: 14,
  Partner: 11,
};

export function drawSource(random: Random): LeadSource {
  return random.weighted(sources.map((s) => [s, sourceWeights[s]] as const));
}

/** Regions and segments are dealt in turn, not drawn, so that a small company has the same mix as the full one. */
export function dealMix(n: number): { region: Region; segment: Segment } {
  const place = (share: readonly (readonly [string, number])[], turn: number) => {
    let left = (turn % 1) * 100;
    for (const [name, weight] of share) {
      left -= weight;
      if (left < 0) return name;
    }
    return share[0]![0];
  };
  // Steps by two irrational numbers fill the square of region × segment evenly (Kronecker sequence).
  return {
    region: place(regionShares, n * 0.7548776662466927) as Region,
    segment: place(segmentShares, n * 0.5698402909980532) as Segment,
  };
}

/** A new firm, known to sales from `bornAt`. */
export function bearFirm(company: Company, random: Random, bornAt: number, source: LeadSource): Firm {
  const { region, segment } = dealMix(company.firms.length + 1);
  const country = random.pick(countries[region]);
  const stem = stemName(company.firms.length);
  const legal = random.pick(country.legal);
  const host = slug(stem);
  const domains = [`${host}.${country.tld}`];
  if (random.chance(0.35)) domains.push(`${host}.${random.pick(['io', 'net', 'co'])}`);
  if (random.chance(0.12)) domains.push(`${host.slice(0, 6)}group.com`);
  const firm: Firm = {
    stem,
    legal,
    name: `${stem} ${legal}`,
    domains,
    region,
    country: country.name,
    segment,
    industry: random.pick(industries),
    source,
    bornAt,
    owner: random.pick(teamOf(company, 'Sales', region)),
    csm: random.pick(teamOf(company, 'Customer Success', region)),
    accountId: company.ids.salesforce('Account'),
    hubspotCompanyId: random.chance(0.96) ? company.ids.hubspot('companies') : null,
    zendeskOrganizationId: null,
    intercomCompanyId: null,
    people: [],
    deals: [],
    customer: null,
  };
  company.firms.push(firm);
  return firm;
}
