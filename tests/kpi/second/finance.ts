/** Finance, from the billing tables and the spend file. */
import type { World } from '../../../demo/company/records.ts';
import type { Day } from '../../../kpi/question.ts';
import {
  addDays,
  daysFrom,
  inside,
  live,
  orUnknown,
  type Pick,
  percent,
  ratio,
  type SecondFigures,
  type Span,
  sum,
  yearBefore,
} from './raw.ts';

type Subscription = {
  customer_id: string;
  plan: string;
  product: string;
  mrr_cents: number;
  started_on: Day;
  ended_on: Day | null;
};
type Invoice = { issued_on: Day; due_on: Day; paid_on: Day | null; amount_cents: number; status: string };

export function finance(world: World): SecondFigures {
  const { billing, files } = world;
  const subscriptions = live<Subscription>(billing, 'subscriptions').map((record) => ({
    ...record,
    dims: { plan: record.plan, product: record.product },
  }));
  type Paid = (typeof subscriptions)[number];
  const invoices = live<Invoice>(billing, 'invoices')
    .filter((invoice) => invoice.status !== 'void')
    .map((invoice) => ({ ...invoice, dims: {} }));
  const payments = live<{ paid_on: Day; amount_cents: number }>(billing, 'payments').map((p) => ({
    ...p,
    dims: {},
  }));
  const cost = live<{ day: Day; kind: string; amount: number }>(files, 'spend.csv')
    .filter((row) => row.kind === 'cogs')
    .map((row) => ({ ...row, dims: {} }));

  /** What runs when the day before `edge` ends: a span's end is its first unpaid day. */
  const running = (list: readonly Paid[], edge: Day) =>
    list.filter((s) => s.started_on < edge && (s.ended_on === null || s.ended_on >= edge));
  /** Monthly cents per paying customer at an edge. */
  const payers = (list: readonly Paid[], edge: Day) => {
    const cents = new Map<string, number>();
    for (const s of running(list, edge))
      cents.set(s.customer_id, (cents.get(s.customer_id) ?? 0) + s.mrr_cents);
    return new Map([...cents].filter(([, value]) => value > 0));
  };
  const total = (cents: ReadonlyMap<string, number>) => sum([...cents.values()], (value) => value);
  const mrr = (list: readonly Paid[], edge: Day) => sum(running(list, edge), (s) => s.mrr_cents) / 100;
  const starts = subscriptions.map((s) => s.started_on);
  const spanBy = ['plan', 'product'] as const;
  const stock = (value: (span: Span, list: readonly Paid[]) => number | null) => ({
    by: spanBy,
    records: subscriptions,
    value: (span: Span, pick: Pick) => value(span, pick(subscriptions)),
  });
  const whole = (value: (span: Span) => number | null) => ({ by: [], records: [], value });
  const firstPaid = new Map<string, Day>();
  for (const s of subscriptions) {
    const known = firstPaid.get(s.customer_id);
    if (s.mrr_cents > 0 && (known === undefined || s.started_on < known))
      firstPaid.set(s.customer_id, s.started_on);
  }
  const issued = (span: Span) =>
    sum(
      invoices.filter((i) => inside(i.issued_on, span)),
      (i) => i.amount_cents,
    ) / 100;
  const owed = ({ to }: Span) =>
    invoices.filter((i) => i.issued_on < to && (i.paid_on === null || i.paid_on >= to));
  const cents = (list: readonly Invoice[]) => sum(list, (i) => i.amount_cents) / 100;

  /** Each customer's movement over the period: what it paid before and after tells which. */
  const movements = (span: Span) => {
    const before = payers(subscriptions, span.from);
    const after = payers(subscriptions, span.to);
    const moved = { new: 0, back: 0, more: 0, less: 0, left: 0 };
    for (const customer of new Set([...before.keys(), ...after.keys()])) {
      const [was, is] = [before.get(customer) ?? 0, after.get(customer) ?? 0];
      if (was === 0 && is > 0) moved[firstPaid.get(customer)! >= span.from ? 'new' : 'back'] += is;
      else if (is === 0) moved.left += was;
      else if (is > was) moved.more += is - was;
      else moved.less += was - is;
    }
    return moved;
  };
  const movement = (name: keyof ReturnType<typeof movements>) =>
    whole((span) => orUnknown(starts, span, movements(span)[name] / 100));
  const loaded = live<{ day: Day; kind: string; amount: number }>(files, 'spend.csv').filter(
    (row) => row.kind !== 'cogs',
  );
  const acquiring = (span: Span) =>
    sum(
      loaded.filter((row) => inside(row.day, span)),
      (row) => row.amount,
    ) || null;
  const joined = (span: Span) =>
    orUnknown(starts, span, [...firstPaid.values()].filter((day) => inside(day, span)).length);
  const margin = (span: Span) => {
    const spent = orUnknown(
      cost.map((c) => c.day),
      span,
      sum(
        cost.filter((c) => inside(c.day, span)),
        (c) => c.amount,
      ),
    );
    return spent === null ? null : ratio(issued(span) - spent, issued(span));
  };
  const yearTo = ({ to }: Span): Span => ({ from: yearBefore(to), to });
  const churned = (span: Span) => {
    const before = payers(subscriptions, span.from);
    const after = payers(subscriptions, span.to);
    return ratio([...before.keys()].filter((customer) => !after.has(customer)).length, before.size);
  };
  const perAccount = (span: Span) => ratio(mrr(subscriptions, span.to), payers(subscriptions, span.to).size);
  const lifetime = (span: Span) => {
    const [a, m, c] = [perAccount(span), margin(yearTo(span)), churned(yearTo(span))];
    return a === null || m === null || c === null || c === 0 ? null : (12 * a * m) / c;
  };

  /** First stretches of paid subscription, by customer. */
  const stretches = [...Map.groupBy(subscriptions, (s) => s.customer_id).values()].flatMap((mine) => {
    const edges = [...new Set(mine.flatMap((s) => [s.started_on, s.ended_on ?? s.started_on]))].sort();
    const paysOn = (day: Day) =>
      sum(
        mine.filter((s) => s.started_on <= day && (s.ended_on === null || s.ended_on > day)),
        (s) => s.mrr_cents,
      ) > 0;
    const start = edges.find(paysOn);
    return start === undefined
      ? []
      : [{ start, end: edges.find((day) => day > start && !paysOn(day)) ?? null }];
  });
  const monthsOf = (from: Day, to: Day) => daysFrom(from, to) / (365.25 / 12);
  /** Of a new subscriber, over 24 months: the share that stays is a product over the moments at which somebody left. */
  const predicted = (span: Span) => {
    const watched = stretches
      .filter(({ start }) => start < span.to)
      .map(({ start, end }) => {
        const left = end !== null && end < span.to;
        return { months: monthsOf(start, left ? end : span.to), left };
      });
    const [pays, share] = [perAccount(span), margin(yearTo(span))];
    const longest = Math.max(0, ...watched.map(({ months }) => months));
    if (watched.length < 30 || pays === null || share === null || longest < 23) return null;
    const stays = (month: number) => {
      const moments = new Set(watched.filter((w) => w.left && w.months <= month).map((w) => w.months));
      return [...moments].reduce((still, at) => {
        const there = watched.filter((w) => w.months >= at).length;
        return still * (1 - watched.filter((w) => w.left && w.months === at).length / there);
      }, 1);
    };
    return sum(
      Array.from({ length: 24 }, (_none, month) => (stays(month) * pays * share) / 1.1 ** (month / 12)),
      (value) => value,
    );
  };

  return {
    predicted_ltv: whole(predicted),
    // Everybody who ever paid this company had a subscription; CDNOW's buyers are tested in tests/kpi/lifetime.
    predicted_buyer_value: whole(() => null),
    new_mrr: movement('new'),
    expansion_mrr: movement('more'),
    contraction_mrr: movement('less'),
    churned_mrr: movement('left'),
    reactivation_mrr: movement('back'),
    net_mrr_churn: whole((span) => {
      const { left, less, more, back } = movements(span);
      return percent(left + less - more - back, total(payers(subscriptions, span.from)));
    }),
    quick_ratio: whole((span) => {
      const { left, less, more, back, new: fresh } = movements(span);
      return ratio(fresh + more + back, left + less);
    }),
    arpa: whole(perAccount),
    ltv: whole(lifetime),
    cac: whole((span) => ratio(acquiring(span), joined(span))),
    paid_cac: whole((span) =>
      ratio(
        sum(
          loaded.filter((row) => row.kind === 'marketing' && inside(row.day, span)),
          (row) => row.amount,
        ) || null,
        joined(span),
      ),
    ),
    ltv_to_cac: whole((span) => ratio(lifetime(span), ratio(acquiring(yearTo(span)), joined(yearTo(span))))),
    cac_payback: whole((span) => {
      const [left, share] = [movements(span).new / 100, margin(span)];
      return share === null ? null : ratio(acquiring(span), left * share);
    }),
    // A part's customers are those that had it when the period began; one that changed plans has not left.
    churn: stock((span, list) => {
      const before = payers(list, span.from);
      const after = payers(subscriptions, span.to);
      return percent([...before.keys()].filter((customer) => !after.has(customer)).length, before.size);
    }),
    customer_retention: stock((span, list) => {
      const before = payers(list, span.from);
      const after = payers(subscriptions, span.to);
      return percent([...before.keys()].filter((customer) => after.has(customer)).length, before.size);
    }),
    revenue_churn: whole((span) => {
      const before = payers(subscriptions, span.from);
      const after = payers(subscriptions, span.to);
      const lost = sum([...before], ([customer, was]) => Math.max(0, was - (after.get(customer) ?? 0)));
      return percent(lost, total(before));
    }),
    nrr: whole((span) => {
      const before = payers(subscriptions, yearBefore(span.to));
      const after = payers(subscriptions, span.to);
      return percent(
        sum([...before.keys()], (customer) => after.get(customer) ?? 0),
        total(before),
      );
    }),
    grr: whole((span) => {
      const before = payers(subscriptions, yearBefore(span.to));
      const after = payers(subscriptions, span.to);
      return percent(
        sum([...before], ([customer, was]) => Math.min(was, after.get(customer) ?? 0)),
        total(before),
      );
    }),
    new_customers: whole((span) =>
      orUnknown(starts, span, [...firstPaid.values()].filter((day) => inside(day, span)).length),
    ),
    customers: stock((span, list) => orUnknown(starts, span, payers(list, span.to).size)),
    mrr: stock((span, list) => orUnknown(starts, span, mrr(list, span.to))),
    arr: stock((span, list) => orUnknown(starts, span, 12 * mrr(list, span.to))),
    net_new_mrr: stock((span, list) =>
      // Without any subscription before the period there is no MRR "when it began".
      starts.some((day) => day < span.from) ? mrr(list, span.to) - mrr(list, span.from) : null,
    ),
    net_new_arr: stock((span, list) =>
      starts.some((day) => day < span.from) ? 12 * (mrr(list, span.to) - mrr(list, span.from)) : null,
    ),
    receivables: whole((span) =>
      orUnknown(
        invoices.map((i) => i.issued_on),
        span,
        cents(owed(span)),
      ),
    ),
    invoiced: whole((span) =>
      orUnknown(
        invoices.map((i) => i.issued_on),
        span,
        issued(span),
      ),
    ),
    cash_collected: whole((span) =>
      orUnknown(
        payments.map((p) => p.paid_on),
        span,
        sum(
          payments.filter((p) => inside(p.paid_on, span)),
          (p) => p.amount_cents,
        ) / 100,
      ),
    ),
    dso: whole((span) => {
      const share = ratio(cents(owed(span)), issued(span));
      return share === null ? null : share * daysFrom(span.from, span.to);
    }),
    // An invoice is past due on the day after its due date, so one due on the period's last day is not.
    overdue_share: whole((span) =>
      percent(cents(owed(span).filter((i) => i.due_on < addDays(span.to, -1))), cents(owed(span))),
    ),
    gross_margin: whole((span) => {
      const spent = orUnknown(
        cost.map((c) => c.day),
        span,
        sum(
          cost.filter((c) => inside(c.day, span)),
          (c) => c.amount,
        ),
      );
      return spent === null ? null : percent(issued(span) - spent, issued(span));
    }),
  };
}
