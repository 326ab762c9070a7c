import type { Company, Customer, Person } from './model.ts';
import { slug, spelling } from './names.ts';
import type { Random } from './random.ts';
import { epochSeconds } from './stamps.ts';

/** Companies of customers, then contacts: users of the product, and leads who only chatted. */
export function writeIntercomDirectory(company: Company): void {
  const random = company.random('intercom directory');
  for (const customer of company.customers) writeIntercomCompany(company, random, customer);
  for (const person of company.people) if (person.intercomId) writeIntercomContact(company, random, person);
}

export function writeIntercomCompany(company: Company, random: Random, customer: Customer): void {
  const { firm } = customer;
  if (!random.chance(0.93)) return;
  firm.intercomCompanyId = company.ids.intercom('companies');
  const at = company.calendar.startOf(customer.start) + 10 * 3600_000;
  const { plan, mrrCents } = customer.contracts[0]!.spans[0]!;
  const record = {
    type: 'company',
    id: firm.intercomCompanyId,
    company_id: random.chance(0.9) ? customer.id : `legacy-${slug(firm.stem)}`,
    name: spelling(random, firm.stem, firm.legal),
    website: random.chance(0.75) ? `https://${firm.domains[0]}` : null,
    plan: { type: 'plan', id: plan.toLowerCase(), name: plan },
    created_at: epochSeconds(at),
    updated_at: epochSeconds(at),
    custom_attributes: { mrr: mrrCents / 100, segment: firm.segment },
  };
  company.intercom.put('companies', firm.intercomCompanyId, record, at);
}

/** When the contact was first seen in the messenger. */
export function messengerSince(company: Company, person: Person): number {
  const customer = person.firm?.customer;
  return customer
    ? Math.max(person.bornAt, company.calendar.startOf(customer.start) + 10 * 3600_000)
    : person.bornAt;
}

export function writeIntercomContact(company: Company, random: Random, person: Person): void {
  const at = messengerSince(company, person);
  const user = person.firm?.customer != null;
  const companyId = person.firm?.intercomCompanyId;
  const record = {
    type: 'contact',
    id: person.intercomId,
    external_id: user ? `u-${person.intercomId!.slice(-8)}` : null,
    email: random.chance(user ? 0.04 : 0.25) ? null : person.email,
    name: random.chance(0.06) ? person.first : `${person.first} ${person.last}`,
    role: user ? 'user' : 'lead',
    created_at: epochSeconds(at),
    updated_at: epochSeconds(at),
    companies: {
      type: 'list',
      data: companyId ? [{ type: 'company', id: companyId, url: `/companies/${companyId}` }] : [],
      total_count: companyId ? 1 : 0,
      has_more: false,
    },
    location: { type: 'location', country: person.country },
  };
  company.intercom.put('contacts', person.intercomId!, record, at);
}
