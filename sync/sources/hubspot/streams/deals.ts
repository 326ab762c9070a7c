/**
 * Deals → deal, for companies whose CRM is HubSpot. Search and lists give ids where people have names, and no company:
 * owners, stages and the currency of the account are looked up, companies read from the associations.
 * A change of an association moves no stamp of the deal: a push names it, or the daily reading of the whole list finds it.
 */
import { z } from 'zod';
import { minorUnits } from '../../minor-units.ts';
import { instantOf, parseRecord } from '../../parse-record.ts';
import { crmRecordsOf, type HubspotStream, type Reading } from '../hubspot-stream.ts';
import type { Row } from '../page.ts';
import { readAssociated } from '../read-associated.ts';
import type { Lookups } from '../read-lookups.ts';

const properties = [
  'dealname',
  'amount',
  'deal_currency_code',
  'dealstage',
  'pipeline',
  'hs_deal_stage_probability',
  'hs_is_closed',
  'hs_is_closed_won',
  'hs_manual_forecast_category',
  'closedate',
  'createdate',
  'dealtype',
  'hs_analytics_source',
  'hubspot_owner_id',
  'notes_last_contacted',
  'hs_lastmodifieddate',
  'hs_object_id',
  'hs_merged_object_ids',
] as const;

const schema = z.object({
  id: z.string().min(1),
  properties: z.record(z.string(), z.string().nullable()),
  createdAt: z.string().optional(),
  related: z.object({
    company: z.string().nullable(),
    owner: z.string().nullable(),
    stage: z.string().nullable(),
    currency: z.string(),
  }),
});

/** `dayOf` gives the company's calendar date of an ISO instant, `lookups` the names behind ids. */
export function createDealsStream(
  dayOf: (at: string | null) => string | null,
  lookups: (reading: Reading) => Promise<Lookups>,
): HubspotStream {
  return {
    name: 'deals',
    table: 'deal',
    lanes: ['backfill', 'realtime', 'settle', 'sweep'],
    after: ['companies', 'owners'],
    listPath: '/crm/v3/objects/deals',
    listQuery: { properties: properties.join(',') },
    pageSize: 100,
    search: { path: '/crm/v3/objects/deals/search', cursorProperty: 'hs_lastmodifieddate', properties },
    async complete(rows: readonly Row[], reading: Reading) {
      const { owners, stages, currency } = await lookups(reading);
      const companies = await readAssociated(
        reading,
        'deals',
        'companies',
        rows.map((row) => row.id),
      );
      return rows.map((row) => {
        const given = (row.properties ?? {}) as Record<string, string | null>;
        const related = {
          company: companies.get(row.id) ?? null,
          owner: owners.get(given.hubspot_owner_id ?? '') ?? null,
          stage: stages.get(given.dealstage ?? '') ?? given.dealstage ?? null,
          currency: given.deal_currency_code || currency,
        };
        return { ...row, related };
      });
    },
    recordsOf: (row) => crmRecordsOf(row, 'hs_lastmodifieddate'),
    unify(raw) {
      const { properties: given, createdAt, related } = parseRecord(schema, raw);
      const closed = instantOf('closedate', given.closedate);
      const created = instantOf('createdate', given.createdate ?? createdAt);
      const share = given.hs_deal_stage_probability ? Number(given.hs_deal_stage_probability) : null;
      return {
        name: given.dealname || null,
        account_id: related.company,
        owner: related.owner,
        amount: minorUnits(given.amount, related.currency),
        currency: related.currency,
        stage: related.stage,
        // HubSpot's is 0–1.
        probability: share === null || Number.isNaN(share) ? null : Math.round(share * 100),
        forecast_category: given.hs_manual_forecast_category || null,
        is_closed: given.hs_is_closed === 'true',
        is_won: given.hs_is_closed_won === 'true',
        created_on: dayOf(created),
        closed_on: dayOf(closed),
        kind: given.dealtype || null,
        source: given.hs_analytics_source || null,
        last_activity_on: dayOf(instantOf('notes_last_contacted', given.notes_last_contacted)),
      };
    },
  };
}
