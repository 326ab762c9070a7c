/**
 * What a company's own measures may read: the columns of the unified facts by kind. Plain data, so that a question is
 * understood without loading the database's schema; a test holds it against that schema.
 */
import type { FactTable } from '../definition.ts';
import { type Dimension, dimensions } from '../question.ts';

export type ColumnKind = 'text' | 'number' | 'money' | 'boolean' | 'date' | 'instant';

const columns: Record<FactTable, Partial<Record<ColumnKind, string>>> = {
  account: {
    text: 'system name domain email country region segment industry owner source kind',
    instant: 'created_at',
  },
  activity: {
    text: 'system region segment kind person_id deal_id account_id owner status',
    instant: 'at logged_at',
  },
  campaign: {
    text: 'system name kind source currency',
    money: 'budget actual_cost',
    date: 'starts_on ends_on',
  },
  conversation: {
    text: 'system region segment person_id account_id owner channel product state',
    number: 'reopens parts rating',
    instant: 'created_at first_replied_at closed_at rated_at',
  },
  deal: {
    text: 'system region segment name account_id owner currency stage forecast_category kind source product campaign_id',
    number: 'probability',
    money: 'amount',
    boolean: 'is_closed is_won',
    date: 'created_on closed_on last_activity_on',
  },
  deal_stage: {
    text: 'system region segment deal_id owner stage currency',
    number: 'probability',
    money: 'amount',
    date: 'close_on',
    instant: 'entered_at',
  },
  email_send: {
    text: 'system name campaign_id',
    number: 'sent delivered opened clicked bounced unsubscribed',
    instant: 'sent_at',
  },
  forecast: {
    text: 'system owner currency',
    money: 'amount',
    date: 'period_starts_on as_of',
  },
  invoice: {
    text: 'system region segment account_id currency status',
    money: 'amount',
    date: 'issued_on due_on paid_on',
  },
  payment: {
    text: 'system region segment account_id invoice_id currency',
    money: 'amount',
    date: 'paid_on',
  },
  person: {
    text: 'system region segment email name title country account_id owner source kind',
    boolean: 'mql_imputed',
    instant: 'created_at lead_at mql_at sql_at opportunity_at customer_at',
  },
  quota: {
    text: 'system kpi owner currency',
    money: 'amount',
    date: 'starts_on ends_on',
  },
  spend: {
    text: 'system kind campaign_id source currency',
    money: 'amount',
    date: 'day',
  },
  subscription: {
    text: 'system region segment account_id subscription_id plan owner source product currency',
    money: 'mrr',
    date: 'starts_on ends_on',
  },
  survey: {
    text: 'system region segment kind email account_id person_id',
    number: 'score',
    instant: 'responded_at',
  },
  ticket: {
    text: 'system region segment subject requester_id account_id owner status priority channel product plan csat',
    number:
      'first_reply_business_minutes first_solution_business_minutes resolution_business_minutes replies reopens first_reply_business_seconds first_solution_business_seconds resolution_business_seconds',
    instant: 'created_at first_replied_at first_solved_at solved_at csat_at',
  },
  ticket_event: {
    text: 'system region segment ticket_id metric kind value previous priority target owner product channel',
    number: 'elapsed_seconds',
    boolean: 'deleted late in_business_hours breached',
    instant: 'at until due_at judged_at',
  },
  touch: {
    text: 'system region segment person_id campaign_id source kind',
    boolean: 'responded',
    instant: 'touched_at',
  },
};

/** Kind of each column of a fact. */
export const facts: ReadonlyMap<FactTable, ReadonlyMap<string, ColumnKind>> = new Map(
  Object.entries(columns).map(([table, kinds]) => [
    table as FactTable,
    new Map(
      Object.entries(kinds).flatMap(([kind, names]) =>
        names.split(' ').map((name): [string, ColumnKind] => [name, kind as ColumnKind]),
      ),
    ),
  ]),
);

/** What a fact can be split by. */
export function dimensionsOf(table: FactTable): Dimension[] {
  const known = facts.get(table);
  return dimensions.filter((dimension) => known?.has(dimension));
}
