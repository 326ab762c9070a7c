/** What became of the pipeline and how it is kept, from Salesforce's opportunities, quotas and forecast snapshots. */
import type { World } from '../../../demo/company/records.ts';
import type { Day } from '../../../kpi/question.ts';
import {
  addDays,
  dayReader,
  daysFrom,
  inside,
  live,
  millis,
  type Pick,
  percent,
  percentile,
  ratio,
  type SecondFigures,
  type Span,
  sum,
} from './raw.ts';

type Opportunity = {
  Id: string;
  AccountId: string;
  OwnerId: string;
  Amount: number | null;
  IsClosed: boolean;
  IsWon: boolean;
  CloseDate: Day;
  CreatedDate: string;
  LastActivityDate: Day | null;
  LeadSource: string | null;
  Product__c: string | null;
};
type Step = {
  Id: string;
  OpportunityId: string;
  StageName: string;
  Probability: number;
  CloseDate: Day;
  CreatedDate: string;
};
type Snapshot = { OwnerId: string; Period_Start__c: Day; As_Of__c: Day; Amount__c: number };

export function pipeline(world: World): SecondFigures {
  const { salesforce } = world;
  const dayOf = dayReader(world.options.timeZone);
  const users = new Map(live<{ Id: string; Name: string }>(salesforce, 'User').map((u) => [u.Id, u.Name]));
  const accounts = new Map(
    live<{ Id: string; Region__c: string; Segment__c: string }>(salesforce, 'Account').map((a) => [a.Id, a]),
  );
  const deals = live<Opportunity>(salesforce, 'Opportunity').map((record) => ({
    ...record,
    created: dayOf(record.CreatedDate),
    worth: record.Amount ?? 0,
    dims: {
      region: accounts.get(record.AccountId)?.Region__c ?? null,
      segment: accounts.get(record.AccountId)?.Segment__c ?? null,
      owner: users.get(record.OwnerId) ?? null,
      source: record.LeadSource,
      product: record.Product__c,
    },
  }));
  type Deal = (typeof deals)[number];
  const quotas = live<{ QuotaOwnerId: string; StartDate: Day; QuotaAmount: number }>(
    salesforce,
    'ForecastingQuota',
  ).map((q) => ({ ...q, dims: { owner: users.get(q.QuotaOwnerId) ?? null } }));
  const forecasts = live<Snapshot>(salesforce, 'Forecast_Snapshot__c')
    .filter((f) => f.As_Of__c === f.Period_Start__c)
    .map((f) => ({ ...f, dims: { owner: users.get(f.OwnerId) ?? null } }));

  const figure = (value: (span: Span, list: readonly Deal[]) => number | null) => ({
    by: ['region', 'segment', 'owner', 'source', 'product'] as const,
    records: deals,
    value: (span: Span, pick: Pick) => value(span, pick(deals)),
  });
  const byOwner = (value: (span: Span, pick: Pick) => number | null) => ({
    by: ['owner'] as const,
    records: [...quotas, ...forecasts],
    value,
  });
  const won = (span: Span, pick: Pick) =>
    sum(
      pick(deals).filter((d) => d.IsWon && inside(d.CloseDate, span)),
      (d) => d.worth,
    );
  const foreseen = (span: Span, pick: Pick) =>
    sum(
      pick(forecasts).filter((f) => inside(f.Period_Start__c, span)),
      (f) => f.Amount__c,
    ) || null;
  const missed = (span: Span, pick: Pick) => {
    const [forecast, actual] = [foreseen(span, pick), won(span, pick)];
    return forecast === null || actual <= 0 ? null : (100 * (forecast - actual)) / actual;
  };
  const openNow = (list: readonly Deal[], { to }: Span) => list.filter((d) => !d.IsClosed && d.created < to);
  const isNeglected = (deal: Deal, lastDay: Day) =>
    deal.CloseDate < lastDay ||
    deal.Amount === null ||
    daysFrom(deal.LastActivityDate ?? deal.created, lastDay) >= 30;

  /** Each deal's history in order, and its stays: from entering a stage to leaving it. */
  const steps = Map.groupBy(live<Step>(salesforce, 'OpportunityHistory'), (step) => step.OpportunityId);
  for (const list of steps.values())
    list.sort((a, b) => millis(a.CreatedDate) - millis(b.CreatedDate) || (a.Id < b.Id ? -1 : 1));
  const isOpen = (step: Step) => step.Probability > 0 && step.Probability < 100;
  const staysOf = (deal: Deal) => {
    const list = (steps.get(deal.Id) ?? []).filter(
      (step, i, all) => step.StageName !== all[i - 1]?.StageName,
    );
    return list.map((step, i) => ({
      step,
      first: list.findIndex((other) => other.StageName === step.StageName) === i,
      left: list[i + 1] ?? null,
      advanced: list.slice(i + 1).some((later) => later.Probability > step.Probability),
    }));
  };
  const dateOf = (step: Step) => dayOf(step.CreatedDate);

  return {
    stage_conversion: figure((span, list) => {
      const entered = list
        .flatMap(staysOf)
        .filter(({ step, first }) => first && isOpen(step) && inside(dateOf(step), span));
      return percent(entered.filter(({ advanced }) => advanced).length, entered.length);
    }),
    time_in_stage: figure((span, list) =>
      percentile(
        list
          .flatMap(staysOf)
          .flatMap(({ step, left }) =>
            left && isOpen(step) && inside(dateOf(left), span)
              ? [(millis(left.CreatedDate) - millis(step.CreatedDate)) / 86_400_000]
              : [],
          ),
        0.5,
      ),
    ),
    slip_rate: figure((span, list) => {
      const expected = list.filter((deal) => {
        const known = (steps.get(deal.Id) ?? []).findLast((step) => dateOf(step) < span.from);
        return known !== undefined && isOpen(known) && inside(known.CloseDate, span);
      });
      return percent(expected.filter((deal) => deal.CloseDate >= span.to).length, expected.length);
    }),
    created_win_rate: figure((span, list) => {
      const cohort = list.filter((d) => inside(d.created, span));
      return percent(cohort.filter((d) => d.IsWon).length, cohort.length);
    }),
    median_sales_cycle: figure((span, list) =>
      percentile(
        list
          .filter((d) => d.IsWon && inside(d.CloseDate, span) && d.CloseDate >= d.created)
          .map((d) => daysFrom(d.created, d.CloseDate)),
        0.5,
      ),
    ),
    pipeline_coverage: byOwner((span, pick) => {
      const asked = sum(
        pick(quotas).filter((q) => inside(q.StartDate, span)),
        (q) => q.QuotaAmount,
      );
      const lacking = asked - won(span, pick);
      const expected = pick(deals).filter((d) => !d.IsClosed && inside(d.CloseDate, span));
      return lacking <= 0
        ? null
        : ratio(
            sum(expected, (d) => d.worth),
            lacking,
          );
    }),
    forecast_bias: byOwner(missed),
    forecast_accuracy: byOwner((span, pick) => {
      const by = missed(span, pick);
      return by === null ? null : 100 - Math.abs(by);
    }),
    pipeline_hygiene: figure((span, list) => {
      const open = openNow(list, span);
      return percent(open.filter((d) => isNeglected(d, addDays(span.to, -1))).length, open.length);
    }),
  };
}
