/** Cohort retention, from the billing tables: customer by customer, age by age. */
import type { World } from '../../../demo/company/records.ts';
import type { Day } from '../../../kpi/question.ts';
import { live, type Span } from './raw.ts';

type Subscription = {
  customer_id: string;
  plan: string;
  mrr_cents: number;
  started_on: Day;
  ended_on: Day | null;
};

/** The same date `n` months later; the month's last where it is shorter. */
export function monthsAfter(day: Day, n: number): Day {
  const [year, month, date] = day.split('-').map(Number) as [number, number, number];
  const last = new Date(Date.UTC(year, month + n, 0)).getUTCDate();
  return new Date(Date.UTC(year, month - 1 + n, Math.min(date, last))).toISOString().slice(0, 10);
}

export type SecondCohort = { customers: number; mrr: number; active: number[]; kept: number[] };

export function secondCohort(
  world: World,
  span: Span,
  ages: number,
  plan: string | null = null,
): SecondCohort {
  const all = live<Subscription>(world.billing, 'subscriptions');
  const customers = new Map<string, Subscription[]>();
  for (const s of all) customers.set(s.customer_id, [...(customers.get(s.customer_id) ?? []), s]);
  const cohort: SecondCohort = {
    customers: 0,
    mrr: 0,
    active: Array(ages).fill(0),
    kept: Array(ages).fill(0),
  };
  for (const own of customers.values()) {
    const days = own.filter((s) => s.mrr_cents > 0).map((s) => s.started_on);
    if (days.length === 0) continue;
    const first = days.sort()[0]!;
    if (first < span.from || first >= span.to) continue;
    /** What runs at the end of a day: a span's end is its first unpaid day. */
    const paid = (day: Day, of: string | null) =>
      own
        .filter(
          (s) =>
            s.started_on <= day &&
            (s.ended_on === null || s.ended_on > day) &&
            (of === null || s.plan === of),
        )
        .reduce((sum, s) => sum + s.mrr_cents, 0);
    if (plan !== null && !own.some((s) => s.started_on === first && s.plan === plan && s.mrr_cents > 0))
      continue;
    const share = plan === null ? 1 : paid(first, plan) / paid(first, null);
    cohort.customers += 1;
    cohort.mrr += paid(first, plan);
    for (let age = 0; age < ages; age++) {
      const cents = paid(monthsAfter(first, age), null);
      if (cents > 0) cohort.active[age]! += 1;
      cohort.kept[age]! += cents * share;
    }
  }
  return cohort;
}
