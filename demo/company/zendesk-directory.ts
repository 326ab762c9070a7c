import { supportSince } from './demand.ts';
import type { Company, Customer, Person } from './model.ts';
import { spelling } from './names.ts';
import type { Random } from './random.ts';
import { zendeskStamp } from './stamps.ts';

/** Organizations of customers and their people as end users. */
export function writeZendeskDirectory(company: Company): void {
  const random = company.random('zendesk directory');
  writeSchedule(company);
  for (const customer of company.customers) writeOrganization(company, random, customer);
  for (const person of company.people)
    if (person.zendeskId !== null) writeZendeskUser(company, random, person);
}

/** When support works: what `businessMinutes` counts, as the platform writes it. */
function writeSchedule(company: Company): void {
  const id = company.ids.zendesk('schedules');
  const at = company.calendar.startOf(company.calendar.first);
  const record = {
    id,
    name: 'Support',
    // Zendesk calls a zone by its city.
    time_zone: company.options.timeZone.split('/').at(-1)!.replaceAll('_', ' '),
    intervals: [1, 2, 3, 4, 5].map((day) => ({
      start_time: (day * 24 + 8) * 60,
      end_time: (day * 24 + 18) * 60,
    })),
    created_at: zendeskStamp(at),
    updated_at: zendeskStamp(at),
  };
  company.zendesk.put('schedules', String(id), record, at);
}

export function writeOrganization(company: Company, random: Random, customer: Customer): void {
  const { firm } = customer;
  if (!random.chance(0.95)) return;
  firm.zendeskOrganizationId = company.ids.zendesk('organizations');
  const at = company.calendar.startOf(customer.start) + 9 * 3600_000;
  const record = {
    id: firm.zendeskOrganizationId,
    name: spelling(random, firm.stem, firm.legal),
    domain_names: random.chance(0.1) ? [] : [...firm.domains].reverse(),
    external_id: random.chance(0.7) ? firm.accountId : null,
    created_at: zendeskStamp(at),
    updated_at: zendeskStamp(at),
    organization_fields: { plan: customer.contracts[0]!.spans[0]!.plan },
  };
  company.zendesk.put('organizations', String(firm.zendeskOrganizationId), record, at);
}

export function writeZendeskUser(company: Company, random: Random, person: Person): void {
  const at = supportSince(company, person);
  const record = {
    id: person.zendeskId,
    name: `${person.first} ${person.last}`,
    email: supportEmail(random, person),
    role: 'end-user',
    organization_id: random.chance(0.05) ? null : person.firm!.zendeskOrganizationId,
    active: true,
    created_at: zendeskStamp(at),
    updated_at: zendeskStamp(at),
  };
  company.zendesk.put('users', String(person.zendeskId), record, at);
}

/** Support learns addresses by itself: now and then the firm's other domain, now and then none. */
function supportEmail(random: Random, person: Person): string | null {
  const { domains } = person.firm!;
  if (person.email === null || random.chance(0.03)) return null;
  const other = domains[1];
  return other && random.chance(0.12) ? `${person.email.split('@')[0]}@${other}` : person.email;
}
