/** Customers of a bulk, straight into the unified tables on the loader's own path: two accounts each, and their facts. */
import type { Database } from '../../../db/client.ts';
import type { UnifiedRow, UnifiedTable } from '../../../sync/source.ts';
import { writeUnified } from '../../../sync/unified.ts';

/** Rows per batch, as the loader writes them. */
const BATCH = 5_000;

type Kind = {
  table: UnifiedTable;
  system: string;
  /** Rows per customer. */
  each: number;
  row: (customer: number, nth: number) => UnifiedRow;
};

const regions = ['EMEA', 'AMER', 'APAC'];
const day = (n: number) => `2026-0${1 + (n % 9)}-${10 + (n % 18)}`;
const at = (n: number, hour = 8) => `${day(n)}T${String(hour).padStart(2, '0')}:00:00Z`;
const money = (n: number) => 10_000 + (n % 977) * 100;

const kinds: readonly Kind[] = [
  {
    table: 'account',
    system: 'salesforce',
    each: 1,
    row: (c) => ({
      name: `Customer ${c} Inc`,
      domain: `customer${c}.example`,
      region: regions[c % 3]!,
      segment: c % 2 ? 'SMB' : 'Enterprise',
      owner: `rep${c % 50}`,
      source: 'web',
    }),
  },
  {
    table: 'account',
    system: 'billing',
    each: 1,
    row: (c) => ({ name: `CUSTOMER ${c}`, external_ids: { salesforce: `account-${c}-0` } }),
  },
  {
    table: 'person',
    system: 'salesforce',
    each: 2,
    row: (c, n) => ({
      account_id: n === 0 ? `account-${c}-0` : null,
      email: `p${n}@customer${c}.example`,
      created_at: at(c),
    }),
  },
  {
    table: 'deal',
    system: 'salesforce',
    each: 2,
    row: (c, n) => ({
      account_id: `account-${c}-0`,
      name: `Deal ${c} ${n}`,
      amount: money(c + n),
      currency: 'USD',
      stage: 'Closed Won',
      is_closed: true,
      is_won: n === 0,
      created_on: day(c),
      closed_on: day(c + n + 1),
    }),
  },
  {
    table: 'deal_stage',
    system: 'salesforce',
    each: 4,
    row: (c, n) => ({
      deal_id: `deal-${c}-${n % 2}`,
      stage: n < 2 ? 'Open' : 'Closed Won',
      entered_at: at(c + n),
    }),
  },
  {
    table: 'activity',
    system: 'salesforce',
    each: 1,
    row: (c) => ({ person_id: `person-${c}-0`, kind: 'call', at: at(c) }),
  },
  {
    table: 'touch',
    system: 'salesforce',
    each: 1,
    row: (c) => ({ person_id: `person-${c}-1`, source: 'web', kind: 'form', touched_at: at(c) }),
  },
  {
    table: 'subscription',
    system: 'billing',
    each: 1,
    row: (c) => ({
      account_id: `account-${c}-0`,
      mrr: money(c),
      currency: 'USD',
      plan: 'pro',
      starts_on: day(c),
    }),
  },
  {
    table: 'invoice',
    system: 'billing',
    each: 1,
    row: (c) => ({
      account_id: `account-${c}-0`,
      issued_on: day(c),
      due_on: day(c + 9),
      amount: money(c),
      currency: 'USD',
    }),
  },
  {
    table: 'ticket',
    system: 'salesforce',
    each: 0.4,
    row: (c) => ({
      account_id: `account-${c}-0`,
      status: 'solved',
      priority: 'high',
      created_at: at(c, 8),
      subject: 'Help',
    }),
  },
  {
    table: 'ticket_event',
    system: 'salesforce',
    each: 0.4,
    row: (c) => ({
      ticket_id: `ticket-${c}-0`,
      metric: 'status',
      kind: 'change',
      value: 'new',
      at: at(c, 8),
    }),
  },
  {
    table: 'conversation',
    system: 'intercom',
    each: 0.2,
    row: (c) => ({ person_id: `person-${c}-0`, state: 'closed', created_at: at(c) }),
  },
  {
    table: 'survey',
    system: 'billing',
    each: 0.2,
    row: (c) => ({ email: `P0@customer${c}.example`, score: c % 11, kind: 'nps', responded_at: at(c) }),
  },
];

/** Write customers `from` (inclusive) to `to` (exclusive). Returns how many facts that were, accounts included. */
export async function loadBulk(db: Database, from: number, to: number): Promise<number> {
  let total = 0;
  for (const { table, system, each, row } of kinds) {
    let rows = new Map<string, UnifiedRow>();
    const flush = async () => {
      if (rows.size === 0) return;
      await db.inTransaction(async (tx) => {
        const [batch] = await tx<{ id: number }[]>`
          insert into change_batch (source, stream) values (${system}, ${table}) returning id`;
        await writeUnified(tx, { table, system, batchId: batch!.id, rows, out: [] });
      });
      total += rows.size;
      rows = new Map();
    };
    for (let customer = from; customer < to; customer++) {
      const n = each >= 1 ? each : customer % Math.round(1 / each) === 0 ? 1 : 0;
      for (let nth = 0; nth < n; nth++) rows.set(`${table}-${customer}-${nth}`, row(customer, nth));
      if (rows.size >= BATCH) await flush();
    }
    await flush();
  }
  return total;
}
