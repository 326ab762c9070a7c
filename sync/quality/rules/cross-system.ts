/** What two systems say of the same customer, held against each other. Companies are those of entity resolution. */
import { type SetRule, title } from '../rule.ts';

/** Days in which a won deal is expected to be billed. */
const BILLED_WITHIN = 45;
/** Older deals are history that nobody will mend. */
const LOOK_BACK = 365;
/** Months of invoices held against the recurring revenue: yearly invoices fall into any of them once. */
const MONTHS = 12;
/** Yearly invoices in advance run ahead of a growing company's revenue by so much, and no more. */
const TOLERANCE = 0.5;

export const crossSystemRules: readonly SetRule[] = [
  {
    kind: 'set',
    name: 'won_deal_not_billed',
    severity: 'notes',
    table: 'deal',
    columns: ['is_won', 'closed_on'],
    tables: ['deal', 'subscription', 'account'],
    query: `
      select f.system, null::text as stream, f.id as subject, f.closed_on as day,
        'Deal "' || left(coalesce(f.name, f.id), 80) || '" was won on ' || f.closed_on || ', and its customer has no subscription since.' as sentence
      from deal f cross join clock
      where f.tenant = 1 and f.is_won and f.company is not null
        and f.closed_on between clock.today - ${LOOK_BACK} and clock.today - ${BILLED_WITHIN}
        and exists (select from subscription any_one where any_one.tenant = 1 and any_one.starts_on <= f.closed_on)
        and not exists (select from subscription s where s.company = f.company and s.starts_on <= f.closed_on + ${BILLED_WITHIN}
          and (s.ends_on is null or s.ends_on > f.closed_on))`,
    one: `1 won deal was not billed within ${BILLED_WITHIN} days`,
    many: `{n} won deals were not billed within ${BILLED_WITHIN} days`,
  },
  {
    kind: 'set',
    name: 'customer_without_crm_account',
    severity: 'notes',
    table: 'subscription',
    columns: ['region', 'segment'],
    tables: ['subscription', 'account', 'deal'],
    // The CRM is whatever system has deals.
    query: `
      select f.system, null::text as stream, f.account_id as subject, null::date as day,
        'Customer "' || left(coalesce(max(a.name), f.account_id), 80) || '" pays in ' || ${title('f.system')} || ' and has no account in the CRM: it has no region and no segment.' as sentence
      from subscription f cross join clock
      left join account a on a.tenant = f.tenant and a.system = f.system and a.id = f.account_id
      where f.tenant = 1 and f.account_id is not null and f.starts_on <= clock.today and (f.ends_on is null or f.ends_on > clock.today)
        and exists (select from deal)
        and not exists (select from entity_link l where l.company = f.company and l.system in (select d.system from deal d group by d.system))
      group by f.system, f.account_id, clock.titles`,
    one: '1 paying customer has no CRM account',
    many: '{n} paying customers have no CRM account',
  },
  {
    kind: 'set',
    name: 'currencies_differ',
    severity: 'notes',
    table: 'subscription',
    columns: ['mrr', 'currency'],
    tables: ['subscription', 'deal', 'account'],
    query: `
      select s.system, null::text as stream, s.company::text as subject, null::date as day,
        'Customer "' || left(coalesce(max(c.name), s.company::text), 80) || '" pays in ' || string_agg(distinct s.currency, ', ')
          || ' and bought in ' || string_agg(distinct d.currency, ', ') || '.' as sentence
      from (select distinct f.system, f.company, f.currency from subscription f cross join clock where f.tenant = 1 and f.company is not null
          and f.currency is not null and f.starts_on <= clock.today and (f.ends_on is null or f.ends_on > clock.today)) s
      join (select distinct company, currency from deal where tenant = 1 and is_won and company is not null and currency is not null) d on d.company = s.company
      left join company c on c.id = s.company
      group by s.system, s.company
      having not array_agg(s.currency) && array_agg(d.currency)`,
    one: '1 customer pays in another currency than it bought in',
    many: '{n} customers pay in another currency than they bought in',
  },
  {
    kind: 'set',
    name: 'invoices_against_mrr',
    severity: 'notes',
    table: 'subscription',
    columns: ['mrr'],
    tables: ['subscription', 'invoice'],
    query: `
      select m.system, null::text as stream, m.currency as subject, null::date as day,
        format('Invoices of the last ${MONTHS} months in %s (%s) are %s %% of the recurring revenue of the same months.',
          ${title('m.system')}, m.currency, round(100 * i.billed / m.recurring)) as sentence
      from (
        select f.system, f.currency, sum(f.mrr)::numeric as recurring, min(f.starts_on) as since
        from generate_series(1, ${MONTHS}) back cross join clock
        cross join lateral (select (date_trunc('month', clock.today) - make_interval(months => back))::date as first) month
        join subscription f on f.tenant = 1 and f.starts_on <= month.first and (f.ends_on is null or f.ends_on > month.first) and f.currency is not null
        group by f.system, f.currency) m
      join (
        select f.system, f.currency, sum(f.amount)::numeric as billed, min(f.issued_on) as since from invoice f cross join clock
        where f.tenant = 1 and f.issued_on < date_trunc('month', clock.today)
        group by f.system, f.currency
        having min(f.issued_on) <= max(clock.today) - ${31 * (MONTHS + 1)}) known on known.system = m.system and known.currency = m.currency
      join lateral (
        select coalesce(sum(f.amount), 0)::numeric as billed from invoice f cross join clock
        where f.tenant = 1 and f.system = m.system and f.currency = m.currency
          and f.issued_on >= date_trunc('month', clock.today) - make_interval(months => ${MONTHS}) and f.issued_on < date_trunc('month', clock.today)) i on true
      cross join clock
      where m.recurring > 0 and abs(i.billed - m.recurring) > ${TOLERANCE} * m.recurring`,
    one: 'invoices and recurring revenue do not agree',
    many: 'invoices and recurring revenue do not agree in {n} currencies',
  },
];
