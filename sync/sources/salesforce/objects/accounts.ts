import { z } from 'zod';
import { allLanes, type SalesforceObject } from '../object.ts';
import { domainOf, instant, named, recordOf, text } from '../values.ts';

const parseAccount = recordOf({
  Id: z.string(),
  Name: text,
  Website: text,
  Industry: text,
  BillingCountry: text,
  Region__c: text,
  Segment__c: text,
  Owner: named,
  Type: text,
  AccountSource: text,
  CreatedDate: instant,
});

export const account: SalesforceObject = {
  name: 'Account',
  table: 'account',
  lanes: allLanes,
  required: ['Name'],
  optional: [
    'Website',
    'Industry',
    'BillingCountry',
    'Region__c',
    'Segment__c',
    'Owner.Name',
    'Type',
    'AccountSource',
    'MasterRecordId',
  ],
  unify(raw) {
    const record = parseAccount(raw);
    return {
      name: record.Name,
      domain: domainOf(record.Website),
      external_ids: { salesforce: record.Id },
      country: record.BillingCountry,
      region: record.Region__c,
      segment: record.Segment__c,
      industry: record.Industry,
      owner: record.Owner,
      source: record.AccountSource,
      kind: record.Type,
      created_at: record.CreatedDate,
    };
  },
};
