import type { Company, Firm, Person } from './model.ts';
import { spelling } from './names.ts';
import { salesforceStamp } from './stamps.ts';
import { writeRecord } from './write-record.ts';

/** The three stamps and the deletion mark of every Salesforce record. */
export function salesforceStamps(created: number, changed: number) {
  const stamp = salesforceStamp(changed);
  return {
    IsDeleted: false,
    CreatedDate: created === changed ? stamp : salesforceStamp(created),
    LastModifiedDate: stamp,
    SystemModstamp: stamp,
  };
}

/** Accounts, contacts and leads. */
export function writeSalesforceDirectory(company: Company): void {
  const random = company.random('salesforce directory');
  for (const firm of company.firms) {
    const changed = firm.customer?.deal.closedAt ?? firm.bornAt;
    const record = accountRecord(firm, spelling(random, firm.stem, firm.legal), changed);
    if (random.chance(0.06)) record.Website = null;
    else if (firm.domains.length > 1 && random.chance(0.3)) record.Website = `https://www.${firm.domains[1]}`;
    writeRecord(company.salesforce, 'Account', firm.accountId, record, {
      created: firm.bornAt,
      changed: Math.max(firm.bornAt, changed),
    });
  }
  for (const person of company.people) {
    if (person.contactId) writeContact(company, person);
    if (person.leadId) writeLead(company, person, random.next());
  }
}

export function accountRecord(firm: Firm, name: string, changed: number): Record<string, unknown> {
  return {
    Id: firm.accountId,
    Name: name.trim(),
    Website: `https://www.${firm.domains[0]}`,
    Industry: firm.industry,
    BillingCountry: firm.country,
    Region__c: firm.region,
    Segment__c: firm.segment,
    OwnerId: firm.owner.userId,
    Type: firm.customer ? 'Customer' : 'Prospect',
    AccountSource: firm.source,
    MasterRecordId: null,
    ...salesforceStamps(firm.bornAt, Math.max(firm.bornAt, changed)),
  };
}

export function writeContact(company: Company, person: Person): void {
  const at = person.contactAt!;
  const record = {
    Id: person.contactId,
    AccountId: person.firm!.accountId,
    FirstName: person.first,
    LastName: person.last,
    Email: person.email,
    Title: person.title,
    OwnerId: person.firm!.owner.userId,
    LeadSource: person.source,
    MasterRecordId: null,
    ...salesforceStamps(at, at),
  };
  company.salesforce.put('Contact', person.contactId!, record, at);
}

/** `luck` in [0, 1) decides how far an unconverted lead has come. */
export function writeLead(company: Company, person: Person, luck: number): void {
  const converted = person.contactId !== null;
  const deal = converted ? person.firm!.deals.find((d) => d.createdAt === person.opportunityAt) : undefined;
  const settled = person.bornAt + (2 + Math.floor(luck * 40)) * 86_400_000;
  const changed = converted
    ? person.contactAt!
    : (person.sqlAt ?? person.mqlAt ?? (settled <= company.calendar.end ? settled : person.bornAt));
  const status = converted
    ? 'Qualified'
    : person.sqlAt
      ? 'Working'
      : changed === person.bornAt
        ? 'Open'
        : luck < 0.55
          ? 'Unqualified'
          : 'Nurturing';
  const record = {
    Id: person.leadId,
    FirstName: person.first,
    LastName: person.last,
    Email: person.email,
    Company: person.companyText,
    Country: person.country,
    Region__c: person.region,
    Segment__c: person.segment,
    Status: status,
    LeadSource: person.source,
    IsConverted: converted,
    ConvertedDate: converted ? company.calendar.text(company.calendar.dayOf(person.contactAt!)) : null,
    ConvertedAccountId: converted ? person.firm!.accountId : null,
    ConvertedContactId: person.contactId,
    ConvertedOpportunityId: deal?.id ?? null,
    OwnerId: person.owner.userId,
    MasterRecordId: null,
    ...salesforceStamps(person.bornAt, changed),
  };
  writeRecord(company.salesforce, 'Lead', person.leadId!, record, { created: person.bornAt, changed });
}
