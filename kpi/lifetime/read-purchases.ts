import type { Queryable } from '../../db/client.ts';
import { filterConditions } from '../read/filter-conditions.ts';
import type { Slice } from '../read/slice.ts';
import { customerKey } from '../rollup/sql.ts';
import type { Purchase } from './purchase-summary.ts';

export type BuyersPurchase = Purchase & { part: string };

const bought = {
  payment: { day: 'f.paid_on', when: 'true' },
  invoice: { day: 'f.issued_on', when: "f.status is distinct from 'void'" },
} as const;

/**
 * What customers without any subscription bought, by customer and day, in minor units: their payments, or their
 * invoices where no payment is recorded. Days on which they were only paid back are no purchases.
 */
export async function readPurchases(sql: Queryable, slice: Slice): Promise<BuyersPurchase[]> {
  const [kept] = await sql<
    { paid: boolean }[]
  >`select exists (select from payment where tenant = 1 and paid_on is not null) as paid`;
  const table = kept?.paid ? 'payment' : 'invoice';
  const { day, when } = bought[table];
  const values: unknown[] = [];
  const conditions = filterConditions(slice.filters, 'f', values);
  return sql.unsafe<BuyersPurchase[]>(
    `with f as (
       select ${customerKey} as customer, ${day} as day, f.amount, ${slice.by ? `coalesce(f.${slice.by}, '')` : `''`} as part
       from ${table} f where f.tenant = 1 and ${when} and f.amount is not null ${conditions})
     select f.customer, min(f.part) as part, f.day, sum(f.amount)::bigint as amount
     from f where f.day is not null and not exists (select from ledger l where l.tenant = 1 and l.customer = f.customer)
     group by f.customer, f.day having sum(f.amount) > 0 order by f.customer, f.day`,
    values as never[],
  );
}
