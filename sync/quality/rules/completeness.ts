/** Columns that the numbers need, empty more often than they used to be. */
import type { UnifiedTable } from '../../source.ts';
import { type SetRule, title } from '../rule.ts';

type Needed = {
  table: UnifiedTable;
  column: string;
  /** Records counted, in words: "deals won". */
  what: string;
  /** Date of the record. */
  day: string;
  when?: string;
};

const needed: readonly Needed[] = [
  { table: 'deal', column: 'amount', what: 'deals won', day: 'f.closed_on', when: 'f.is_won' },
  { table: 'deal', column: 'owner', what: 'deals closed', day: 'f.closed_on', when: 'f.is_closed' },
  { table: 'deal', column: 'source', what: 'deals created', day: 'f.created_on' },
  { table: 'deal', column: 'product', what: 'deals created', day: 'f.created_on' },
  { table: 'deal', column: 'account_id', what: 'deals created', day: 'f.created_on' },
  { table: 'person', column: 'source', what: 'leads', day: 'f.lead_at::date', when: 'f.lead_at is not null' },
  { table: 'subscription', column: 'plan', what: 'subscriptions', day: 'f.starts_on' },
  { table: 'subscription', column: 'mrr', what: 'subscriptions', day: 'f.starts_on' },
  { table: 'invoice', column: 'amount', what: 'invoices', day: 'f.issued_on' },
  { table: 'ticket', column: 'priority', what: 'tickets', day: 'f.created_at::date' },
  { table: 'ticket', column: 'account_id', what: 'tickets', day: 'f.created_at::date' },
  { table: 'conversation', column: 'person_id', what: 'conversations', day: 'f.created_at::date' },
  {
    table: 'spend',
    column: 'campaign_id',
    what: 'lines of spending',
    day: 'f.day',
    when: `f.kind = 'marketing'`,
  },
];

/** Days that are looked at, and those before them that they are compared with. */
const RECENT = 28;
const PAST = 180;
/** Fewer records say nothing about a share. */
const LEAST_RECENT = 20;
const LEAST_PAST = 50;
/** A rise that people would call one: ten points, and four standard errors of the difference of two shares. */
const RISE = 0.1;
const ERRORS = 4;

function completenessRule({ table, column, what, day, when = 'true' }: Needed): SetRule {
  return {
    kind: 'set',
    name: `${table}_${column}_less_complete`,
    severity: 'warns',
    table,
    columns: [column],
    tables: [table],
    query: `
      select s.system, null::text as stream, '${column}' as subject, null::date as day,
        format('%s %% of the ${what} of the last ${RECENT} days in %s have no ${column.replace(/_id$/, '').replaceAll('_', ' ')}; before it were %s %%.',
          round(100 * s.share), ${title('s.system')}, round(100 * s.past_share)) as sentence
      from (
        select r.*, r.empty::numeric / nullif(r.n, 0) as share, r.past_empty::numeric / nullif(r.past_n, 0) as past_share,
          (r.empty + r.past_empty)::numeric / nullif(r.n + r.past_n, 0) as pooled
        from (
          select f.system,
            count(*) filter (where ${day} > clock.today - ${RECENT}) as n,
            count(*) filter (where ${day} > clock.today - ${RECENT} and f.${column} is null) as empty,
            count(*) filter (where ${day} <= clock.today - ${RECENT}) as past_n,
            count(*) filter (where ${day} <= clock.today - ${RECENT} and f.${column} is null) as past_empty
          from "${table}" f cross join clock
          where f.tenant = 1 and (${when}) and ${day} > clock.today - ${RECENT + PAST} and ${day} <= clock.today
          group by f.system) r
        where r.n >= ${LEAST_RECENT} and r.past_n >= ${LEAST_PAST}) s cross join clock
      where s.share - s.past_share >= ${RISE}
        and s.share - s.past_share >= ${ERRORS} * sqrt(s.pooled * (1 - s.pooled) * (1.0 / s.n + 1.0 / s.past_n))`,
    one: `${what} lack their ${column.replace(/_id$/, '').replaceAll('_', ' ')} more often than before`,
    many: `${what} lack their ${column.replace(/_id$/, '').replaceAll('_', ' ')} more often than before`,
  };
}

export const completenessRules: readonly SetRule[] = needed.map(completenessRule);
