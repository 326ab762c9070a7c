/** Organizations → account. `external_id` is where support keeps the CRM's id. */
import { z } from 'zod';
import type { SourceRecord } from '../../../source.ts';
import { canonicalJson } from '../../canonical-json.ts';
import { instantOf, parseRecord } from '../../parse-record.ts';
import { stampMs } from '../rows.ts';
import type { ZendeskStream } from '../zendesk-stream.ts';

const schema = z.object({
  id: z.number(),
  name: z.string().nullish(),
  domain_names: z.array(z.string()).nullish(),
  external_id: z.string().nullish(),
  created_at: z.string(),
});

export const organizations: ZendeskStream = {
  name: 'organizations',
  table: 'account',
  lanes: ['backfill', 'realtime', 'sweep'],
  reading: 'time',
  path: 'incremental/organizations',
  key: 'organizations',
  idsPath: 'organizations',
  recordsOf: (rows) =>
    rows.map((row): SourceRecord => {
      const id = String(row.id);
      const version = stampMs(row.updated_at);
      if (row.deleted_at)
        return { op: 'delete', id, version: Math.max(version, stampMs(row.deleted_at)), reason: 'deleted' };
      return { op: 'upsert', id, version, payload: canonicalJson(row) };
    }),
  unify(raw) {
    const organization = parseRecord(schema, raw);
    return {
      name: organization.name ?? null,
      domain: organization.domain_names?.[0] ?? null,
      external_ids: organization.external_id ? { salesforce: organization.external_id } : null,
      created_at: instantOf('created_at', organization.created_at),
    };
  },
};
