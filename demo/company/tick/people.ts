import { writeHubspotContact } from '../hubspot-directory.ts';
import type { Person } from '../model.ts';
import { newPerson } from '../people.ts';
import { writeContact, writeLead } from '../salesforce-directory.ts';
import { salesforceStamp } from '../stamps.ts';
import { writeTask } from '../tasks.ts';
import { writeMember } from '../touches.ts';
import { type Action, pickRecord } from './action.ts';

/** A lead fills in a form: known to both systems at once, and to the campaign that brought it. */
const newLead: Action = (company, random, at) => {
  const person = newPerson(company, random, null, at, new Set(), company.people.length);
  person.hubspotId = company.ids.hubspot('contacts');
  person.leadId = company.ids.salesforce('Lead');
  writeHubspotContact(company, person, at);
  writeLead(company, person, 0.99);
  const campaign = company.campaigns.findLast((c) => c.source === person.source);
  if (campaign) writeMember(company, person, campaign, at, at);
  return {
    systems: ['hubspot', 'salesforce'],
    what: `${person.first} ${person.last} becomes a lead through ${person.source}`,
  };
};

const newContact: Action = (company, random, at) => {
  const firm = random.pick(company.firms);
  const person = newPerson(company, random, firm, at, new Set());
  person.hubspotId = company.ids.hubspot('contacts');
  person.contactId = company.ids.salesforce('Contact');
  person.contactAt = at;
  writeHubspotContact(company, person, at);
  writeContact(company, person);
  return {
    systems: ['hubspot', 'salesforce'],
    what: `${person.first} ${person.last} of ${firm.stem} becomes a contact`,
  };
};

/** The next stage of a lead that has none of the later dates yet. */
const qualify: Action = (company, random, at) => {
  for (let tries = 0; tries < 200; tries++) {
    const person =
      company.people[company.people.length - 1 - random.int(Math.min(2000, company.people.length))]!;
    const stored = person.hubspotId ? company.hubspot.get('contacts', person.hubspotId) : undefined;
    if (!stored || stored.gone || stored.modifiedAt > at || person.firm || person.sqlAt !== null) continue;
    if (person.mqlAt === null) person.mqlAt = at;
    else person.sqlAt = at;
    writeHubspotContact(company, person, at);
    return {
      systems: ['hubspot'],
      what: `${person.first} ${person.last} becomes ${person.sqlAt ? 'sales' : 'marketing'}-qualified`,
    };
  }
  return null;
};

/** A member who had only been sent something answers. */
const respond: Action = (company, random, at) => {
  const stored = pickRecord(
    random,
    company.salesforce.all('CampaignMember'),
    (m) => m.HasResponded === false,
  );
  if (!stored || stored.modifiedAt > at) return null;
  const stamp = salesforceStamp(at);
  const record = {
    ...stored.record,
    Status: 'Responded',
    HasResponded: true,
    FirstRespondedDate: company.calendar.text(company.calendar.dayOf(at)),
    LastModifiedDate: stamp,
    SystemModstamp: stamp,
  };
  company.salesforce.put('CampaignMember', stored.id, record, at);
  return { systems: ['salesforce'], what: `campaign member ${stored.id} responds` };
};

const isReached = (p: Person) => p.contactId !== null;

const logTask: Action = (company, random, at) => {
  const open = company.deals.filter((d) => d.outcome === 'open' && d.createdAt <= at);
  const deal = open[random.int(open.length)];
  if (!deal) return null;
  const stored = company.salesforce.get('Opportunity', deal.id)!;
  if (stored.gone || stored.modifiedAt > at) return null;
  const who = deal.firm.people.find(isReached)?.contactId ?? null;
  writeTask(company, random, {
    who,
    what: deal.id,
    account: deal.firm.accountId,
    owner: deal.owner.userId,
    at,
    open: false,
  });
  deal.lastActivityAt = at;
  const stamp = salesforceStamp(at);
  const day = company.calendar.text(company.calendar.dayOf(at));
  company.salesforce.put(
    'Opportunity',
    deal.id,
    { ...stored.record, LastActivityDate: day, LastModifiedDate: stamp, SystemModstamp: stamp },
    at,
  );
  return { systems: ['salesforce'], what: `${deal.owner.name} works on ${deal.name}` };
};

/** Somebody corrects an account. */
const updateAccount: Action = (company, random, at) => {
  const firm = random.pick(company.firms);
  const stored = company.salesforce.get('Account', firm.accountId)!;
  if (stored.modifiedAt > at) return null;
  const stamp = salesforceStamp(at);
  const record = {
    ...stored.record,
    Name: firm.name,
    Website: `https://www.${random.pick(firm.domains)}`,
    LastModifiedDate: stamp,
    SystemModstamp: stamp,
  };
  company.salesforce.put('Account', firm.accountId, record, at);
  return { systems: ['salesforce'], what: `the account of ${firm.stem} is corrected` };
};

export const peopleActions = [
  [newLead, 10],
  [newContact, 2],
  [qualify, 5],
  [respond, 6],
  [logTask, 7],
  [updateAccount, 3],
] as const;
