import { z } from 'zod';
import { minorUnits } from '../../minor-units.ts';
import { allLanes, type SalesforceObject } from '../object.ts';
import { day, dayOrInstant, flag, instant, money, recordOf, text } from '../values.ts';

const parseCampaign = recordOf({
  Name: text,
  Type: text,
  Channel__c: text,
  StartDate: day,
  EndDate: day,
  BudgetedCost: money,
  ActualCost: money,
  CurrencyIsoCode: text,
});

export const campaign: SalesforceObject = {
  name: 'Campaign',
  table: 'campaign',
  lanes: allLanes,
  required: ['Name'],
  optional: [
    'Type',
    'Status',
    'Channel__c',
    'StartDate',
    'EndDate',
    'BudgetedCost',
    'ActualCost',
    'IsActive',
    'CurrencyIsoCode',
  ],
  unify(raw, companyCurrency) {
    const record = parseCampaign(raw);
    const currency = record.CurrencyIsoCode ?? companyCurrency;
    return {
      name: record.Name,
      kind: record.Type,
      source: record.Channel__c,
      starts_on: record.StartDate,
      ends_on: record.EndDate,
      budget: minorUnits(record.BudgetedCost, currency),
      actual_cost: minorUnits(record.ActualCost, currency),
      currency,
    };
  },
};

/** A member is hard-deleted when removed from its campaign: no feed shows it, the sweep does. */
const parseCampaignMember = recordOf({
  CampaignId: text,
  LeadId: text,
  ContactId: text,
  Status: text,
  HasResponded: flag,
  FirstRespondedDate: dayOrInstant,
  CreatedDate: instant,
  Campaign: z.looseObject({ Channel__c: text }).nullish(),
});

export const campaignMember: SalesforceObject = {
  name: 'CampaignMember',
  table: 'touch',
  lanes: allLanes,
  after: ['Campaign', 'Contact', 'Lead'],
  required: ['CampaignId', 'HasResponded'],
  optional: ['LeadId', 'ContactId', 'Status', 'FirstRespondedDate', 'Campaign.Channel__c'],
  unify(raw) {
    const record = parseCampaignMember(raw);
    return {
      // A converted lead's member names both; the contact is who lives on.
      person_id: record.ContactId ?? record.LeadId,
      campaign_id: record.CampaignId,
      source: record.Campaign?.Channel__c ?? null,
      kind: record.Status,
      responded: record.HasResponded,
      touched_at: record.FirstRespondedDate ?? record.CreatedDate,
    };
  },
};
