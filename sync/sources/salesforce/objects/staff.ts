import type { SalesforceObject } from '../object.ts';
import { flag, recordOf, text } from '../values.ts';

const parseUser = recordOf({
  Name: text,
  Email: text,
  IsActive: flag,
  Team__c: text,
  UserRoleName__c: text,
  Region__c: text,
});

export const user: SalesforceObject = {
  name: 'User',
  table: 'staff',
  // Users cannot be deleted, only deactivated.
  lanes: ['backfill', 'realtime', 'settle'],
  required: ['Name'],
  optional: ['Email', 'IsActive', 'UserRoleName__c', 'Team__c', 'Region__c'],
  unify(raw) {
    const record = parseUser(raw);
    return {
      name: record.Name,
      email: record.Email?.toLowerCase() ?? null,
      team: record.Team__c ?? record.UserRoleName__c,
      region: record.Region__c,
      active: record.IsActive,
    };
  },
};
