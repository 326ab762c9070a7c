import { z } from 'zod';
import { dateIn } from '../../date-in.ts';
import { minorUnits } from '../../minor-units.ts';
import { allLanes, type SalesforceObject } from '../object.ts';
import { day, instant, money, named, percent, recordOf, text } from '../values.ts';

const parseOpportunity = recordOf({
  Name: text,
  AccountId: text,
  Owner: named,
  Amount: money,
  CurrencyIsoCode: text,
  StageName: text,
  Probability: percent,
  ForecastCategoryName: text,
  IsClosed: z.boolean(),
  IsWon: z.boolean(),
  CloseDate: day,
  LeadSource: text,
  CampaignId: text,
  Type: text,
  Product__c: text,
  LastActivityDate: day,
  CreatedDate: instant,
});

export const opportunity: SalesforceObject = {
  name: 'Opportunity',
  table: 'deal',
  lanes: allLanes,
  after: ['Account'],
  required: ['AccountId', 'Amount', 'StageName', 'IsClosed', 'IsWon', 'CloseDate'],
  optional: [
    'Name',
    'Owner.Name',
    'CurrencyIsoCode',
    'Probability',
    'ForecastCategoryName',
    'LeadSource',
    'CampaignId',
    'Type',
    'Product__c',
    'LastActivityDate',
  ],
  unify(raw, companyCurrency, timeZone) {
    const record = parseOpportunity(raw);
    const currency = record.CurrencyIsoCode ?? companyCurrency;
    return {
      name: record.Name,
      account_id: record.AccountId,
      owner: record.Owner,
      amount: minorUnits(record.Amount, currency),
      currency,
      stage: record.StageName,
      probability: record.Probability,
      forecast_category: record.ForecastCategoryName,
      is_closed: record.IsClosed,
      is_won: record.IsWon,
      // Salesforce knows the instant; the unified model wants the company's calendar date, as CloseDate is one.
      created_on: dateIn(record.CreatedDate, timeZone),
      closed_on: record.CloseDate,
      kind: record.Type,
      source: record.LeadSource,
      product: record.Product__c,
      campaign_id: record.CampaignId,
      last_activity_on: record.LastActivityDate,
    };
  },
};

/** A row per change of stage, amount, close date or probability. Owner and currency are the deal's of today. */
const parseOpportunityHistory = recordOf({
  OpportunityId: z.string(),
  StageName: text,
  Amount: money,
  CloseDate: day,
  Probability: percent,
  CreatedDate: instant,
  Opportunity: z.looseObject({ Owner: named, CurrencyIsoCode: text }).nullish(),
});

export const opportunityHistory: SalesforceObject = {
  name: 'OpportunityHistory',
  table: 'deal_stage',
  lanes: allLanes,
  after: ['Opportunity'],
  required: ['OpportunityId', 'StageName'],
  optional: [
    'Amount',
    'CloseDate',
    'Probability',
    'ForecastCategory',
    'Opportunity.Owner.Name',
    'Opportunity.CurrencyIsoCode',
  ],
  unify(raw, companyCurrency) {
    const record = parseOpportunityHistory(raw);
    const currency = record.Opportunity?.CurrencyIsoCode ?? companyCurrency;
    return {
      deal_id: record.OpportunityId,
      owner: record.Opportunity?.Owner ?? null,
      stage: record.StageName,
      amount: minorUnits(record.Amount, currency),
      currency,
      probability: record.Probability,
      close_on: record.CloseDate,
      entered_at: record.CreatedDate,
    };
  },
};
