import { allLanes, type SalesforceObject } from '../object.ts';
import { dayOrInstant, instant, named, recordOf, text } from '../values.ts';

/** Ids of opportunities begin with this in every org. */
const opportunityPrefix = '006';

const parseTask = recordOf({
  WhoId: text,
  WhatId: text,
  AccountId: text,
  Owner: named,
  Status: text,
  TaskSubtype: text,
  ActivityDate: dayOrInstant,
  CreatedDate: instant,
});

export const task: SalesforceObject = {
  name: 'Task',
  table: 'activity',
  lanes: allLanes,
  after: ['Account'],
  required: ['Status'],
  optional: [
    'WhoId',
    'WhatId',
    'AccountId',
    'Owner.Name',
    'Subject',
    'TaskSubtype',
    'ActivityDate',
    'IsClosed',
  ],
  unify(raw) {
    const record = parseTask(raw);
    return {
      kind: record.TaskSubtype?.toLowerCase() ?? 'task',
      person_id: record.WhoId,
      deal_id: record.WhatId?.startsWith(opportunityPrefix) ? record.WhatId : null,
      account_id: record.AccountId,
      owner: record.Owner,
      status: record.Status,
      at: record.ActivityDate ?? record.CreatedDate,
      logged_at: record.CreatedDate,
    };
  },
};
