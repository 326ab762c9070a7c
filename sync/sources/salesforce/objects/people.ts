import { allLanes, type SalesforceObject } from '../object.ts';
import { fullName, instant, named, recordOf, text } from '../values.ts';

const parseContact = recordOf({
  AccountId: text,
  FirstName: text,
  LastName: text,
  Email: text,
  Title: text,
  Owner: named,
  LeadSource: text,
  CreatedDate: instant,
});

export const contact: SalesforceObject = {
  name: 'Contact',
  table: 'person',
  lanes: allLanes,
  after: ['Account'],
  required: ['AccountId', 'Email'],
  optional: ['FirstName', 'LastName', 'Title', 'Owner.Name', 'LeadSource', 'MasterRecordId'],
  unify(raw) {
    const record = parseContact(raw);
    return {
      name: fullName(record.FirstName, record.LastName),
      email: record.Email?.toLowerCase() ?? null,
      title: record.Title,
      account_id: record.AccountId,
      owner: record.Owner,
      source: record.LeadSource,
      kind: 'contact',
      created_at: record.CreatedDate,
    };
  },
};

/** A converted lead stays a person: it is when the company first heard of its account. */
const parseLead = recordOf({
  FirstName: text,
  LastName: text,
  Email: text,
  Country: text,
  LeadSource: text,
  Owner: named,
  ConvertedAccountId: text,
  CreatedDate: instant,
});

export const lead: SalesforceObject = {
  name: 'Lead',
  table: 'person',
  lanes: allLanes,
  after: ['Account'],
  required: ['Email', 'Status'],
  optional: [
    'FirstName',
    'LastName',
    'Company',
    'Country',
    'Region__c',
    'Segment__c',
    'LeadSource',
    'Owner.Name',
    'IsConverted',
    'ConvertedDate',
    'ConvertedAccountId',
    'ConvertedContactId',
    'ConvertedOpportunityId',
    'MasterRecordId',
  ],
  unify(raw) {
    const record = parseLead(raw);
    return {
      name: fullName(record.FirstName, record.LastName),
      email: record.Email?.toLowerCase() ?? null,
      country: record.Country,
      account_id: record.ConvertedAccountId,
      owner: record.Owner,
      source: record.LeadSource,
      kind: 'lead',
      created_at: record.CreatedDate,
      lead_at: record.CreatedDate,
    };
  },
};
