/** One rule against the records: what breaks it becomes a finding, what no longer does is resolved, in one statement. */
import type { Transaction } from '../../db/client.ts';
import type { RecordRule, Rule, SetRule, Severity } from './rule.ts';

/** What was not there before: for whoever tells people. */
export type Opened = {
  rule: string;
  severity: Severity;
  table: string | null;
  /** How many were opened; the first few in words. */
  n: number;
  sentences: string[];
  /** "3 won deals have no amount". */
  summary: string;
};

export type Clock = { at: Date; today: string; titles: Readonly<Record<string, string>> };
/** Changes after `from`, up to `to`. */
export type Range = { from: number; to: number };

const EXAMPLES = 10;

/** Try a rule on everything, or, where it is about single records, on what changed in `range`. */
export async function applyRule(
  tx: Transaction,
  rule: RecordRule | SetRule,
  clock: Clock,
  range: Range | null,
): Promise<Opened | null> {
  const narrow = rule.kind === 'record' && range !== null;
  const rows = await tx.unsafe<{ n: number; sentence: string }[]>(
    `with clock as materialized (select $1::timestamptz as at, $2::date as today, $3::text::jsonb as titles, $4::bigint as lo, $5::bigint as hi),
     ${narrow ? `concerned as materialized (${concerned(rule)}),` : ''}
     found as materialized (${rule.kind === 'set' ? rule.query : broken(rule, narrow)}),
     ${upsert('found')},
     mended as (
       update quality_finding q set resolved_at = clock.at from clock
       where q.tenant = 1 and q.rule = $6 and q.resolved_at is null
         ${narrow ? 'and exists (select from concerned c where c.system = q.system and c.id = q.subject)' : ''}
         and not exists (select from found f where f.system = q.system and f.subject = q.subject) returning 1)
     select count(*) over ()::int as n, sentence from put where opened order by subject limit ${EXAMPLES}`,
    [
      clock.at,
      clock.today,
      JSON.stringify(clock.titles),
      range?.from ?? 0,
      range?.to ?? 0,
      rule.name,
      rule.severity,
      rule.table,
    ] as never[],
  );
  return rows.length === 0
    ? null
    : openedBy(
        rule,
        rows[0]!.n,
        rows.map((row) => row.sentence),
      );
}

export function openedBy(rule: Rule, n: number, sentences: string[], table = rule.table): Opened {
  const summary = n === 1 ? rule.one : rule.many.replace('{n}', String(n));
  return { rule: rule.name, severity: rule.severity, table, n, sentences, summary };
}

/** Statement part that keeps the rows of `from` (system, stream, subject, day, sentence) as findings: one that was resolved opens anew. */
const upsert = (from: string) => `
  put as (
    insert into quality_finding as q (rule, severity, tbl, system, stream, subject, day, sentence, first_seen, last_seen)
    select $6::text, $7::text, $8::text, f.system, f.stream, f.subject, f.day, f.sentence, clock.at, clock.at from ${from} f cross join clock
    on conflict (tenant, rule, system, subject) do update set severity = excluded.severity, tbl = excluded.tbl, stream = excluded.stream,
      day = excluded.day, sentence = excluded.sentence, last_seen = excluded.last_seen, resolved_at = null,
      first_seen = case when q.resolved_at is null then q.first_seen else excluded.first_seen end
    returning old.id is null or old.resolved_at is not null as opened, new.subject as subject, new.sentence as sentence)`;

const broken = ({ table, when, day, sentence }: RecordRule, narrow: boolean) => `
  select f.system, null::text as stream, f.id as subject, (${day ?? 'null'})::date as day, (${sentence}) as sentence
  from ${narrow ? `concerned k join "${table}" f on f.tenant = 1 and f.system = k.system and f.id = k.id` : `"${table}" f`}
  cross join clock where f.tenant = 1 and (${when})`;

const changes = `clock join change_batch b on b.seq > clock.lo and b.seq <= clock.hi cross join lateral changes_in(b.id) l
  cross join lateral (values (l.old), (l.new)) as side(row)
  where side.row is not null`;

/** Records that changed, and those that look at a row that did. */
const concerned = ({ table, looksAt = [] }: RecordRule) =>
  [
    `select distinct side.row->>'system' as system, side.row->>'id' as id from ${changes} and l.tbl = '${table}'`,
    ...looksAt.map(
      (other) => `select f.system, f.id
        from (select distinct side.row->>'system' as system, side.row->>'${other.column}' as value from ${changes} and l.tbl = '${other.table}') k
        join "${table}" f on f.tenant = 1 and f.system = k.system and f."${other.to}" = k.value`,
    ),
  ].join(' union ');
