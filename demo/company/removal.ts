import type { Company } from './model.ts';
import { epochSeconds, isoStamp, salesforceStamp, zendeskStamp } from './stamps.ts';

/** Soft deletion in Salesforce; with `into`, the loss side of a merge. */
export function deleteInSalesforce(
  company: Company,
  object: string,
  id: string,
  at: number,
  into?: string,
): void {
  const { record } = company.salesforce.get(object, id)!;
  const stamp = salesforceStamp(at);
  const changed: Record<string, unknown> = {
    ...record,
    IsDeleted: true,
    LastModifiedDate: stamp,
    SystemModstamp: stamp,
  };
  if (into !== undefined) changed.MasterRecordId = into;
  company.salesforce.put(object, id, changed, at);
  company.salesforce.remove(object, id, at, into === undefined ? 'deleted' : 'merged', into);
}

/** Into HubSpot's recycle bin. */
export function archiveInHubspot(company: Company, object: string, id: string, at: number): void {
  const { record } = company.hubspot.get(object, id)!;
  company.hubspot.put(
    object,
    id,
    { ...record, archived: true, archivedAt: isoStamp(at), updatedAt: isoStamp(at) },
    at,
  );
  company.hubspot.remove(object, id, at, 'archived');
}

/** HubSpot: the loser vanishes, the survivor lists it. */
export function mergeInHubspot(company: Company, loser: string, survivor: string, at: number): void {
  const { record } = company.hubspot.get('contacts', survivor)!;
  const properties = record.properties as Record<string, string | null>;
  const merged = properties.hs_merged_object_ids ? `${properties.hs_merged_object_ids};${loser}` : loser;
  company.hubspot.put(
    'contacts',
    survivor,
    {
      ...record,
      properties: { ...properties, hs_merged_object_ids: merged, lastmodifieddate: isoStamp(at) },
      updatedAt: isoStamp(at),
    },
    at,
  );
  const gone = company.hubspot.get('contacts', loser)!.record;
  company.hubspot.put('contacts', loser, { ...gone, updatedAt: isoStamp(at) }, at);
  company.hubspot.remove('contacts', loser, at, 'merged', survivor);
}

/** Intercom tells of a deleted contact by answering "not found". */
export function deleteInIntercom(company: Company, id: string, at: number): void {
  const { record } = company.intercom.get('contacts', id)!;
  company.intercom.put('contacts', id, { ...record, updated_at: epochSeconds(at) }, at);
  company.intercom.remove('contacts', id, at, 'deleted');
}

/** A deleted ticket stays in Zendesk's incremental export with its status. */
export function deleteTicket(company: Company, id: string, at: number): void {
  const { record } = company.zendesk.get('tickets', id)!;
  company.zendesk.put(
    'tickets',
    id,
    { ...record, status: 'deleted', updated_at: zendeskStamp(at), generated_timestamp: epochSeconds(at) },
    at,
  );
  company.zendesk.remove('tickets', id, at, 'deleted');
}

/** A row that leaves the billing database leaves a tombstone. */
export function deleteBillingRow(company: Company, table: string, id: string, at: number): void {
  company.billing.remove(table, id, at, 'hard_deleted');
  const n = company.billing.count('deleted_rows') + 1;
  company.billing.put(
    'deleted_rows',
    String(n),
    { id: n, table_name: table, row_id: id, deleted_at: isoStamp(at) },
    at,
  );
}
