/** Questions as people write them in chat, over the whole catalogue: what is meant is read, and no condition is dropped. */
import { describe, expect, test } from 'vitest';
import { parseQuestion, type World } from '../../../bot/language/parse-question.ts';
import { builtIn } from '../../../kpi/catalogue.ts';
import type { Dimension } from '../../../kpi/question.ts';
import { HeraldError } from '../../../platform/errors.ts';

const world: World = {
  kpis: builtIn.kpis,
  calendar: { timeZone: 'Europe/London', weekStart: 'monday', fiscalYearStart: 'january' },
  now: new Date('2026-11-22T10:00:00Z'),
  values: new Map<string, Dimension>([
    ['EMEA', 'region'],
    ['APAC', 'region'],
    ['Anna Schmidt', 'owner'],
    ['Webinar', 'source'],
    ['Pro', 'plan'],
    ['Payments', 'product'],
    ['chat', 'channel'],
    ['email', 'channel'],
  ]),
};

/** KPI, first day, then breakdown and filters where there are some. */
function read(text: string): string {
  const { kpi, period, by, top, filters } = parseQuestion(text, world);
  const parts = [kpi, period.from, by ? `by ${by}` : '', top ? `${top.order} ${top.n}` : ''];
  return [...parts, ...filters.map((filter) => filter.values.join('+'))]
    .filter((part) => part !== '')
    .join(' ');
}

function asked(text: string): string | null {
  try {
    parseQuestion(text, world);
    return null;
  } catch (thrown) {
    if (thrown instanceof HeraldError && thrown.kind === 'ask') return thrown.message;
    throw thrown;
  }
}

const lastMonth = '2026-10-01';
const lastQuarter = '2026-07-01';
const lastWeek = '2026-11-09';
const thisYear = '2026-01-01';

describe('what is meant is read', () => {
  test.each([
    ['NRR pls', `nrr ${lastQuarter}`],
    ['csat last week, thanks!', `csat ${lastWeek}`],
    ['csat last week thx', `csat ${lastWeek}`],
    ['hi team, what is the csat for last week by channel?', `csat ${lastWeek} by channel`],
    ['good morning herald, bookings ytd please', `bookings ${thisYear}`],
    ['quick question: what was our win rate last quarter?', `win_rate ${lastQuarter}`],
    ['can u show me a chart of bookings ytd', `bookings ${thisYear}`],
    ['plot bookings by region for Q3', `bookings ${lastQuarter} by region`],
    ["I'd like to see bookings by region for Q3", `bookings ${lastQuarter} by region`],
    ['Can you break down churn by segment for last quarter?', `churn ${lastQuarter} by segment`],
    ['any idea what churn was in Q3?', `churn ${lastQuarter}`],
    [':wave: hi <@U123ABC> _csat_ last week :tada:', `csat ${lastWeek}`],
    ['how many deals did we win in October?', `deals_won ${lastMonth}`],
    ['how many deals did we lose last month', `deals_lost ${lastMonth}`],
    ['how many tickets did we solve last week', `tickets_solved ${lastWeek}`],
    ['how much did we book last quarter in EMEA', `bookings ${lastQuarter} EMEA`],
    ['bookings lastmonth', `bookings ${lastMonth}`],
    ['bookings lst month', `bookings ${lastMonth}`],
    ['bookings lastquarter by rep', `bookings ${lastQuarter} by owner`],
    ['first response for chat last week', `first_response ${lastWeek} chat`],
    ['csat for chat last month', `csat ${lastMonth} chat`],
    ['first response on urgent tickets last week', `first_response ${lastWeek} urgent`],
    ['tell us bookings last month', `bookings ${lastMonth}`],
    ['SHOW ME BOOKINGS LAST MONTH', `bookings ${lastMonth}`],
    ['top 3 reps by bookings in Q3 in EMEA', `bookings ${lastQuarter} by owner top 3 EMEA`],
    ['chrun lats quater by regoin', `churn ${lastQuarter} by region`],
    ['revneue last month', `invoiced ${lastMonth}`],
    ['is churn up', `churn ${lastQuarter}`],
    ['will you show us bookings last month', `bookings ${lastMonth}`],
    ['bookings on Sep 26', 'bookings 2026-09-26'],
    ['bookings EMEA or APAC last month', `bookings ${lastMonth} EMEA+APAC`],
  ])('%s', (text, expected) => expect(read(text)).toBe(expected));
});

test('the same period of the month before is its equal part', () => {
  const { comparison } = parseQuestion('leads this month vs same period last month', world);
  expect(comparison?.period).toMatchObject({ from: '2026-10-01', to: '2026-10-23' });
});

describe('a condition that cannot be kept is asked back, never dropped', () => {
  test.each([
    'bookings in the US',
    'US bookings last month',
    'bookings for IT',
    'my bookings last month',
    "my team's bookings",
    'bookings in enterprise or in EMEA',
    'mrr of expansion last month',
    'mrr for upsell',
    'csat on conversations',
    'csat for tickets last month',
    'first response for reopens',
    'sales cycle for losses last quarter',
    'spend on leads',
    'payments for invoices in October',
    'tickets over sla',
    'resolution time of open tickets',
    'revenue, churn last quarter',
    'bookings excluding EMEA',
    'bookings outside EMEA',
    'bookings in Sep 26',
    'what will bookings be in December',
  ])('%s', (text) => expect(asked(text)).not.toBeNull());
  test('the number of an amount of money is asked back with what an amount is', () =>
    expect(asked('how many bookings last month')).toMatch(/^Bookings is an amount of money/));
});

describe('ordinary words are no misspelt names of KPIs', () => {
  test.each([
    'cases last month',
    'orders last month',
    'prices last month',
    'speed last month',
    'send last month',
    'extensions last month',
    'bookings by events',
    'bookings by projects',
    'bookings orders last month',
    'bookings single last month',
    'bookings whit Monday',
  ])('%s', (text) => expect(asked(text)).not.toBeNull());
});
