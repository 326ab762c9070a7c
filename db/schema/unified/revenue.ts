/** What customers pay, source-keyed. */
import { pg } from '../../drizzle.ts';
import { key, money, original, stamped } from './columns.ts';

const { date, index, pgTable, primaryKey, text } = pg;

export const subscription = pgTable(
  'subscription',
  {
    ...key,
    ...stamped,
    account_id: text('account_id'),
    subscription_id: text('subscription_id'),
    plan: text('plan'),
    owner: text('owner'),
    source: text('source'),
    product: text('product'),
    /** Normalised to a month, minor units. */
    mrr: money('mrr'),
    original_mrr: original('mrr'),
    currency: text('currency'),
    starts_on: date('starts_on'),
    ends_on: date('ends_on'),
  },
  (t) => [
    primaryKey({ columns: [t.tenant, t.system, t.id] }),
    index('subscription_company').on(t.company),
    index('subscription_account').on(t.tenant, t.system, t.account_id),
  ],
);

export const invoice = pgTable(
  'invoice',
  {
    ...key,
    ...stamped,
    account_id: text('account_id'),
    issued_on: date('issued_on'),
    due_on: date('due_on'),
    paid_on: date('paid_on'),
    amount: money('amount'),
    original_amount: original('amount'),
    currency: text('currency'),
    status: text('status'),
  },
  (t) => [
    primaryKey({ columns: [t.tenant, t.system, t.id] }),
    index('invoice_account').on(t.tenant, t.system, t.account_id),
  ],
);

export const payment = pgTable(
  'payment',
  {
    ...key,
    ...stamped,
    account_id: text('account_id'),
    invoice_id: text('invoice_id'),
    paid_on: date('paid_on'),
    amount: money('amount'),
    original_amount: original('amount'),
    currency: text('currency'),
  },
  (t) => [
    primaryKey({ columns: [t.tenant, t.system, t.id] }),
    index('payment_account').on(t.tenant, t.system, t.account_id),
    index('payment_invoice').on(t.tenant, t.system, t.invoice_id),
  ],
);
