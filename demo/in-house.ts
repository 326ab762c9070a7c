/** How Herald's settings describe the demo company's in-house systems: plain data, as it would stand in herald.yaml. */
import type { CustomSettings } from '../sync/sources/custom/settings.ts';

/** The billing database: customers, spans of subscriptions, invoices, payments and the tombstones of all four. */
export function demoBillingSettings(url: string): CustomSettings {
  const gone = (table: string) => ({
    table: 'deleted_rows',
    tableColumn: 'table_name',
    tableName: table,
    keyColumn: 'row_id',
    deletedAt: 'deleted_at',
  });
  return {
    kind: 'postgres',
    title: 'Billing',
    url,
    streams: {
      customers: {
        table: 'customers',
        key: 'id',
        updatedAt: 'updated_at',
        entity: 'account',
        map: {
          name: 'name',
          domain: 'domain',
          email: 'email',
          country: 'country',
          'external_ids.salesforce': 'crm_account_id',
          kind: { constant: 'customer' },
          created_at: 'created_at',
        },
        tombstones: gone('customers'),
      },
      subscriptions: {
        table: 'subscriptions',
        key: 'id',
        updatedAt: 'updated_at',
        entity: 'subscription',
        after: ['customers'],
        map: {
          subscription_id: 'subscription_no',
          account_id: 'customer_id',
          plan: 'plan',
          product: 'product',
          mrr: { field: 'mrr_cents', type: 'cents' },
          currency: 'currency',
          starts_on: 'started_on',
          ends_on: 'ended_on',
        },
        tombstones: gone('subscriptions'),
      },
      invoices: {
        table: 'invoices',
        key: 'id',
        updatedAt: 'updated_at',
        entity: 'invoice',
        after: ['customers'],
        map: {
          account_id: 'customer_id',
          issued_on: 'issued_on',
          due_on: 'due_on',
          paid_on: 'paid_on',
          amount: { field: 'amount_cents', type: 'cents' },
          currency: 'currency',
          status: 'status',
        },
        tombstones: gone('invoices'),
      },
      payments: {
        table: 'payments',
        key: 'id',
        updatedAt: 'updated_at',
        entity: 'payment',
        after: ['invoices'],
        map: {
          account_id: 'customer_id',
          invoice_id: 'invoice_id',
          paid_on: 'paid_on',
          amount: { field: 'amount_cents', type: 'cents' },
          currency: 'currency',
        },
        tombstones: gone('payments'),
      },
    },
  };
}

/** The finance department's CSV files. */
export function demoFilesSettings(folder: string): CustomSettings {
  return {
    kind: 'csv',
    title: 'Finance files',
    folder,
    decimal: '.',
    streams: {
      spend: {
        file: 'spend.csv',
        key: 'id',
        entity: 'spend',
        map: {
          day: 'day',
          kind: 'kind',
          campaign_id: 'campaign_id',
          source: 'source',
          amount: { field: 'amount', type: 'money' },
          currency: 'currency',
        },
      },
      nps: {
        file: 'nps.csv',
        key: 'id',
        entity: 'survey',
        map: {
          kind: { constant: 'nps' },
          email: 'email',
          account_id: 'customer_id',
          score: 'score',
          responded_at: 'answered_at',
        },
      },
    },
  };
}
