/** Values outside of what can be: a date beyond any plan, an amount beyond any contract, a grade off its scale. */
import type { UnifiedTable } from '../../source.ts';
import { money, type RecordRule } from '../rule.ts';

/** Nothing that Herald reads was kept before computers did. */
const FIRST_YEAR = 1970;

type DateBound = {
  table: UnifiedTable;
  column: string;
  what: string;
  kind: 'date' | 'instant';
  daysAhead: number;
};

/** `daysAhead`: how far in the future the date may lie. What has happened may be two days off for zones and clocks. */
const dates: readonly DateBound[] = [
  { table: 'deal', column: 'closed_on', what: 'deal', kind: 'date', daysAhead: 3650 },
  { table: 'deal', column: 'created_on', what: 'deal', kind: 'date', daysAhead: 2 },
  { table: 'ticket', column: 'created_at', what: 'ticket', kind: 'instant', daysAhead: 2 },
  { table: 'conversation', column: 'created_at', what: 'conversation', kind: 'instant', daysAhead: 2 },
  { table: 'person', column: 'lead_at', what: 'person', kind: 'instant', daysAhead: 2 },
  { table: 'touch', column: 'touched_at', what: 'touch', kind: 'instant', daysAhead: 366 },
  { table: 'subscription', column: 'starts_on', what: 'subscription', kind: 'date', daysAhead: 3650 },
  { table: 'subscription', column: 'ends_on', what: 'subscription', kind: 'date', daysAhead: 36_500 },
  { table: 'invoice', column: 'issued_on', what: 'invoice', kind: 'date', daysAhead: 366 },
  { table: 'payment', column: 'paid_on', what: 'payment', kind: 'date', daysAhead: 31 },
  { table: 'spend', column: 'day', what: 'expense', kind: 'date', daysAhead: 366 },
  { table: 'survey', column: 'responded_at', what: 'survey answer', kind: 'instant', daysAhead: 2 },
];

/** Minor units. A thousand millions in one record is more likely a slipped decimal point. */
const HUGE = 100_000_000_000;

type AmountBound = {
  table: UnifiedTable;
  column: string;
  what: string;
  day: string;
  least: number;
  most: number;
};

const amounts: readonly AmountBound[] = [
  { table: 'deal', column: 'amount', what: 'deal', day: 'f.closed_on', least: 0, most: HUGE },
  {
    table: 'subscription',
    column: 'mrr',
    what: 'subscription',
    day: 'f.starts_on',
    least: -HUGE,
    most: HUGE / 10,
  },
  { table: 'invoice', column: 'amount', what: 'invoice', day: 'f.issued_on', least: -HUGE, most: HUGE },
  { table: 'payment', column: 'amount', what: 'payment', day: 'f.paid_on', least: -HUGE, most: HUGE },
  { table: 'spend', column: 'amount', what: 'expense', day: 'f.day', least: -HUGE, most: HUGE },
  { table: 'quota', column: 'amount', what: 'quota', day: 'f.starts_on', least: 0, most: HUGE },
];

type ScaleBound = {
  table: UnifiedTable;
  column: string;
  what: string;
  name: string;
  when: string;
  day: string;
};

const scales: readonly ScaleBound[] = [
  {
    table: 'deal',
    column: 'probability',
    what: 'deal',
    name: 'probability',
    when: 'f.probability not between 0 and 100',
    day: 'f.closed_on',
  },
  {
    table: 'survey',
    column: 'score',
    what: 'survey answer',
    name: 'score',
    when: `f.score not between 0 and 10`,
    day: '(f.responded_at)::date',
  },
  {
    table: 'conversation',
    column: 'rating',
    what: 'conversation',
    name: 'rating',
    when: 'f.rating not between 1 and 5',
    day: '(f.created_at)::date',
  },
  {
    table: 'email_send',
    column: 'delivered',
    what: 'mailing',
    name: 'count of deliveries',
    when: 'f.delivered > f.sent or f.delivered < 0',
    day: '(f.sent_at)::date',
  },
];

const plural = (what: string) => (what === 'person' ? 'people' : `${what}s`);

function dateRule({ table, column, what, kind, daysAhead }: DateBound): RecordRule {
  const date = kind === 'date' ? `f.${column}` : `(f.${column})::date`;
  return {
    kind: 'record',
    name: `${table}_${column}_impossible`,
    severity: 'warns',
    table,
    columns: [column],
    when: `${date} > clock.today + ${daysAhead} or ${date} < '${FIRST_YEAR}-01-01'::date`,
    sentence: `'The ${column.replaceAll('_', ' ')} of ${what} ' || f.id || ' is ' || ${date} || ', which cannot be.'`,
    one: `1 ${what} has an impossible date (${column.replaceAll('_', ' ')})`,
    many: `{n} ${plural(what)} have an impossible date (${column.replaceAll('_', ' ')})`,
  };
}

function amountRule({ table, column, what, day, least, most }: AmountBound): RecordRule {
  return {
    kind: 'record',
    name: `${table}_${column}_impossible`,
    severity: 'warns',
    table,
    columns: [column],
    when: `f.${column} > ${most} or f.${column} < ${least}`,
    day,
    sentence: `'The ${column} of ${what} ' || f.id || ' is ' || ${money(column)} || ', which cannot be.'`,
    one: `1 ${what} has an impossible ${column}`,
    many: `{n} ${plural(what)} have an impossible ${column}`,
  };
}

function scaleRule({ table, column, what, name, when, day }: ScaleBound): RecordRule {
  return {
    kind: 'record',
    name: `${table}_${column}_impossible`,
    severity: 'warns',
    table,
    columns: [column],
    when,
    day,
    sentence: `'The ${name} of ${what} ' || f.id || ' is ' || f.${column} || ', which is off its scale.'`,
    one: `1 ${what} has a ${name} off its scale`,
    many: `{n} ${plural(what)} have a ${name} off its scale`,
  };
}

export const impossibleRules: readonly RecordRule[] = [
  ...dates.map(dateRule),
  ...amounts.map(amountRule),
  ...scales.map(scaleRule),
];
