/** Companies → account. */
import { z } from 'zod';
import { instantOf, parseRecord } from '../../parse-record.ts';
import { crmRecordsOf, type HubspotStream } from '../hubspot-stream.ts';

const properties = [
  'name',
  'domain',
  'industry',
  'country',
  'createdate',
  'hs_lastmodifieddate',
  'hs_object_id',
  'hs_merged_object_ids',
  'salesforceaccountid',
] as const;

const schema = z.object({
  id: z.string().min(1),
  properties: z.record(z.string(), z.string().nullable()),
  createdAt: z.string().optional(),
});

export const companies: HubspotStream = {
  name: 'companies',
  table: 'account',
  lanes: ['backfill', 'realtime', 'settle', 'sweep'],
  listPath: '/crm/v3/objects/companies',
  listQuery: { properties: properties.join(',') },
  pageSize: 100,
  search: { path: '/crm/v3/objects/companies/search', cursorProperty: 'hs_lastmodifieddate', properties },
  recordsOf: (row) => crmRecordsOf(row, 'hs_lastmodifieddate'),
  unify(raw) {
    const { properties: given, createdAt } = parseRecord(schema, raw);
    return {
      name: given.name || null,
      domain: given.domain || null,
      external_ids: given.salesforceaccountid ? { salesforce: given.salesforceaccountid } : null,
      country: given.country || null,
      industry: given.industry || null,
      created_at: instantOf('createdate', given.createdate ?? createdAt),
    };
  },
};
