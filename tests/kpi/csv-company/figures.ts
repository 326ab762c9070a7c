/** Every figure calculated plainly over the company's records, as a second opinion on Herald's. */
import type { Company, Day } from './records.ts';

export type Span = { from: Day; to: Day };
type Filter = { region?: string | null; owner?: string | null };

const day = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Berlin' });
const on = (iso: string | null) => (iso === null ? null : day.format(new Date(iso)));
const inside = (at: Day | null, { from, to }: Span) => at !== null && at >= from && at < to;
const ratio = (a: number, b: number) => (b === 0 ? null : a / b);
const percent = (a: number, b: number) => ratio(100 * a, b);
const sum = <T>(list: readonly T[], of: (one: T) => number) =>
  list.reduce((total, one) => total + of(one), 0);
const plus = (from: Day, days: number): Day =>
  new Date(Date.parse(from) + days * 86_400_000).toISOString().slice(0, 10);
const yearBefore = (at: Day): Day => `${Number(at.slice(0, 4)) - 1}${at.slice(4)}`;
const seconds = (from: string, to: string) => (Date.parse(to) - Date.parse(from)) / 1_000;

export function figuresOf(company: Company, by: Filter = {}): Record<string, (span: Span) => number | null> {
  const region = new Map(company.accounts.map((account) => [account.no, account.region]));
  const here = (account: number | null) =>
    by.region === undefined || (account === null ? null : region.get(account)!) === by.region;
  const hers = (owner: string | null) => by.owner === undefined || owner === by.owner;
  const contracts = company.contracts.filter(({ account }) => here(account));
  const deals = company.deals.filter(({ account, owner }) => here(account) && hers(owner));
  const tickets = company.tickets.filter(({ account, owner }) => here(account) && hers(owner));
  const invoices = company.invoices.filter(({ account, isVoid }) => here(account) && !isVoid);
  const people = company.people.filter(({ account }) => here(account));
  const chats = company.chats.filter(({ account }) => here(account));
  const answers = company.answers.filter(({ account }) => here(account));
  const ticketOf = new Map(tickets.map((ticket) => [ticket.id, ticket]));
  const verdicts = company.verdicts.filter(({ ticket }) => ticketOf.has(ticket));

  const worth = ({ cents, currency }: { cents: number | null; currency: string }) =>
    cents === null ? 0 : (currency === 'USD' ? Math.round(cents * 0.9) : cents) / 100;
  const closed = (state: 'won' | 'lost', span: Span) =>
    deals.filter((deal) => deal.state === state && inside(deal.close, span));
  const won = (span: Span) => sum(closed('won', span), worth);
  const openAt = ({ to }: Span) =>
    deals.filter((deal) => deal.created < to && (deal.state === 'open' || deal.close >= to));
  const priced = <T extends { cents: number | null }>(list: readonly T[]) =>
    list.filter(({ cents }) => cents !== null);
  const average = (span: Span) => ratio(won(span), priced(closed('won', span)).length);
  const cycle = (span: Span) =>
    ratio(
      sum(closed('won', span), (deal) => (Date.parse(deal.close) - Date.parse(deal.created)) / 86_400_000),
      closed('won', span).length,
    );
  const winRate = (span: Span) =>
    ratio(closed('won', span).length, closed('won', span).length + closed('lost', span).length);

  const running = (edge: Day) =>
    contracts.filter(({ from, to }) => from < edge && (to === null || to >= edge));
  const payers = (edge: Day) => {
    const paying = new Map<number, number>();
    for (const { account, mrr } of running(edge)) paying.set(account, (paying.get(account) ?? 0) + mrr);
    return paying;
  };
  const total = (paying: ReadonlyMap<number, number>) => sum([...paying.values()], (mrr) => mrr);
  const mrr = (edge: Day) => total(payers(edge)) / 100;
  const first = new Map<number, Day>();
  for (const { account, from } of contracts)
    if (!first.has(account) || from < first.get(account)!) first.set(account, from);
  const kept = (to: Day, of: (was: number, is: number) => number) => {
    const [before, now] = [payers(yearBefore(to)), payers(to)];
    return percent(
      sum([...before], ([account, was]) => of(was, now.get(account) ?? 0)),
      total(before),
    );
  };
  const newCustomers = (span: Span) => [...first.values()].filter((from) => inside(from, span)).length;

  const spent = (span: Span, ...kinds: string[]) =>
    sum(
      company.costs.filter((cost) => kinds.includes(cost.kind) && inside(cost.day, span)),
      ({ cents }) => cents,
    ) / 100;
  const invoiced = (span: Span) =>
    sum(
      invoices.filter(({ issued }) => inside(issued, span)),
      ({ cents }) => cents,
    ) / 100;
  const owed = ({ to }: Span) =>
    invoices.filter(({ issued, paid }) => issued < to && (paid === null || paid >= to));
  const cash = (list: readonly { cents: number }[]) => sum(list, ({ cents }) => cents) / 100;

  const leads = (span: Span) => people.filter(({ lead }) => inside(on(lead), span)).length;
  const mqls = (span: Span) => people.filter(({ mql }) => inside(on(mql), span));
  const within90 = (from: string, to: string | null) =>
    to !== null && seconds(from, to) >= 0 && seconds(from, to) < 90 * 86_400;
  const mailed = (span: Span) => company.mailings.filter(({ at }) => inside(on(at), span));

  const created = (span: Span) => tickets.filter((ticket) => inside(on(ticket.created), span));
  const solved = (span: Span) => tickets.filter((ticket) => inside(on(ticket.solved), span));
  const rated = (span: Span, ...ratings: string[]) =>
    tickets.filter(
      (ticket) => ticket.rating !== null && ratings.includes(ticket.rating) && inside(on(ticket.rated), span),
    ).length;
  const chatsRated = (span: Span, least: number) =>
    by.owner === undefined
      ? chats.filter(({ rating, rated }) => rating !== null && rating >= least && inside(on(rated), span))
          .length
      : 0;
  const judged = (span: Span, breached: boolean, metric?: string) =>
    verdicts.filter(
      (one) =>
        one.breached === breached &&
        (metric === undefined || one.metric === metric) &&
        inside(on(one.at), span),
    ).length;
  const attained = (metric?: string) => (span: Span) =>
    percent(judged(span, false, metric), judged(span, false, metric) + judged(span, true, metric));
  const agentDays = (span: Span) =>
    new Set(
      solved(span)
        .filter(({ owner }) => owner !== null)
        .map((ticket) => `${ticket.owner} ${on(ticket.solved)}`),
    ).size;
  const scored = (span: Span, low: number, high: number) =>
    answers.filter(({ score, at }) => score >= low && score <= high && inside(on(at), span)).length;

  return {
    bookings: won,
    deals_won: (span) => closed('won', span).length,
    deals_lost: (span) => closed('lost', span).length,
    win_rate: (span) =>
      percent(closed('won', span).length, closed('won', span).length + closed('lost', span).length),
    pipeline_created: (span) =>
      sum(
        deals.filter((deal) => inside(deal.created, span)),
        worth,
      ),
    open_pipeline: (span) => sum(openAt(span), worth),
    average_deal: average,
    sales_cycle: cycle,
    sales_velocity: (span) => {
      const [a, w, c] = [average(span), winRate(span), cycle(span)];
      return a === null || w === null || c === null || c === 0 ? null : (openAt(span).length * a * w) / c;
    },
    quota_attainment: (span) =>
      percent(
        won(span),
        cash(company.quotas.filter(({ owner, month }) => hers(owner) && inside(month, span))),
      ),
    sales_activities: (span) =>
      company.calls.filter(({ kind, owner, at }) => hers(owner) && kind !== 'To-do' && inside(on(at), span))
        .length,
    mrr: ({ to }) => mrr(to),
    arr: ({ to }) => 12 * mrr(to),
    customers: ({ to }) => payers(to).size,
    net_new_mrr: ({ from, to }) => mrr(to) - mrr(from),
    new_customers: newCustomers,
    churn: ({ from, to }) => {
      const [before, now] = [payers(from), payers(to)];
      return percent([...before.keys()].filter((account) => !now.has(account)).length, before.size);
    },
    nrr: ({ to }) => kept(to, (_was, is) => is),
    grr: ({ to }) => kept(to, Math.min),
    arpa: ({ to }) => ratio(mrr(to), payers(to).size),
    invoiced,
    cash_collected: (span) =>
      cash(company.payments.filter(({ account, day }) => here(account) && inside(day, span))),
    dso: (span) => {
      const sold = invoiced(span);
      const length = (Date.parse(span.to) - Date.parse(span.from)) / 86_400_000;
      return sold === 0 ? null : (cash(owed(span)) / sold) * length;
    },
    overdue_share: (span) =>
      percent(cash(owed(span).filter(({ due }) => plus(due, 1) < span.to)), cash(owed(span))),
    gross_margin: (span) => percent(invoiced(span) - spent(span, 'cogs'), invoiced(span)),
    marketing_spend: (span) => spent(span, 'marketing'),
    cac: (span) => ratio(spent(span, 'marketing', 'sales'), newCustomers(span)),
    new_leads: leads,
    mqls: (span) => mqls(span).length,
    mql_to_sql: (span) =>
      percent(mqls(span).filter(({ mql, sql }) => within90(mql!, sql)).length, mqls(span).length),
    mql_to_customer: (span) =>
      percent(mqls(span).filter(({ customer }) => customer !== null).length, mqls(span).length),
    cost_per_mql: (span) => ratio(spent(span, 'marketing'), mqls(span).length),
    cost_per_lead: (span) => ratio(spent(span, 'marketing'), leads(span)),
    campaign_responses: (span) => {
      const known = new Set(people.map(({ id }) => id));
      return company.touches.filter(
        ({ person, responded, at }) => known.has(person) && responded && inside(on(at), span),
      ).length;
    },
    email_open_rate: (span) =>
      percent(
        sum(mailed(span), ({ opened }) => opened),
        sum(mailed(span), ({ delivered }) => delivered),
      ),
    email_click_rate: (span) =>
      percent(
        sum(mailed(span), ({ clicked }) => clicked),
        sum(mailed(span), ({ delivered }) => delivered),
      ),
    tickets_created: (span) => created(span).length,
    tickets_solved: (span) => solved(span).length,
    backlog: ({ to }) =>
      tickets.filter(
        (ticket) => on(ticket.created)! < to && (ticket.solved === null || on(ticket.solved)! >= to),
      ).length,
    one_touch: (span) =>
      percent(solved(span).filter(({ replies }) => replies === 1).length, solved(span).length),
    reopen_rate: (span) =>
      percent(solved(span).filter(({ reopens }) => reopens > 0).length, solved(span).length),
    csat: (span) =>
      percent(rated(span, 'good') + chatsRated(span, 4), rated(span, 'good', 'bad') + chatsRated(span, 1)),
    csat_response_rate: (span) => percent(rated(span, 'good', 'bad'), rated(span, 'good', 'bad', 'offered')),
    sla_attainment: attained(),
    sla_first_reply: attained('reply_time'),
    sla_requester_wait: attained('requester_wait_time'),
    agent_days: agentDays,
    agent_throughput: (span) => ratio(solved(span).length, agentDays(span)),
    contact_rate: (span) => ratio(created(span).length, payers(span.to).size),
    first_response_mean: (span) => {
      const replied = created(span).filter((ticket) => ticket.replied !== null);
      return ratio(sum(replied, (ticket) => seconds(ticket.created, ticket.replied!)) / 60, replied.length);
    },
    resolution_time: (span) =>
      ratio(
        sum(solved(span), (ticket) => seconds(ticket.created, ticket.solved!)) / 3_600,
        solved(span).length,
      ),
    conversations: (span) =>
      by.owner === undefined ? chats.filter((chat) => inside(on(chat.created), span)).length : 0,
    nps: (span) => percent(scored(span, 9, 10) - scored(span, 0, 6), scored(span, 0, 10)),
  };
}
