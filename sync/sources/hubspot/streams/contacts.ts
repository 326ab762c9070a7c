/** Contacts → person, with the dates at which each life-cycle stage was entered. */
import { z } from 'zod';
import { instantOf, parseRecord } from '../../parse-record.ts';
import { crmRecordsOf, type HubspotStream } from '../hubspot-stream.ts';

const stage = (name: string) => `hs_v2_date_entered_${name}`;

const properties = [
  'email',
  'firstname',
  'lastname',
  'company',
  'jobtitle',
  'country',
  'lifecyclestage',
  'createdate',
  'lastmodifieddate',
  'hs_object_id',
  'hs_analytics_source',
  'associatedcompanyid',
  'hs_merged_object_ids',
  stage('lead'),
  stage('marketingqualifiedlead'),
  stage('salesqualifiedlead'),
  stage('opportunity'),
  stage('customer'),
] as const;

/**
 * HubSpot's constants in the words that the CRM and the finance department use for the same channels, so that one
 * source is one part of a breakdown; others lose their capitals and underscores: DIRECT_TRAFFIC → Direct Traffic.
 */
const channels: Readonly<Record<string, string>> = { REFERRALS: 'Referral' };

function channelOf(constant: string | null | undefined): string | null {
  if (!constant) return null;
  return (
    channels[constant] ??
    constant
      .toLowerCase()
      .split('_')
      .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
      .join(' ')
  );
}

const schema = z.object({
  id: z.string().min(1),
  properties: z.record(z.string(), z.string().nullable()),
  createdAt: z.string().optional(),
});

export const contacts: HubspotStream = {
  name: 'contacts',
  table: 'person',
  lanes: ['backfill', 'realtime', 'settle', 'sweep'],
  after: ['companies'],
  listPath: '/crm/v3/objects/contacts',
  listQuery: { properties: properties.join(',') },
  pageSize: 100,
  search: { path: '/crm/v3/objects/contacts/search', cursorProperty: 'lastmodifieddate', properties },
  recordsOf: (row) => crmRecordsOf(row, 'lastmodifieddate'),
  unify(raw) {
    const { properties: given, createdAt } = parseRecord(schema, raw);
    const entered = (name: string) => instantOf(stage(name), given[stage(name)]);
    const mql = entered('marketingqualifiedlead');
    const customer = entered('customer');
    // A stage that was skipped counts as passed on the day of the next one, so that a funnel never widens.
    const opportunity = entered('opportunity') ?? customer;
    const sql = entered('salesqualifiedlead') ?? opportunity;
    return {
      email: given.email || null,
      name: [given.firstname, given.lastname].filter(Boolean).join(' ') || null,
      title: given.jobtitle || null,
      country: given.country || null,
      account_id: given.associatedcompanyid || null,
      source: channelOf(given.hs_analytics_source),
      kind: given.lifecyclestage || null,
      created_at: instantOf('createdate', given.createdate ?? createdAt),
      lead_at: entered('lead'),
      mql_at: mql ?? sql,
      mql_imputed: mql === null && sql !== null,
      sql_at: sql,
      opportunity_at: opportunity,
      customer_at: customer,
    };
  },
};
