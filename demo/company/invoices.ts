import type { Company, Contract, Customer, Span } from './model.ts';
import type { Random } from './random.ts';
import { isoStamp } from './stamps.ts';
import { writeRecord } from './write-record.ts';

/** Days a customer has to pay. */
const TERM = 30;

/** Invoices in advance, monthly or yearly from the contract's own first day, and the payments that came in. */
export function writeInvoices(company: Company): void {
  const random = company.random('invoices');
  for (const customer of company.customers) {
    for (const contract of customer.contracts) invoiceContract(company, random, customer, contract);
  }
}

function invoiceContract(company: Company, random: Random, customer: Customer, contract: Contract): void {
  const { calendar } = company;
  const first = contract.spans[0]!.start;
  const end = contract.spans[contract.spans.length - 1]!.end ?? Number.MAX_SAFE_INTEGER;
  const step = customer.annual ? 12 : 1;
  for (let month = 0; ; month += step) {
    const from = calendar.monthsAfter(first, month);
    const to = calendar.monthsAfter(first, month + step);
    if (from > calendar.anchor || from >= end) return;
    writeInvoice(company, random, customer, from, spanOn(contract.spans, from).mrrCents * step);
    if (customer.annual) invoiceUpgrades(company, random, customer, contract, from, to);
  }
}

/** A yearly customer pays the rest of the year for what it adds; reductions count from the next year on. */
function invoiceUpgrades(
  company: Company,
  random: Random,
  customer: Customer,
  contract: Contract,
  from: number,
  to: number,
): void {
  contract.spans.forEach((span, i) => {
    const before = contract.spans[i - 1];
    if (!before || span.start <= from || span.start >= to || span.mrrCents <= before.mrrCents) return;
    const cents = Math.round(((span.mrrCents - before.mrrCents) * 12 * (to - span.start)) / (to - from));
    if (cents > 0 && span.start <= company.calendar.anchor)
      writeInvoice(company, random, customer, span.start, cents);
  });
}

function spanOn(spans: readonly Span[], day: number): Span {
  return spans.find((s) => s.start <= day && (s.end === null || s.end > day)) ?? spans[spans.length - 1]!;
}

function writeInvoice(
  company: Company,
  random: Random,
  customer: Customer,
  issued: number,
  cents: number,
): void {
  const { calendar } = company;
  const due = issued + TERM;
  // Four in five pay in time, most others within six weeks of the due day, one in a hundred never.
  const paid = random.weighted([
    [issued + 3 + random.int(TERM - 3), 81],
    [due + 1 + random.int(42), 18],
    [null, 1],
  ]);
  const paidOn =
    paid !== null && calendar.workday(paid) <= calendar.anchor && paid <= calendar.anchor
      ? calendar.workday(paid)
      : null;
  const status =
    paidOn !== null
      ? 'paid'
      : due >= calendar.anchor
        ? 'open'
        : calendar.anchor - due > 120
          ? 'uncollectible'
          : 'overdue';
  const created = Math.max(customer.deal.closedAt!, calendar.at(issued, 6 * 3600));
  const settled = paidOn ?? (status === 'open' ? issued : status === 'overdue' ? due + 1 : due + 121);
  const changed = Math.max(created, Math.min(calendar.end, calendar.at(settled, 12 * 3600)));
  const id = company.ids.billing('inv');
  const record = {
    id,
    customer_id: customer.id,
    issued_on: calendar.text(issued),
    due_on: calendar.text(due),
    paid_on: paidOn === null ? null : calendar.text(paidOn),
    amount_cents: cents,
    currency: 'USD',
    status,
    updated_at: isoStamp(changed),
  };
  writeRecord(company.billing, 'invoices', id, record, { created, changed });
  if (paidOn !== null)
    writePayment(company, { invoice: id, customer: customer.id, day: paidOn, cents, at: changed });
}

/** An invoice that goes out now. */
export function issueInvoice(
  company: Company,
  invoice: { customer: string; day: number; cents: number; at: number },
): void {
  const id = company.ids.billing('inv');
  const record = {
    id,
    customer_id: invoice.customer,
    issued_on: company.calendar.text(invoice.day),
    due_on: company.calendar.text(invoice.day + TERM),
    paid_on: null,
    amount_cents: invoice.cents,
    currency: 'USD',
    status: 'open',
    updated_at: isoStamp(invoice.at),
  };
  company.billing.put('invoices', id, record, invoice.at);
}

export function writePayment(
  company: Company,
  payment: { invoice: string; customer: string; day: number; cents: number; at: number },
): void {
  const id = company.ids.billing('pay');
  const record = {
    id,
    invoice_id: payment.invoice,
    customer_id: payment.customer,
    paid_on: company.calendar.text(payment.day),
    amount_cents: payment.cents,
    currency: 'USD',
    updated_at: isoStamp(payment.at),
  };
  company.billing.put('payments', id, record, payment.at);
}
