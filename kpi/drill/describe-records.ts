/** What a record is called, whose it is and which company it belongs to: read for the records of one part at once. */
import type { Queryable } from '../../db/client.ts';
import type { FactTable } from '../definition.ts';
import type { Origin } from '../read/lineage.ts';

/** All of it untrusted text. */
export type Described = {
  name: string | null;
  owner: string | null;
  customer: string | null;
  amount: number | null;
};

type Columns = { name: string; owner?: string; company?: true; amount?: string };

/** Columns of each table, as `r`. */
const columns: Record<FactTable, Columns> = {
  account: { name: 'r.name', company: true },
  person: { name: 'coalesce(r.name, r.email)', owner: 'r.owner', company: true },
  deal: { name: 'r.name', owner: 'r.owner', company: true, amount: 'r.amount' },
  deal_stage: { name: 'r.stage', owner: 'r.owner', company: true, amount: 'r.amount' },
  campaign: { name: 'r.name' },
  touch: { name: 'r.kind', company: true },
  spend: { name: 'r.kind' },
  email_send: { name: 'r.name' },
  ticket: { name: 'r.subject', owner: 'r.owner', company: true },
  ticket_event: { name: "concat_ws(' ', r.metric, r.kind)", owner: 'r.owner', company: true },
  conversation: { name: 'r.channel', owner: 'r.owner', company: true },
  activity: { name: 'r.kind', owner: 'r.owner', company: true },
  subscription: { name: "concat_ws(' ', r.product, r.plan)", company: true, owner: 'r.owner' },
  invoice: { name: 'r.id', company: true },
  payment: { name: 'r.id', company: true },
  quota: { name: 'r.owner', owner: 'r.owner' },
  forecast: { name: 'r.owner', owner: 'r.owner' },
  survey: { name: 'r.kind', company: true },
};

/** In the order of the origins; a record that is gone has no words. */
export async function describeRecords(sql: Queryable, origins: readonly Origin[]): Promise<Described[]> {
  const found = new Map<string, Described>();
  for (const [table, own] of Map.groupBy(origins, (origin) => origin.table)) {
    const { name, owner = 'null', amount = 'null', company } = columns[table];
    const rows = await sql.unsafe<(Described & { system: string; id: string })[]>(
      `select r.system, r.id, ${name} as name, ${owner} as owner, ${amount}::float8 as amount, ${company ? 'c.name' : 'null'} as customer
       from "${table}" r join (select distinct * from unnest($1::text[], $2::text[]) as o(system, id)) o on o.system = r.system and o.id = r.id
       ${company ? 'left join company c on c.id = r.company' : ''} where r.tenant = 1`,
      [own.map(({ system }) => system), own.map(({ id }) => id)] as never[],
    );
    for (const { system, id, ...words } of rows) found.set(key({ table, system, id }), words);
  }
  return origins.map(
    (origin) => found.get(key(origin)) ?? { name: null, owner: null, customer: null, amount: null },
  );
}

const key = ({ table, system, id }: Pick<Origin, 'table' | 'system' | 'id'>) =>
  JSON.stringify([table, system, id]);
