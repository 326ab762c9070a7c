import type { Company, Staff, Team } from './model.ts';
import { personName, type Region, slug } from './names.ts';
import { isoStamp, salesforceStamp, zendeskStamp } from './stamps.ts';

const teams: readonly (readonly [Team, string, Region, number])[] = [
  ['Sales', 'Account Executive', 'AMER', 6],
  ['Sales', 'Account Executive', 'EMEA', 5],
  ['Sales', 'Account Executive', 'APAC', 3],
  ['Sales Development', 'Sales Development Rep', 'AMER', 1],
  ['Sales Development', 'Sales Development Rep', 'EMEA', 1],
  ['Sales Development', 'Sales Development Rep', 'APAC', 1],
  ['Customer Success', 'Customer Success Manager', 'AMER', 3],
  ['Customer Success', 'Customer Success Manager', 'EMEA', 2],
  ['Customer Success', 'Customer Success Manager', 'APAC', 1],
  ['Support', 'Support Agent', 'AMER', 4],
  ['Support', 'Support Agent', 'EMEA', 4],
  ['Support', 'Support Agent', 'APAC', 1],
  ['Marketing', 'Marketing Manager', 'EMEA', 4],
  ['Management', 'Vice President', 'EMEA', 4],
];

/** The forty people who work here. Their number does not follow the scale: quotas and spend do. */
export function planStaff(company: Company): void {
  const random = company.random('staff');
  const taken = new Set<string>();
  for (const [team, role, region, count] of teams) {
    for (let i = 0; i < count; i++) {
      let name = personName(random);
      while (taken.has(`${name.first} ${name.last}`)) name = personName(random);
      taken.add(`${name.first} ${name.last}`);
      company.staff.push({
        name: `${name.first} ${name.last}`,
        first: name.first,
        last: name.last,
        email: `${slug(name.first)}.${slug(name.last)}@northwind.example`,
        team,
        region,
        role,
        active: !(team === 'Support' && region === 'EMEA' && i === 3),
        userId: company.ids.salesforce('User'),
        hubspotOwnerId: company.ids.hubspot('owners'),
        zendeskUserId: company.ids.zendesk('users'),
        intercomAdminId: company.ids.intercomNumber('admins'),
      });
    }
  }
}

/** Those of a team, of one region when it has any. */
export function teamOf(company: Company, team: Team, region?: Region): Staff[] {
  const team_ = company.staff.filter((s) => s.team === team && s.active);
  const local = team_.filter((s) => s.region === region);
  return local.length > 0 ? local : team_;
}

export function writeStaff(company: Company): void {
  const at = company.calendar.at(company.calendar.first, 6 * 3600);
  company.zendesk.put(
    'groups',
    '1',
    { id: 1, name: 'Support', created_at: zendeskStamp(at), updated_at: zendeskStamp(at) },
    at,
  );
  for (const s of company.staff) {
    const stamp = salesforceStamp(at);
    company.salesforce.put(
      'User',
      s.userId,
      {
        Id: s.userId,
        Name: s.name,
        Email: s.email,
        IsActive: s.active,
        UserRoleName__c: `${s.role} ${s.region}`,
        Team__c: s.team,
        Region__c: s.region,
        IsDeleted: false,
        CreatedDate: stamp,
        LastModifiedDate: stamp,
        SystemModstamp: stamp,
      },
      at,
    );
    company.hubspot.put(
      'owners',
      s.hubspotOwnerId,
      {
        id: s.hubspotOwnerId,
        email: s.email,
        firstName: s.first,
        lastName: s.last,
        archived: false,
        createdAt: isoStamp(at),
        updatedAt: isoStamp(at),
      },
      at,
    );
    if (s.team === 'Support' || s.team === 'Customer Success') writeAgent(company, s, at);
  }
}

function writeAgent(company: Company, s: Staff, at: number): void {
  const stamp = zendeskStamp(at);
  company.zendesk.put(
    'users',
    String(s.zendeskUserId),
    {
      id: s.zendeskUserId,
      name: s.name,
      email: s.email,
      role: 'agent',
      organization_id: null,
      active: s.active,
      created_at: stamp,
      updated_at: stamp,
    },
    at,
  );
  company.intercom.put(
    'admins',
    s.intercomAdminId,
    { type: 'admin', id: s.intercomAdminId, name: s.name, email: s.email },
    at,
  );
}
