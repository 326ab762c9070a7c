/** What a sync leaves behind, comparable between two databases: rows, history, matches, and what Herald answers. */
import type { Database } from '../../db/client.ts';
import type { Answer } from '../../kpi/answer.ts';
import type { WorkerHome } from './worker.ts';

export const unifiedTables = [
  'account',
  'person',
  'deal',
  'deal_stage',
  'campaign',
  'touch',
  'spend',
  'email_send',
  'ticket',
  'ticket_event',
  'conversation',
  'activity',
  'subscription',
  'invoice',
  'payment',
  'quota',
  'forecast',
  'survey',
  'staff',
] as const;

const questions = [
  'churn last quarter',
  'mrr last month',
  'win rate by region last quarter',
  'bookings last quarter by segment',
  'csat last quarter',
  'nrr last quarter',
];

export type Remains = Record<string, readonly string[]>;

/** Companies are compared by their members: their numbers depend on the order of arrival. */
export async function readRemains({ db, herald }: WorkerHome, now: string): Promise<Remains> {
  const remains: Remains = {};
  const texts = async (query: string) => (await db.sql.unsafe<{ t: string }[]>(query)).map((row) => row.t);
  for (const table of unifiedTables)
    remains[table] = await texts(`select (to_jsonb(r) - 'company')::text as t from "${table}" r order by 1`);
  remains.companies = await texts(
    `select string_agg(system || ' ' || id, ', ' order by system, id) as t from entity_link group by company order by 1`,
  );
  remains.history = await texts(
    `select concat_ws(' ', source, stream, id, string_agg(op || ' ' || coalesce(md5(payload), ''), ' > ' order by valid_from)) as t
     from record_version group by source, stream, id order by 1`,
  );
  remains.answers = [];
  for (const question of questions) {
    const { out } = await herald('ask', question, '--format', 'json', '--now', now);
    const { value, components, series, parts } = JSON.parse(out) as Answer;
    remains.answers = [...remains.answers, JSON.stringify([question, value, components, series, parts])];
  }
  return remains;
}

/** Lines that only one of them has, the first few of each kind; nothing when they are the same. */
export function differences(were: Remains, are: Remains): string[] {
  return Object.keys(were).flatMap((kind) => {
    const [before, after] = [new Set(were[kind]), new Set(are[kind])];
    const lost = were[kind]!.filter((line) => !after.has(line));
    const gained = are[kind]!.filter((line) => !before.has(line));
    const doubled = are[kind]!.length - after.size - (were[kind]!.length - before.size);
    return [
      ...(lost.length > 0 ? [`${kind}: ${lost.length} lost, as ${lost[0]}`] : []),
      ...(gained.length > 0 ? [`${kind}: ${gained.length} too many, as ${gained[0]}`] : []),
      ...(doubled > 0 ? [`${kind}: ${doubled} doubled`] : []),
    ];
  });
}

/** Versions that repeat the one before them. */
export async function repeatedVersions(db: Database): Promise<number> {
  const [row] = await db.sql<{ n: number }[]>`
    select count(*)::int as n from (
      select op, payload, lag(op) over w as op_before, lag(payload) over w as payload_before, row_number() over w as at
      from record_version window w as (partition by tenant, source, stream, id order by valid_from)) v
    where at > 1 and op = op_before and payload is not distinct from payload_before`;
  return row!.n;
}

/** Present records whose newest version is missing, or positions that refer to a batch that was never committed. */
export async function dangling(db: Database): Promise<number> {
  const [row] = await db.sql<{ n: number }[]>`
    select (select count(*) from record_head h where not exists (
        select from record_version v where v.tenant = h.tenant and v.source = h.source and v.stream = h.stream and v.id = h.id))::int
      + (select count(*) from checkpoint c join change_batch b on b.id = c.batch_id where b.seq is null)::int as n`;
  return row!.n;
}
