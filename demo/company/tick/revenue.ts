import { writeSpan } from '../billing.ts';
import { endContract, running } from '../contract-changes.ts';
import { writePayment } from '../invoices.ts';
import { isLive } from '../model.ts';
import { isoStamp } from '../stamps.ts';
import { type Action, pickRecord } from './action.ts';
import { changeNow } from './welcome.ts';

const systems = ['billing'];

const changePlan: Action = (company, random, at) => {
  const day = company.calendar.dayOf(at);
  const customer = random.pick(company.customers);
  const contract = isLive(customer, day) ? running(customer, day)[0] : undefined;
  if (!contract) return null;
  const before = contract.spans[contract.spans.length - 1]!.mrrCents;
  const after = Math.max(
    5000,
    Math.round((before * (random.chance(0.7) ? random.between(1.1, 1.4) : random.between(0.6, 0.9))) / 500) *
      500,
  );
  if (after === before) return null;
  changeNow(company, customer, contract, day, at, after);
  return {
    systems,
    what: `${customer.firm.stem} ${after > before ? 'takes more' : 'takes less'} of ${contract.product}`,
  };
};

/** Today becomes the first unpaid day of everything the customer has. */
const leave: Action = (company, random, at) => {
  const day = company.calendar.dayOf(at);
  const customer = random.pick(company.customers);
  const contracts = isLive(customer, day) && customer.churn === null ? running(customer, day) : [];
  const all = customer.contracts.filter((c) => c.spans[c.spans.length - 1]!.end === null);
  // A contract that began today cannot end today: the customer leaves some other day.
  if (contracts.length === 0 || all.length !== contracts.length) return null;
  for (const contract of contracts) {
    endContract(contract, day);
    writeSpan(company, customer, contract, contract.spans[contract.spans.length - 1]!, at);
  }
  customer.churn = day;
  return { systems, what: `${customer.firm.stem} leaves` };
};

const pay: Action = (company, random, at) => {
  const invoice = pickRecord(
    random,
    company.billing.all('invoices'),
    (i) => i.status === 'open' || i.status === 'overdue',
  );
  if (!invoice || invoice.modifiedAt > at) return null;
  const day = company.calendar.dayOf(at);
  const record = {
    ...invoice.record,
    status: 'paid',
    paid_on: company.calendar.text(day),
    updated_at: isoStamp(at),
  };
  company.billing.put('invoices', invoice.id, record, at);
  const { customer_id, amount_cents } = invoice.record as { customer_id: string; amount_cents: number };
  writePayment(company, { invoice: invoice.id, customer: customer_id, day, cents: amount_cents, at });
  return { systems, what: `invoice ${invoice.id} is paid` };
};

export const revenueActions = [
  [changePlan, 3],
  [leave, 1],
  [pay, 7],
] as const;
