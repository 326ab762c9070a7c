import { archiveInHubspot, deleteInSalesforce, mergeInHubspot } from '../removal.ts';
import { type Action, pickRecord } from './action.ts';

const deleteLead: Action = (company, random, at) => {
  const lead = pickRecord(random, company.salesforce.all('Lead'), (l) => l.IsConverted === false);
  if (!lead || lead.modifiedAt > at) return null;
  deleteInSalesforce(company, 'Lead', lead.id, at);
  return { systems: ['salesforce'], what: `lead ${lead.id} is deleted` };
};

const loseMember: Action = (company, random, at) => {
  const member = pickRecord(random, company.salesforce.all('CampaignMember'), () => true);
  if (!member) return null;
  company.salesforce.remove('CampaignMember', member.id, at, 'hard_deleted');
  return { systems: ['salesforce'], what: `campaign member ${member.id} is removed for good` };
};

const archive: Action = (company, random, at) => {
  const contact = pickRecord(random, company.hubspot.all('contacts'), () => true);
  if (!contact || contact.modifiedAt > at) return null;
  archiveInHubspot(company, 'contacts', contact.id, at);
  return { systems: ['hubspot'], what: `contact ${contact.id} is archived` };
};

const merge: Action = (company, random, at) => {
  const loser = pickRecord(random, company.hubspot.all('contacts'), () => true);
  const survivor = pickRecord(random, company.hubspot.all('contacts'), (c) => c.id !== loser?.id);
  if (!loser || !survivor || loser.modifiedAt > at || survivor.modifiedAt > at) return null;
  mergeInHubspot(company, loser.id, survivor.id, at);
  return { systems: ['hubspot'], what: `contact ${loser.id} is merged into ${survivor.id}` };
};

export const removalActions = [
  [deleteLead, 1],
  [loseMember, 1],
  [archive, 1],
  [merge, 1],
] as const;
