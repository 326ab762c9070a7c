/** Measures of what deals and people become later, and of the deals that are open now. Fragments are over the fact aliased `f`. */
import type { Measure } from '../definition.ts';
import type { Dimension } from '../question.ts';

const deal: readonly Dimension[] = ['region', 'segment', 'owner', 'source', 'product'];
const person: readonly Dimension[] = ['region', 'segment', 'source'];

/** People are leads where marketing keeps them; Salesforce's leads are the same people once more. */
const inMarketing = "f.system <> 'salesforce'";

/** The first day on which an open deal lacks what it needs; `least` passes over nulls. */
const neglectedFrom = `greatest(f.created_on, least(f.closed_on + 1, coalesce(f.last_activity_on, f.created_on) + 30, case when f.amount is null then f.created_on end))`;

export const pipelineMeasures: readonly Measure[] = [
  {
    name: 'created_won',
    label: 'of them won by now',
    table: 'deal',
    day: 'f.created_on',
    when: 'f.is_won',
    unit: 'count',
    kind: 'flow',
    dimensions: deal,
  },
  {
    name: 'expected_value',
    label: 'open pipeline expected to close in the period',
    table: 'deal',
    day: 'f.closed_on',
    value: 'f.amount',
    when: 'not f.is_closed and f.amount is not null',
    unit: 'money',
    kind: 'flow',
    dimensions: deal,
  },
  {
    name: 'still_open_deals',
    label: 'deals that are still open',
    table: 'deal',
    day: 'f.created_on',
    when: 'not f.is_closed',
    unit: 'count',
    kind: 'stock',
    dimensions: deal,
  },
  {
    name: 'neglected_deals',
    label: 'of them overdue, without an amount or without activity for 30 days',
    table: 'deal',
    day: neglectedFrom,
    when: 'not f.is_closed',
    unit: 'count',
    kind: 'stock',
    dimensions: deal,
  },
  {
    name: 'forecast_value',
    label: 'forecast on the first day',
    table: 'forecast',
    day: 'f.period_starts_on',
    value: 'f.amount',
    when: 'f.as_of = f.period_starts_on',
    unit: 'money',
    kind: 'flow',
    dimensions: ['owner'],
  },
  {
    name: 'sqls',
    label: 'SQLs',
    table: 'person',
    day: 'tz(f.sql_at)',
    when: inMarketing,
    unit: 'count',
    kind: 'flow',
    dimensions: person,
  },
  {
    name: 'sql_opportunities',
    label: 'of them opportunities within 90 days',
    table: 'person',
    day: 'tz(f.sql_at)',
    when: `${inMarketing} and f.opportunity_at >= f.sql_at and f.opportunity_at < f.sql_at + interval '90 days'`,
    unit: 'count',
    kind: 'flow',
    dimensions: person,
  },
  {
    name: 'lead_customers',
    label: 'of them customers by now',
    table: 'person',
    day: 'tz(f.lead_at)',
    when: `${inMarketing} and f.customer_at is not null`,
    unit: 'count',
    kind: 'flow',
    dimensions: person,
  },
];
