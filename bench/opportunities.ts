/** Generated Salesforce opportunities of about 1 KB, as the source hands them to the loader, with the product's mapping. */

import type { Source, SourceRecord, Stream } from '../sync/source.ts';
import { salesforceObjects } from '../sync/sources/salesforce/objects.ts';

const object = salesforceObjects.find(({ name }) => name === 'Opportunity')!;

export const opportunities: Stream = {
  name: object.name,
  table: object.table,
  lanes: ['backfill'],
  unify: (raw) => object.unify(raw, 'EUR', 'UTC'),
};

export const benchSource: Source = {
  name: 'salesforce',
  title: 'Salesforce',
  pace: {},
  streams: [opportunities],
  check: async () => ({ identity: 'bench', detail: 'generated' }),
  read: async function* () {},
};

/** What everything sums up to is known: amounts are 100 × (i mod 1000) whole euros, plus one per `round` it changed. */
export const amountOf = (i: number, round: number) => 100 * (i % 1000) + round;

export function opportunityOf(i: number, round: number): Extract<SourceRecord, { op: 'upsert' }> {
  const id = `006${String(i).padStart(12, '0')}AAA`;
  const day = `${2024 + (i % 2)}-${String(1 + (i % 12)).padStart(2, '0')}-${String(1 + (i % 28)).padStart(2, '0')}`;
  return {
    op: 'upsert',
    id,
    version: 1_750_000_000_000 + round,
    payload: JSON.stringify({
      AccountId: `001${String(i % 5000).padStart(12, '0')}AAA`,
      Amount: amountOf(i, round),
      CampaignId: `701${String(i % 90).padStart(12, '0')}AAA`,
      CloseDate: day,
      CreatedDate: `${day}T09:30:00.000+0000`,
      CurrencyIsoCode: 'EUR',
      Description: `Renewal of "core", seats ${i}. ${'Talked to procurement; they ask for a longer term. '.repeat(8)}`,
      ForecastCategoryName: 'Closed',
      Id: id,
      IsClosed: true,
      IsDeleted: false,
      IsWon: i % 3 === 0,
      LastActivityDate: day,
      LeadSource: ['Web', 'Partner', 'Event', 'Outbound'][i % 4],
      Name: `Acme ${i} – renewal`,
      Owner: { attributes: { type: 'User' }, Name: `Rep ${i % 40}` },
      Probability: 100,
      Product__c: ['Core', 'Plus', 'Max'][i % 3],
      StageName: i % 3 === 0 ? 'Closed Won' : 'Closed Lost',
      SystemModstamp: '2026-11-01T09:30:00.000+0000',
      Type: 'New Business',
    }),
  };
}
