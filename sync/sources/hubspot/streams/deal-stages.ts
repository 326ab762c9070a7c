/**
 * Former stages of deals → deal_stage: a record for each time a deal entered a stage, made of the histories of its
 * properties, with the amount and the close date of that moment. Owner, pipeline's probability and currency are the
 * deal's of today. Found by the deals that changed, for whoever enters a stage changes.
 */
import { z } from 'zod';
import type { SourceRecord } from '../../../source.ts';
import { canonicalJson } from '../../canonical-json.ts';
import { minorUnits } from '../../minor-units.ts';
import { instantOf, parseRecord } from '../../parse-record.ts';
import { type HubspotStream, modifiedMs, type Reading, removedMs } from '../hubspot-stream.ts';
import type { Row } from '../page.ts';
import { historyOf, valueAt, withHistories } from '../read-histories.ts';
import type { Lookups } from '../read-lookups.ts';

const cursorProperty = 'hs_lastmodifieddate';
const properties = ['dealstage', 'deal_currency_code', 'hubspot_owner_id', cursorProperty, 'hs_object_id'];
const histories = ['dealstage', 'amount', 'closedate'];

const schema = z.object({
  deal: z.string().min(1),
  enteredAt: z.string(),
  amount: z.string().nullable(),
  closeDate: z.string().nullable(),
  related: z.object({
    owner: z.string().nullable(),
    stage: z.string().nullable(),
    probability: z.number().nullable(),
    currency: z.string(),
  }),
});

/** `dayOf` gives the company's calendar date of an ISO instant; `lookups` names, shared with the deals. */
export function createDealStagesStream(
  dayOf: (at: string | null) => string | null,
  lookups: (reading: Reading) => Promise<Lookups>,
): HubspotStream {
  return {
    name: 'deal_stages',
    table: 'deal_stage',
    lanes: ['backfill', 'realtime', 'settle', 'sweep'],
    after: ['deals'],
    isDerived: true,
    listPath: '/crm/v3/objects/deals',
    listQuery: { properties: properties.join(','), propertiesWithHistory: histories.join(',') },
    // With histories, a page holds no more.
    pageSize: 50,
    search: { path: '/crm/v3/objects/deals/search', cursorProperty, properties },
    async complete(rows: readonly Row[], reading: Reading) {
      const { owners, stages, probabilities, currency } = await lookups(reading);
      return (await withHistories(reading, rows, histories)).map((row) => ({
        ...row,
        lookups: { owners, stages, probabilities, currency },
      }));
    },
    recordsOf(row) {
      const { owners, stages, probabilities, currency } = row.lookups as Lookups;
      const given = (row.properties ?? {}) as Record<string, string | null>;
      const amounts = historyOf(row, 'amount');
      const closeDates = historyOf(row, 'closedate');
      const version = modifiedMs(row, cursorProperty);
      return entriesOf(row).map(({ value, at }): SourceRecord => {
        const payload = canonicalJson({
          deal: row.id,
          enteredAt: new Date(at).toISOString(),
          amount: valueAt(amounts, at),
          closeDate: valueAt(closeDates, at),
          related: {
            owner: owners.get(given.hubspot_owner_id ?? '') ?? null,
            stage: stages.get(value) ?? value,
            probability: probabilities.get(value) ?? null,
            currency: given.deal_currency_code || currency,
          },
        });
        return { op: 'upsert', id: idOf(row, at), version, payload };
      });
    },
    removalsOf: (row) =>
      entriesOf(row).map(({ at }) => ({
        op: 'delete',
        id: idOf(row, at),
        version: removedMs(row, cursorProperty),
        reason: 'archived',
      })),
    unify(raw) {
      const { deal, enteredAt, amount, closeDate, related } = parseRecord(schema, raw);
      return {
        deal_id: deal,
        owner: related.owner,
        stage: related.stage,
        amount: minorUnits(amount, related.currency),
        currency: related.currency,
        probability: related.probability,
        close_on: dayOf(instantOf('closedate', closeDate)),
        entered_at: instantOf('enteredAt', enteredAt),
      };
    },
  };
}

/** Each entry into another stage. An import writes the same stage again: that is no entry. */
function entriesOf(row: Row): { value: string; at: number }[] {
  return historyOf(row, 'dealstage').filter(
    ({ value }, i, all) => value !== '' && value !== all[i - 1]?.value,
  );
}

/** A history has no ids; a deal cannot enter two stages in one millisecond. */
const idOf = (row: Row, at: number) => `${row.id}:${at}`;
