import { drawSource } from './firms.ts';
import type { Company, Firm, Person } from './model.ts';
import { scaled } from './model.ts';
import { countries, personName, type Segment, slug, spelling, stemName, titles } from './names.ts';
import type { Random } from './random.ts';
import { drawDays, moment, rhythm } from './rhythm.ts';
import { teamOf } from './staff.ts';

const peoplePerFirm: Record<Segment, readonly [number, number]> = {
  SMB: [2, 5],
  'Mid-Market': [3, 6],
  Enterprise: [5, 9],
};

/** Everyone the company has met: the staff of firms with deals, and leads whose employer never became an account. */
export function planPeople(company: Company): void {
  const random = company.random('people');
  const taken = new Set<string>();
  for (const firm of company.firms) employ(company, random, firm, taken);
  planStrangers(company, random, taken);
  company.people.sort((a, b) => a.bornAt - b.bornAt);
  for (const person of company.people) register(company, random, person);
}

function employ(company: Company, random: Random, firm: Firm, taken: Set<string>): void {
  const { calendar } = company;
  const [least, most] = peoplePerFirm[firm.segment];
  const count = least + random.int(most - least + 1);
  const opening = calendar.at(calendar.first, 8 * 3600);
  const firstDeal = firm.deals[0]!.createdAt;
  for (let i = 0; i < count; i++) {
    // The first person met is who the first deal grew out of.
    const early = firstDeal - random.lognormal(24, 0.7) * 86_400_000;
    const late = moment(
      random,
      calendar,
      calendar.workday(
        calendar.dayOf(firstDeal) + random.int(calendar.anchor - calendar.dayOf(firstDeal) + 1),
      ),
    );
    const bornAt =
      Math.floor(Math.max(opening, i === 0 ? early : Math.min(calendar.end, late)) / 1000) * 1000;
    const person = newPerson(company, random, firm, bornAt, taken);
    const converted = i === 0 || random.chance(0.3);
    const won = firm.customer?.deal.closedAt ?? null;
    // Buyers carry the dates of the first deal that was made after they were met.
    const deal =
      i <= 1 ? firm.deals.find((d) => d.createdAt >= bornAt && d.type === 'New Business') : undefined;
    if (deal) {
      const gap = deal.createdAt - bornAt;
      const mqlAt = bornAt + gap * random.between(0.05, 0.45);
      person.mqlAt = random.chance(0.12) ? null : seconds(mqlAt);
      person.sqlAt = seconds(mqlAt + (deal.createdAt - mqlAt) * random.between(0.2, 0.9));
      person.opportunityAt = deal.createdAt;
      if (won !== null && won >= deal.createdAt) person.customerAt = won;
    } else if (won !== null && won <= bornAt) {
      person.customerAt = bornAt;
    }
    if (random.chance(i === 0 ? 0.93 : 0.68)) {
      person.contactId = company.ids.salesforce('Contact');
      const lead = converted && person.opportunityAt !== null;
      if (lead) person.leadId = company.ids.salesforce('Lead');
      person.contactAt = lead ? person.opportunityAt! : bornAt;
    }
    firm.bornAt = Math.min(firm.bornAt, person.contactAt ?? firm.bornAt);
  }
}

const seconds = (at: number) => Math.floor(at / 1000) * 1000;

/** Leads of firms that never got as far as a deal. */
function planStrangers(company: Company, random: Random, taken: Set<string>): void {
  const { calendar } = company;
  const total = Math.max(20, scaled(company, 12_600) - company.people.length);
  const days = drawDays(random, calendar, total, rhythm(calendar, { from: 0.55, to: 1.45 }));
  days.forEach((day, i) => {
    const person = newPerson(company, random, null, moment(random, calendar, day), taken, i);
    if (random.chance(0.3)) {
      const mqlAt = seconds(person.bornAt + random.lognormal(5, 0.9) * 86_400_000);
      const sqlAt = seconds(mqlAt + random.lognormal(9, 0.8) * 86_400_000);
      if (mqlAt <= calendar.end) person.mqlAt = mqlAt;
      if (random.chance(0.28) && sqlAt <= calendar.end) {
        person.sqlAt = sqlAt;
        if (random.chance(0.12)) person.mqlAt = null;
      }
    }
    if (random.chance(0.82)) person.leadId = company.ids.salesforce('Lead');
  });
}

export function newPerson(
  company: Company,
  random: Random,
  firm: Firm | null,
  bornAt: number,
  taken: Set<string>,
  n = 0,
): Person {
  const { first, last } = personName(random);
  const region =
    firm?.region ??
    random.weighted([
      ['AMER', 41],
      ['EMEA', 36],
      ['APAC', 23],
    ] as const);
  const country = firm?.country ?? random.pick(countries[region]).name;
  const stem = firm?.stem ?? stemName(6000 + (n % 3000));
  const host = firm
    ? random.chance(0.85)
      ? firm.domains[0]!
      : random.pick(firm.domains)
    : `${slug(stem)}.com`;
  let email: string | null =
    `${slug(first)}.${slug(last)}@${random.chance(firm ? 0.02 : 0.1) ? 'gmail.com' : host}`;
  for (let k = 2; taken.has(email); k++) email = `${slug(first)}.${slug(last)}${k}@${host}`;
  taken.add(email);
  if (random.chance(0.05)) email = null;
  const person: Person = {
    first,
    last,
    title: random.pick(titles),
    email,
    firm,
    companyText: firm ? spelling(random, firm.stem, firm.legal) : stem,
    country,
    region,
    segment:
      firm?.segment ??
      random.weighted([
        ['SMB', 66],
        ['Mid-Market', 25],
        ['Enterprise', 9],
      ] as const),
    source: firm && random.chance(0.8) ? firm.source : drawSource(random),
    owner: random.pick(teamOf(company, firm ? 'Sales' : 'Sales Development', region)),
    bornAt,
    mqlAt: null,
    sqlAt: null,
    opportunityAt: null,
    customerAt: null,
    hubspotId: null,
    leadId: null,
    contactId: null,
    contactAt: null,
    zendeskId: null,
    intercomId: null,
  };
  company.people.push(person);
  firm?.people.push(person);
  return person;
}

/** Which other systems know the person. */
function register(company: Company, random: Random, person: Person): void {
  if (random.chance(0.955)) person.hubspotId = company.ids.hubspot('contacts');
  const customer = person.firm?.customer;
  if (customer && random.chance(0.8)) person.zendeskId = company.ids.zendesk('users');
  if (customer ? random.chance(0.78) : person.firm ? random.chance(0.35) : random.chance(0.08)) {
    person.intercomId = company.ids.intercom('contacts');
  }
}
