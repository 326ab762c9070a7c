/** Owners → staff. Archived ones stay: deals of years past are theirs. */
import { z } from 'zod';
import { parseRecord } from '../../parse-record.ts';
import { flatRecordsOf, type HubspotStream } from '../hubspot-stream.ts';

const schema = z.object({
  id: z.string().min(1),
  email: z.string().nullish(),
  firstName: z.string().nullish(),
  lastName: z.string().nullish(),
  archived: z.boolean().optional(),
});

export const owners: HubspotStream = {
  name: 'owners',
  table: 'staff',
  lanes: ['backfill', 'realtime'],
  listPath: '/crm/v3/owners',
  listQuery: {},
  pageSize: 100,
  recordsOf: flatRecordsOf,
  unify(raw) {
    const owner = parseRecord(schema, raw);
    return {
      name: [owner.firstName, owner.lastName].filter(Boolean).join(' ') || null,
      email: owner.email || null,
      active: owner.archived !== true,
    };
  },
};
