/**
 * Attributed revenue, from Salesforce's won opportunities and the campaign members of the same accounts. The chain of
 * the Markov model is walked here for each source that is taken away, not inverted.
 */
import type { World } from '../../../demo/company/records.ts';
import type { Day } from '../../../kpi/question.ts';
import {
  addDays,
  dayReader,
  inside,
  live,
  millis,
  orUnknown,
  type Pick,
  percent,
  ratio,
  type SecondFigure,
  type SecondFigures,
  type Span,
  sum,
} from './raw.ts';

type Touch = { source: string | null; at: number; id: string };
type Deal = { close: Day; cents: number; touches: readonly Touch[]; closes: number };
type Shares = (deal: Deal) => number[];

const hostOf = (text: string | null | undefined) =>
  text
    ?.toLowerCase()
    .replace(/^https?:\/\//, '')
    .replace(/^www\./, '')
    .replace(/^.*@/, '') ?? null;

export function attribution(world: World): SecondFigures {
  const { salesforce, hubspot, billing, files } = world;
  const dayOf = dayReader(world.options.timeZone);
  const firstInstant = startOfDay(dayOf);
  const users = new Map(live<{ Id: string; Name: string }>(salesforce, 'User').map((u) => [u.Id, u.Name]));
  type Account = { Id: string; Region__c: string; Segment__c: string; Website: string | null };
  const accounts = new Map(live<Account>(salesforce, 'Account').map((a) => [a.Id, a]));

  const owners = new Map<string, Set<string>>();
  const owns = (host: string | null, account: string | null) => {
    if (host && account) owners.set(host, (owners.get(host) ?? new Set()).add(account));
  };
  for (const account of accounts.values()) owns(hostOf(account.Website), account.Id);
  for (const { properties } of live<{ properties: Record<string, string | null> }>(hubspot, 'companies'))
    owns(hostOf(properties.domain), properties.salesforceaccountid ?? null);
  for (const customer of live<{ domain: string | null; salesforce_id: string | null }>(billing, 'customers'))
    owns(hostOf(customer.domain), customer.salesforce_id);
  const accountOfHost = (host: string | null) => {
    const found = host ? owners.get(host) : undefined;
    return found?.size === 1 ? [...found][0]! : null;
  };
  const contacts = new Map(
    live<{ Id: string; AccountId: string }>(salesforce, 'Contact').map((c) => [c.Id, c.AccountId]),
  );
  const leads = new Map(
    live<{ Id: string; Email: string | null; ConvertedAccountId: string | null }>(salesforce, 'Lead').map(
      (lead) => [lead.Id, lead.ConvertedAccountId ?? accountOfHost(hostOf(lead.Email))],
    ),
  );
  const channels = new Map(
    live<{ Id: string; Channel__c: string | null }>(salesforce, 'Campaign').map((c) => [c.Id, c.Channel__c]),
  );
  type Member = {
    Id: string;
    CampaignId: string;
    LeadId: string | null;
    ContactId: string | null;
    HasResponded: boolean;
    FirstRespondedDate: Day | null;
    CreatedDate: string;
  };
  const touches = new Map<string, Touch[]>();
  for (const member of live<Member>(salesforce, 'CampaignMember')) {
    const account = member.ContactId ? contacts.get(member.ContactId) : leads.get(member.LeadId ?? '');
    if (!account || !member.HasResponded) continue;
    // A date is taken for half past ten, UTC.
    const at = member.FirstRespondedDate
      ? Date.parse(`${member.FirstRespondedDate}T10:30:00Z`)
      : millis(member.CreatedDate);
    const known = touches.get(account) ?? [];
    known.push({ source: channels.get(member.CampaignId) ?? null, at, id: member.Id });
    touches.set(account, known);
  }
  for (const list of touches.values()) list.sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1));

  type Opportunity = {
    AccountId: string;
    OwnerId: string;
    Amount: number | null;
    IsWon: boolean;
    IsClosed: boolean;
    CreatedDate: string;
    LeadSource: string | null;
    CloseDate: Day;
    Product__c: string | null;
  };
  /** Deals by when they were open, each with the days on which its company responded. */
  const followed = live<Opportunity>(salesforce, 'Opportunity')
    .filter((o) => o.Amount !== null)
    .map((o) => ({
      created: dayOf(o.CreatedDate),
      closed: o.IsClosed ? o.CloseDate : null,
      amount: o.Amount!,
      responses: (touches.get(o.AccountId) ?? []).map(({ at }) => dayOf(at)),
      dims: { owner: users.get(o.OwnerId) ?? null, source: o.LeadSource, product: o.Product__c },
    }));
  const openAt = (list: readonly (typeof followed)[number][], { to }: Span) =>
    list.filter(({ created, closed }) => created < to && (closed === null || closed >= to));
  const worth = (list: readonly (typeof followed)[number][]) => sum(list, ({ amount }) => amount);
  const influenced = (list: readonly (typeof followed)[number][], span: Span) => {
    const open = openAt(list, span);
    const since = addDays(span.to, -90);
    const touched = open.filter(({ responses }) => responses.some((day) => day >= since && day < span.to));
    return open.length === 0 ? null : worth(touched);
  };
  const influence = (value: (span: Span, list: readonly (typeof followed)[number][]) => number | null) => ({
    by: ['owner', 'source', 'product'] as const,
    records: followed,
    value: (span: Span, pick: Pick) => value(span, pick(followed)),
  });
  const deals = live<Opportunity>(salesforce, 'Opportunity')
    .filter((o) => o.IsWon && o.Amount !== null)
    .map((o) => {
      const opens = firstInstant(addDays(o.CloseDate, -90));
      const closes = firstInstant(addDays(o.CloseDate, 1));
      return {
        close: o.CloseDate,
        cents: Math.round(o.Amount! * 100),
        closes,
        touches: (touches.get(o.AccountId) ?? []).filter(({ at }) => at >= opens && at < closes),
        dims: {
          region: accounts.get(o.AccountId)?.Region__c ?? null,
          segment: accounts.get(o.AccountId)?.Segment__c ?? null,
          owner: users.get(o.OwnerId) ?? null,
          product: o.Product__c,
          source: 'unattributed',
          channel: 'unattributed',
        },
      };
    });
  const spend = live<{ day: Day; kind: string; amount: number; source: string | null }>(
    files,
    'spend.csv',
  ).filter((row) => row.kind === 'marketing');
  const sources = [
    ...new Set([...channels.values(), ...spend.map((row) => row.source), 'unattributed' as string | null]),
  ].map((name) => ({ name, dims: { source: name, channel: name } }));
  const days = deals.map((deal) => deal.close);

  const credited = (credits: (won: readonly Deal[]) => Map<string | null, number>) => {
    const known = new Map<string, Map<string | null, number>>();
    return (span: Span, pick: Pick): number | null => {
      const picked = pick(sources);
      const bySource = picked.length > 0 && picked.length < sources.length;
      const won = deals.filter((deal) => inside(deal.close, span));
      // Whichever the model, a group of deals has the credit of those that were touched.
      if (!bySource)
        return orUnknown(
          days,
          span,
          sum(
            pick(won).filter((deal) => deal.touches.length > 0),
            (deal) => deal.cents,
          ) / 100,
        );
      const key = `${span.from} ${span.to}`;
      const all = known.get(key) ?? credits(won);
      known.set(key, all);
      // What has no source's name earns nothing that anybody could say.
      if (picked.every(({ name }) => name === null) && !all.has(null)) return null;
      const untouched = sum(
        won.filter((deal) => deal.touches.length === 0),
        (deal) => deal.cents,
      );
      return orUnknown(
        days,
        span,
        sum(picked, ({ name }) => (name === 'unattributed' ? untouched : (all.get(name) ?? 0))) / 100,
      );
    };
  };
  const figure = (value: SecondFigure['value']): SecondFigure => ({
    by: ['source', 'channel', 'region', 'segment', 'owner', 'product'],
    records: [...deals, ...sources],
    value,
  });
  const linear = credited(byTouch((deal) => deal.touches.map(() => 1)));
  const spent = (span: Span, pick: Pick) => {
    const names = new Set(pick(sources).map(({ name }) => name));
    return (
      sum(
        spend.filter((row) => inside(row.day, span) && names.has(row.source)),
        (row) => Math.round(row.amount * 100),
      ) / 100 || null
    );
  };
  const bySource = (value: SecondFigure['value']): SecondFigure => ({
    by: ['source'],
    records: sources,
    value,
  });
  return {
    influenced_pipeline: influence((span, list) => influenced(list, span)),
    influenced_share: influence((span, list) => percent(influenced(list, span), worth(openAt(list, span)))),
    attributed_revenue: figure(linear),
    revenue_first_touch: figure(
      credited(byTouch((deal) => deal.touches.map((_touch, i) => (i === 0 ? 1 : 0)))),
    ),
    revenue_last_touch: figure(
      credited(byTouch((deal) => deal.touches.map((_touch, i) => (i === deal.touches.length - 1 ? 1 : 0)))),
    ),
    revenue_time_decay: figure(
      credited(
        byTouch((deal) => deal.touches.map(({ at }) => 0.5 ** ((deal.closes - at) / (7 * 86_400_000)))),
      ),
    ),
    revenue_position_based: figure(
      credited(
        byTouch(({ touches: { length: n } }) =>
          Array.from({ length: n }, (_none, i) =>
            n < 3 ? 1 / n : i === 0 || i === n - 1 ? 0.4 : 0.2 / (n - 2),
          ),
        ),
      ),
    ),
    revenue_markov: figure(credited(byRemoval)),
    roas: bySource((span, pick) => ratio(linear(span, pick), spent(span, pick))),
    marketing_roi: bySource((span, pick) => {
      const [earned, cost] = [linear(span, pick), spent(span, pick)];
      return earned === null || cost === null ? null : percent(earned - cost, cost);
    }),
  };
}

/** The first quarter of an hour that belongs to a day. */
function startOfDay(dayOf: (instant: number) => Day): (day: Day) => number {
  const known = new Map<Day, number>();
  return (day) => {
    let at = known.get(day) ?? Date.parse(day) - 15 * 3_600_000;
    while (dayOf(at) < day) at += 900_000;
    known.set(day, at);
    return at;
  };
}

/** Each whole, in hundredths: what rounding down leaves goes to the largest remainders, the earlier first. */
function portions(whole: number, weights: readonly number[]): number[] {
  const all = sum(weights, (weight) => weight);
  const exact = weights.map((weight) => (Math.abs(whole) * weight) / all);
  const given = exact.map((share) => Math.floor(share));
  const order = exact
    .map((share, i) => [share % 1, i] as const)
    .filter(([, i]) => weights[i]! > 0)
    .sort((a, b) => b[0] - a[0] || a[1] - b[1]);
  const left = Math.abs(whole) - sum(given, (cents) => cents);
  for (let n = 0; n < left; n++) given[order[n % order.length]![1]]!++;
  return given.map((cents) => Math.sign(whole) * cents);
}

const byTouch = (weigh: Shares) => (won: readonly Deal[]) => {
  const credits = new Map<string | null, number>();
  for (const deal of won) {
    if (deal.touches.length === 0) continue;
    const cents = portions(deal.cents, weigh(deal));
    deal.touches.forEach(({ source }, i) => {
      credits.set(source, (credits.get(source) ?? 0) + cents[i]!);
    });
  }
  return credits;
};

/** First-order chain over the sources of the touched deals; each deal walks with its value's weight. */
function byRemoval(won: readonly Deal[]): Map<string | null, number> {
  const touched = won.filter((deal) => deal.touches.length > 0);
  type State = string | null | 'start' | 'won';
  const flows = new Map<State, Map<State, number>>();
  const names: (string | null)[] = [];
  for (const deal of touched) {
    const states: State[] = ['start', ...deal.touches.map(({ source }) => source), 'won'];
    for (const { source } of deal.touches) if (!names.includes(source)) names.push(source);
    for (let i = 1; i < states.length; i++) {
      const [from, to] = [states[i - 1]!, states[i]!];
      if (from === to) continue;
      const leaving = flows.get(from) ?? new Map<State, number>();
      leaving.set(to, (leaving.get(to) ?? 0) + Math.abs(deal.cents));
      flows.set(from, leaving);
    }
  }
  const chance = (without?: string | null): number => {
    let wins = new Map<State, number>([['won', 1]]);
    for (let round = 0; round < 100_000; round++) {
      const next = new Map<State, number>([['won', 1]]);
      let moved = 0;
      for (const [from, leaving] of flows) {
        if (without !== undefined && from === without) continue;
        const all = sum([...leaving.values()], (weight) => weight);
        const value = all === 0 ? 0 : sum([...leaving], ([to, weight]) => (wins.get(to) ?? 0) * weight) / all;
        moved = Math.max(moved, Math.abs(value - (wins.get(from) ?? 0)));
        next.set(from, value);
      }
      wins = next;
      if (moved < 1e-16) break;
    }
    return wins.get('start') ?? 0;
  };
  const whole = chance();
  const effects = names.map((name) => (whole === 0 ? 0 : 1 - chance(name) / whole));
  if (effects.every((effect) => effect === 0)) return new Map();
  const cents = portions(
    sum(touched, (deal) => deal.cents),
    effects,
  );
  return new Map(names.map((name, i) => [name, cents[i]!]));
}
