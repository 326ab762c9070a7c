import { writeCustomer, writeSpan } from '../billing.ts';
import { change, running } from '../contract-changes.ts';
import { planFor } from '../customers.ts';
import { writeHubspotContact } from '../hubspot-directory.ts';
import { issueInvoice } from '../invoices.ts';
import type { Company, Contract, Customer, Deal } from '../model.ts';
import type { Random } from '../random.ts';
import { salesforceStamp } from '../stamps.ts';

/** What follows a win: a customer with a first contract, or more for a customer that is there already. */
export function welcome(company: Company, random: Random, deal: Deal, at: number): void {
  const day = company.calendar.dayOf(at);
  const { firm } = deal;
  if (firm.customer) {
    enlarge(company, firm.customer, deal, day, at);
    return;
  }
  const customer: Customer = {
    id: company.ids.billing('cus'),
    firm,
    deal,
    annual: random.chance(0.35),
    start: day,
    churn: null,
    back: null,
    contracts: [],
  };
  firm.customer = customer;
  company.customers.push(customer);
  writeCustomer(company, random, customer);
  addContract(company, customer, deal, day, at);

  const account = company.salesforce.get('Account', firm.accountId)!;
  const stamp = salesforceStamp(at);
  company.salesforce.put(
    'Account',
    firm.accountId,
    { ...account.record, Type: 'Customer', LastModifiedDate: stamp, SystemModstamp: stamp },
    at,
  );
  const buyer = firm.people.find((p) => p.hubspotId !== null && p.bornAt <= at);
  const contact = buyer && company.hubspot.get('contacts', buyer.hubspotId!);
  if (buyer && contact && !contact.gone && contact.modifiedAt <= at) {
    buyer.customerAt = at;
    writeHubspotContact(company, buyer, at);
  }
}

function addContract(company: Company, customer: Customer, deal: Deal, day: number, at: number): void {
  const span = {
    plan: planFor(deal.firm.segment, deal.mrrCents),
    mrrCents: deal.mrrCents,
    start: day,
    end: null,
    id: company.ids.billing('span'),
  };
  const contract: Contract = { no: company.ids.billing('sub'), product: deal.product, spans: [span] };
  customer.contracts.push(contract);
  writeSpan(company, customer, contract, span, at);
  const cents = span.mrrCents * (customer.annual ? 12 : 1);
  issueInvoice(company, { customer: customer.id, day, cents, at });
}

function enlarge(company: Company, customer: Customer, deal: Deal, day: number, at: number): void {
  const contract = running(customer, day).find((c) => c.product === deal.product);
  if (!contract) {
    if (customer.churn !== null && customer.back === null) customer.back = day;
    addContract(company, customer, deal, day, at);
    return;
  }
  changeNow(
    company,
    customer,
    contract,
    day,
    at,
    contract.spans[contract.spans.length - 1]!.mrrCents + deal.mrrCents,
  );
}

/** A new price from today: writes the span that ends and the one that begins. */
export function changeNow(
  company: Company,
  customer: Customer,
  contract: Contract,
  day: number,
  at: number,
  mrrCents: number,
): void {
  const before = contract.spans[contract.spans.length - 1]!;
  change(company, contract, day, mrrCents);
  const after = contract.spans[contract.spans.length - 1]!;
  if (after === before) return;
  writeSpan(company, customer, contract, before, at);
  writeSpan(company, customer, contract, after, at);
}
