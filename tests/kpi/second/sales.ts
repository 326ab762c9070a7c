/** Sales, from Salesforce's opportunities, quotas and tasks. */
import type { World } from '../../../demo/company/records.ts';
import {
  dayReader,
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
} from './raw.ts';

type Opportunity = {
  AccountId: string;
  OwnerId: string;
  Amount: number | null;
  Probability: number;
  IsClosed: boolean;
  IsWon: boolean;
  CloseDate: string;
  CreatedDate: string;
  LeadSource: string | null;
  Product__c: string | null;
};

export function sales(world: World): SecondFigures {
  const dayOf = dayReader(world.options.timeZone);
  const { salesforce } = world;
  const users = new Map(
    live<{ Id: string; Name: string }>(salesforce, 'User').map((user) => [user.Id, user.Name]),
  );
  const accounts = new Map(
    live<{ Id: string; Region__c: string; Segment__c: string }>(salesforce, 'Account').map((a) => [a.Id, a]),
  );
  const deals = live<Opportunity>(salesforce, 'Opportunity').map((record) => ({
    created: dayOf(record.CreatedDate),
    close: record.CloseDate,
    open: !record.IsClosed,
    won: record.IsWon,
    lost: record.IsClosed && !record.IsWon,
    cents: record.Amount === null ? null : Math.round(record.Amount * 100),
    probability: record.Probability,
    dims: {
      region: accounts.get(record.AccountId)?.Region__c ?? null,
      segment: accounts.get(record.AccountId)?.Segment__c ?? null,
      owner: users.get(record.OwnerId) ?? null,
      source: record.LeadSource,
      product: record.Product__c,
    },
  }));
  type Deal = (typeof deals)[number];
  const worth = (deal: Deal) => (deal.cents ?? 0) / 100;
  const priced = (list: readonly Deal[]) => list.filter((deal) => deal.cents !== null);
  const won = (list: readonly Deal[], span: Span) => list.filter((d) => d.won && inside(d.close, span));
  const lost = (list: readonly Deal[], span: Span) => list.filter((d) => d.lost && inside(d.close, span));
  const openAtEnd = (list: readonly Deal[], { to }: Span) =>
    list.filter((d) => d.created < to && !(!d.open && d.close < to));
  const cycled = (list: readonly Deal[], span: Span) => won(list, span).filter((d) => d.close >= d.created);
  const days = (list: readonly Deal[]) => sum(list, (d) => daysFrom(d.created, d.close));
  const quotas = live<{ QuotaOwnerId: string; StartDate: string; QuotaAmount: number }>(
    salesforce,
    'ForecastingQuota',
  ).map((q) => ({
    day: q.StartDate,
    amount: q.QuotaAmount,
    dims: { owner: users.get(q.QuotaOwnerId) ?? null },
  }));
  const tasks = live<{ OwnerId: string; ActivityDate: string; TaskSubtype: string }>(salesforce, 'Task')
    // Calls, e-mails and meetings: a to-do ("Prepare demo") is none of them.
    .filter((task) => task.TaskSubtype !== 'Task')
    .map((task) => ({ day: task.ActivityDate, dims: { owner: users.get(task.OwnerId) ?? null } }));

  const by = ['region', 'segment', 'owner', 'source', 'product'] as const;
  const figure = (value: (span: Span, list: readonly Deal[]) => number | null) => ({
    by,
    records: deals,
    value: (span: Span, pick: Pick) => value(span, pick(deals)),
  });
  const wonDays = deals.filter((d) => d.won).map((d) => d.close);
  const lostDays = deals.filter((d) => d.lost).map((d) => d.close);

  return {
    bookings: figure((span, list) =>
      orUnknown(
        priced(deals)
          .filter((d) => d.won)
          .map((d) => d.close),
        span,
        sum(won(list, span), worth),
      ),
    ),
    deals_won: figure((span, list) => orUnknown(wonDays, span, won(list, span).length)),
    deals_lost: figure((span, list) => orUnknown(lostDays, span, lost(list, span).length)),
    win_rate: figure((span, list) => {
      const wins = won(list, span).length;
      return percent(wins, wins + lost(list, span).length);
    }),
    win_rate_value: figure((span, list) => {
      const wins = sum(won(list, span), worth);
      return percent(wins, wins + sum(lost(list, span), worth));
    }),
    deals_created: figure((span, list) =>
      orUnknown(
        deals.map((d) => d.created),
        span,
        list.filter((d) => inside(d.created, span)).length,
      ),
    ),
    pipeline_created: figure((span, list) =>
      orUnknown(
        priced(deals).map((d) => d.created),
        span,
        sum(
          list.filter((d) => inside(d.created, span)),
          worth,
        ),
      ),
    ),
    open_pipeline: figure((span, list) =>
      orUnknown(
        priced(deals).map((d) => d.created),
        span,
        sum(openAtEnd(list, span), worth),
      ),
    ),
    weighted_pipeline: figure((span, list) =>
      orUnknown(
        priced(deals)
          .filter((d) => d.open)
          .map((d) => d.created),
        span,
        // Each product is rounded to the cent, as money is kept.
        sum(
          priced(list).filter((d) => d.open && d.created < span.to),
          (d) => Math.round((d.cents! * d.probability) / 100),
        ) / 100,
      ),
    ),
    average_deal: figure((span, list) => ratio(sum(won(list, span), worth), priced(won(list, span)).length)),
    sales_cycle: figure((span, list) => ratio(days(cycled(list, span)), cycled(list, span).length)),
    sales_velocity: figure((span, list) => {
      const wins = won(list, span);
      const size = ratio(sum(wins, worth), priced(wins).length);
      const rate = ratio(wins.length, wins.length + lost(list, span).length);
      const cycle = ratio(days(cycled(list, span)), cycled(list, span).length);
      if (size === null || rate === null) return null;
      return ratio(openAtEnd(list, span).length * size * rate, cycle);
    }),
    quota_attainment: {
      by: ['owner'],
      records: quotas,
      value: (span, pick) =>
        percent(
          sum(won(pick(deals), span), worth),
          sum(
            pick(quotas).filter((q) => inside(q.day, span)),
            (q) => q.amount,
          ),
        ),
    },
    sales_activities: {
      by: ['owner'],
      records: tasks,
      value: (span, pick) =>
        orUnknown(
          tasks.map((t) => t.day),
          span,
          pick(tasks).filter((t) => inside(t.day, span)).length,
        ),
    },
  };
}
