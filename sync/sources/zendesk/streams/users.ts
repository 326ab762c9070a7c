/** Users → person, when they are end users. Staff comes by its own stream. */
import { z } from 'zod';
import type { SourceRecord } from '../../../source.ts';
import { canonicalJson } from '../../canonical-json.ts';
import { instantOf, parseRecord } from '../../parse-record.ts';
import { stampMs } from '../rows.ts';
import type { ZendeskStream } from '../zendesk-stream.ts';

const schema = z.object({
  id: z.number(),
  name: z.string().nullish(),
  email: z.string().nullish(),
  role: z.string(),
  organization_id: z.number().nullish(),
  active: z.boolean().optional(),
  created_at: z.string().nullish(),
});

export const users: ZendeskStream = {
  name: 'users',
  table: 'person',
  lanes: ['backfill', 'realtime', 'sweep'],
  after: ['organizations'],
  reading: 'cursor',
  path: 'incremental/users/cursor',
  key: 'users',
  idsPath: 'users',
  recordsOf: (rows) =>
    rows.map((row): SourceRecord => {
      const id = String(row.id);
      const version = stampMs(row.updated_at);
      // A deleted user stays in the export, inactive.
      if (row.active === false) return { op: 'delete', id, version, reason: 'deleted' };
      return { op: 'upsert', id, version, payload: canonicalJson(row) };
    }),
  unify(raw) {
    const user = parseRecord(schema, raw);
    if (user.role !== 'end-user') return null;
    return {
      name: user.name ?? null,
      email: user.email || null,
      account_id: user.organization_id == null ? null : String(user.organization_id),
      kind: user.role,
      created_at: instantOf('created_at', user.created_at),
    };
  },
};

export const agents: ZendeskStream = {
  name: 'agents',
  table: 'staff',
  lanes: ['backfill', 'realtime'],
  reading: 'snapshot',
  path: 'users',
  key: 'users',
  query: { 'role[]': ['agent', 'admin'] },
  recordsOf: (rows) =>
    rows.map(
      (row): SourceRecord => ({
        op: 'upsert',
        id: String(row.id),
        version: stampMs(row.updated_at),
        payload: canonicalJson(row),
      }),
    ),
  unify(raw) {
    const user = parseRecord(schema, raw);
    return { name: user.name ?? null, email: user.email || null, active: user.active !== false };
  },
};
