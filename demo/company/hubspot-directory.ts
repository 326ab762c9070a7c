import type { Company, Firm, LeadSource, Person } from './model.ts';
import { spelling } from './names.ts';
import { isoStamp } from './stamps.ts';
import { writeRecord } from './write-record.ts';

/** HubSpot's own words for where a contact came from. */
const analyticsSource: Record<LeadSource, string> = {
  'Paid Search': 'PAID_SEARCH',
  'Organic Search': 'ORGANIC_SEARCH',
  Referral: 'REFERRALS',
  Event: 'OFFLINE',
  Webinar: 'OTHER_CAMPAIGNS',
  Outbound: 'OFFLINE',
  Partner: 'REFERRALS',
};

/** Companies, then contacts. */
export function writeHubspotDirectory(company: Company): void {
  const random = company.random('hubspot directory');
  for (const firm of company.firms) {
    if (!firm.hubspotCompanyId) continue;
    writeHubspotCompany(company, firm, spelling(random, firm.stem, firm.legal), {
      linked: random.chance(0.8),
      domain: random.chance(0.05) ? null : random.chance(0.85) ? firm.domains[0]! : random.pick(firm.domains),
    });
  }
  for (const person of company.people) if (person.hubspotId) writeHubspotContact(company, person);
}

export function writeHubspotCompany(
  company: Company,
  firm: Firm,
  name: string,
  known: { linked: boolean; domain: string | null },
): void {
  const created = Math.min(firm.bornAt, ...firm.people.map((p) => p.bornAt));
  const changed = Math.max(created, firm.customer?.deal.closedAt ?? firm.bornAt);
  const id = firm.hubspotCompanyId!;
  const record = {
    id,
    properties: {
      name,
      domain: known.domain,
      industry: firm.industry.toUpperCase().replace(/ /g, '_'),
      country: firm.country,
      createdate: isoStamp(created),
      hs_lastmodifieddate: isoStamp(changed),
      hs_object_id: id,
      salesforceaccountid: known.linked ? firm.accountId : null,
    },
    createdAt: isoStamp(created),
    updatedAt: isoStamp(changed),
    archived: false,
  };
  writeRecord(company.hubspot, 'companies', id, record, { created, changed });
}

/** Where the contact stands: the furthest stage that has a date. */
function lifecycle(person: Person): string {
  if (person.customerAt !== null) return 'customer';
  if (person.opportunityAt !== null) return 'opportunity';
  if (person.sqlAt !== null) return 'salesqualifiedlead';
  return person.mqlAt === null ? 'lead' : 'marketingqualifiedlead';
}

export function writeHubspotContact(company: Company, person: Person, changedAt?: number): void {
  const { end } = company.calendar;
  const dates = [person.mqlAt, person.sqlAt, person.opportunityAt, person.customerAt].filter(
    (d) => d !== null,
  );
  const changed = changedAt ?? Math.min(end, Math.max(person.bornAt, ...dates));
  const id = person.hubspotId!;
  const date = (at: number | null) => (at === null ? null : isoStamp(at));
  const known = company.hubspot.get('contacts', id)?.record.properties as
    | Record<string, string | null>
    | undefined;
  const record = {
    id,
    properties: {
      email: person.email,
      firstname: person.first,
      lastname: person.last,
      company: person.companyText,
      jobtitle: person.title,
      country: person.country,
      lifecyclestage: lifecycle(person),
      createdate: isoStamp(person.bornAt),
      lastmodifieddate: isoStamp(changed),
      hs_object_id: id,
      hs_analytics_source: analyticsSource[person.source],
      associatedcompanyid: person.firm?.hubspotCompanyId ?? null,
      hs_merged_object_ids: known?.hs_merged_object_ids ?? null,
      hs_v2_date_entered_lead: isoStamp(person.bornAt),
      hs_v2_date_entered_marketingqualifiedlead: date(person.mqlAt),
      hs_v2_date_entered_salesqualifiedlead: date(person.sqlAt),
      hs_v2_date_entered_opportunity: date(person.opportunityAt),
      hs_v2_date_entered_customer: date(person.customerAt),
    },
    createdAt: isoStamp(person.bornAt),
    updatedAt: isoStamp(changed),
    archived: false,
  };
  writeRecord(company.hubspot, 'contacts', id, record, { created: person.bornAt, changed });
}
