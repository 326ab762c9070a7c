import type { Company, Contract, Customer, Span } from './model.ts';
import { slug, spelling } from './names.ts';
import type { Random } from './random.ts';
import { isoStamp } from './stamps.ts';
import { writeRecord } from './write-record.ts';

/** Customers and their subscription spans, as the billing database holds them. */
export function writeBilling(company: Company): void {
  const random = company.random('billing');
  for (const customer of company.customers) {
    writeCustomer(company, random, customer);
    for (const contract of customer.contracts)
      for (const span of contract.spans) writeSpan(company, customer, contract, span);
  }
}

export function writeCustomer(company: Company, random: Random, customer: Customer): void {
  const { firm } = customer;
  const at = customer.deal.closedAt!;
  const linked = random.chance(0.85);
  // Who is not linked by id must be found by domain or by name; a few only by name.
  const host = random.chance(linked ? 0.2 : 0.12)
    ? null
    : random.chance(0.8)
      ? firm.domains[0]!
      : random.pick(firm.domains);
  const record = {
    id: customer.id,
    name: spelling(random, firm.stem, firm.legal),
    domain: host,
    email: random.chance(0.1) ? null : `billing@${host ?? `${slug(firm.stem)}.com`}`,
    crm_account_id: linked ? firm.accountId : null,
    country: firm.country,
    created_at: isoStamp(at),
    updated_at: isoStamp(at),
  };
  company.billing.put('customers', customer.id, record, at);
}

/** `decidedAt` is when an end was entered; by default the morning of the first unpaid day. */
export function writeSpan(
  company: Company,
  customer: Customer,
  contract: Contract,
  span: Span,
  decidedAt?: number,
): void {
  const { calendar } = company;
  const created = Math.max(customer.deal.closedAt!, calendar.at(span.start, 7 * 3600));
  const changed =
    decidedAt ?? (span.end === null ? created : Math.max(created, calendar.at(span.end, 7 * 3600)));
  const record = {
    id: span.id,
    subscription_no: contract.no,
    customer_id: customer.id,
    plan: span.plan,
    product: contract.product,
    mrr_cents: span.mrrCents,
    currency: 'USD',
    started_on: calendar.text(span.start),
    ended_on: span.end === null ? null : calendar.text(span.end),
    updated_at: isoStamp(changed),
  };
  writeRecord(company.billing, 'subscriptions', span.id, record, { created, changed });
}
