import type { Campaign, Company, Person } from './model.ts';
import { scaled } from './model.ts';
import type { Random } from './random.ts';
import { moment } from './rhythm.ts';
import { salesforceStamps } from './salesforce-directory.ts';
import { writeRecord } from './write-record.ts';

const answered: Record<string, string> = {
  Webinar: 'Attended',
  Conference: 'Visited booth',
  Advertisement: 'Clicked',
  Content: 'Downloaded',
  Email: 'Replied',
  Partners: 'Responded',
  'Referral Program': 'Referred',
};

/** Campaign members: the touches behind the deals first, then the broad reach of campaigns up to the wanted number. */
export function writeTouches(company: Company): void {
  const random = company.random('touches');
  const members = company.people.filter((p) => p.leadId || p.contactId);
  const seen = new Map<Person, Set<string>>();
  let left = scaled(company, 60_000);

  for (const deal of company.deals) {
    if (!deal.campaign) continue;
    const dealDay = company.calendar.dayOf(deal.createdAt);
    for (const person of deal.firm.people.slice(0, 2)) {
      if (!person.leadId && !person.contactId) continue;
      if (
        person.bornAt < deal.createdAt &&
        touch(company, random, seen, person, deal.campaign, dealDay - 1, 0.92)
      )
        left--;
    }
  }
  const perPerson = left / members.length;
  for (const person of members) {
    const born = company.calendar.dayOf(person.bornAt);
    const open = company.campaigns.filter((c) => c.end >= born);
    if (open.length === 0) continue;
    const reach = open.map((c) => [c, c.reach * (c.source === person.source ? 3 : 1)] as const);
    // Who was met long ago was reached more often; the mean over all people is what the wanted number asks for.
    const age = (company.calendar.anchor - born) / (company.calendar.anchor - company.calendar.first);
    const wanted = Math.min(open.length, random.poisson(perPerson * (0.55 + 1.75 * age)));
    for (let i = 0; i < wanted; i++) {
      touch(
        company,
        random,
        seen,
        person,
        random.weighted(reach),
        company.calendar.anchor,
        person.firm ? 0.42 : 0.3,
      );
    }
  }
}

/** One membership, unless the person is a member already or the campaign was over before they were met. */
function touch(
  company: Company,
  random: Random,
  seen: Map<Person, Set<string>>,
  person: Person,
  campaign: Campaign,
  latest: number,
  responds: number,
): boolean {
  const { calendar } = company;
  const born = calendar.dayOf(person.bornAt);
  const from = Math.max(campaign.start, born);
  const to = Math.min(campaign.end, latest);
  let known = seen.get(person);
  if (from > to || known?.has(campaign.id)) return false;
  if (!known) {
    known = new Set();
    seen.set(person, known);
  }
  known.add(campaign.id);
  const day = Math.min(to, calendar.workday(from + random.int(to - from + 1)));
  const at = Math.max(person.bornAt, moment(random, calendar, day));
  writeMember(company, person, campaign, at, random.chance(responds) ? at + random.int(36) * 3600_000 : null);
  return true;
}

export function writeMember(
  company: Company,
  person: Person,
  campaign: Campaign,
  at: number,
  respondedAt: number | null,
): string {
  const { calendar } = company;
  const responded = respondedAt !== null && respondedAt <= Math.max(calendar.end, at);
  const changed = responded ? respondedAt : at;
  const id = company.ids.salesforce('CampaignMember');
  const record = {
    Id: id,
    CampaignId: campaign.id,
    LeadId: person.leadId,
    ContactId: person.contactId,
    Status: responded ? (answered[campaign.type] ?? 'Responded') : 'Sent',
    HasResponded: responded,
    FirstRespondedDate: responded ? calendar.text(calendar.dayOf(changed)) : null,
    ...salesforceStamps(at, changed),
  };
  writeRecord(company.salesforce, 'CampaignMember', id, record, { created: at, changed });
  return id;
}
