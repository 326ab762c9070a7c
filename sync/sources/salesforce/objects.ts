/** Every object that Herald reads, prerequisites first. */
import type { SalesforceObject } from './object.ts';
import { account } from './objects/accounts.ts';
import { task } from './objects/activities.ts';
import { campaign, campaignMember } from './objects/campaigns.ts';
import { opportunity, opportunityHistory } from './objects/deals.ts';
import { contact, lead } from './objects/people.ts';
import { forecastingQuota, forecastSnapshot } from './objects/plans.ts';
import { user } from './objects/staff.ts';

export const salesforceObjects: readonly SalesforceObject[] = [
  user,
  account,
  contact,
  lead,
  campaign,
  campaignMember,
  opportunity,
  opportunityHistory,
  task,
  forecastingQuota,
  forecastSnapshot,
];
