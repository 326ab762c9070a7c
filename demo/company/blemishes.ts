import type { Company } from './model.ts';
import { scaled } from './model.ts';
import type { Random } from './random.ts';
import type { Stored } from './records.ts';
import {
  archiveInHubspot,
  deleteBillingRow,
  deleteInIntercom,
  deleteInSalesforce,
  deleteTicket,
  mergeInHubspot,
} from './removal.ts';
import { salesforceStamps } from './salesforce-directory.ts';
import { isoStamp } from './stamps.ts';

/** What years of work leave behind: duplicates that were merged, records deleted, archived and lost. */
export function blemish(company: Company): void {
  const random = company.random('blemishes');
  mergeAccounts(company, random);
  mergeSalesforceContacts(company, random);
  mergeHubspotContacts(company, random);

  const { salesforce, hubspot, zendesk, billing, intercom } = company;
  const drop = (records: Iterable<Stored>, count: number, remove: (stored: Stored, at: number) => void) => {
    const live = [...records].filter((s) => !s.gone);
    for (let i = 0; i < count && live.length > 0; i++) {
      const [stored] = live.splice(random.int(live.length), 1);
      remove(stored!, later(company, random, stored!.modifiedAt));
    }
  };
  drop(
    [...salesforce.all('Lead')].filter((s) => !s.record.IsConverted),
    scaled(company, 70),
    (s, at) => deleteInSalesforce(company, 'Lead', s.id, at),
  );
  drop(
    [...salesforce.all('Opportunity')].filter((s) => !s.record.IsWon),
    scaled(company, 40),
    (s, at) => deleteInSalesforce(company, 'Opportunity', s.id, at),
  );
  drop(salesforce.all('Task'), scaled(company, 60), (s, at) => deleteInSalesforce(company, 'Task', s.id, at));
  drop(salesforce.all('CampaignMember'), scaled(company, 300, 2), (s, at) =>
    salesforce.remove('CampaignMember', s.id, at, 'hard_deleted'),
  );
  drop(hubspot.all('contacts'), scaled(company, 110), (s, at) =>
    archiveInHubspot(company, 'contacts', s.id, at),
  );
  drop(zendesk.all('tickets'), scaled(company, 40), (s, at) => deleteTicket(company, s.id, at));
  drop(intercom.all('contacts'), scaled(company, 20), (s, at) => deleteInIntercom(company, s.id, at));
  drop(
    [...billing.all('invoices')].filter((s) => s.record.status === 'open'),
    scaled(company, 3),
    (s, at) => deleteBillingRow(company, 'invoices', s.id, at),
  );
}

/** A moment after that one, within history. */
function later(company: Company, random: Random, at: number): number {
  const left = company.calendar.end - at;
  return Math.floor((at + left * random.between(0.02, 0.6)) / 1000) * 1000;
}

/** Firms entered twice; the second entry was merged into the first. */
function mergeAccounts(company: Company, random: Random): void {
  for (let i = 0; i < scaled(company, 18); i++) {
    const firm = random.pick(company.firms);
    const known = company.salesforce.get('Account', firm.accountId)!;
    const id = company.ids.salesforce('Account');
    const created = later(company, random, firm.bornAt);
    const record = {
      ...known.record,
      Id: id,
      Name: firm.stem,
      Type: 'Prospect',
      Website: null,
      ...salesforceStamps(created, created),
    };
    company.salesforce.put('Account', id, record, created);
    deleteInSalesforce(company, 'Account', id, later(company, random, created), firm.accountId);
  }
}

function mergeSalesforceContacts(company: Company, random: Random): void {
  const known = company.people.filter((p) => p.contactId !== null);
  for (let i = 0; i < scaled(company, 40); i++) {
    const person = random.pick(known);
    const id = company.ids.salesforce('Contact');
    const created = later(company, random, person.contactAt!);
    const record = {
      ...company.salesforce.get('Contact', person.contactId!)!.record,
      Id: id,
      Title: null,
      ...salesforceStamps(created, created),
    };
    company.salesforce.put('Contact', id, record, created);
    deleteInSalesforce(company, 'Contact', id, later(company, random, created), person.contactId!);
  }
}

/** People who filled in a form twice, with another address. */
function mergeHubspotContacts(company: Company, random: Random): void {
  const known = company.people.filter((p) => p.hubspotId !== null);
  for (let i = 0; i < scaled(company, 90); i++) {
    const person = random.pick(known);
    const survivor = company.hubspot.get('contacts', person.hubspotId!)!;
    const id = company.ids.hubspot('contacts');
    const created = later(company, random, person.bornAt);
    const stamp = isoStamp(created);
    const record = {
      ...survivor.record,
      id,
      properties: {
        ...(survivor.record.properties as Record<string, string | null>),
        email: `${person.first.toLowerCase()}${created % 1000}${i}@gmail.com`,
        lifecyclestage: 'lead',
        createdate: stamp,
        lastmodifieddate: stamp,
        hs_object_id: id,
        hs_v2_date_entered_lead: stamp,
        hs_v2_date_entered_marketingqualifiedlead: null,
        hs_v2_date_entered_salesqualifiedlead: null,
        hs_v2_date_entered_opportunity: null,
        hs_v2_date_entered_customer: null,
      },
      createdAt: stamp,
      updatedAt: stamp,
      archived: false,
    };
    company.hubspot.put('contacts', id, record, created);
    mergeInHubspot(
      company,
      id,
      person.hubspotId!,
      Math.max(survivor.modifiedAt, later(company, random, created)),
    );
  }
}
