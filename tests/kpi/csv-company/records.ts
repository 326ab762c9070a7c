/** What really happened at a company without any CRM, made from a seed. Its files (files.ts) tell it messily. */
export type Day = string;
type Instant = string;

const start = Date.parse('2025-01-01T00:00:00Z');
const dayMs = 86_400_000;
/** Nothing happens from this day on. */
export const end = '2026-11-05';
const days = (Date.parse(end) - start) / dayMs;

export type Account = { no: number; region: string | null; segment: string };
export type Contract = { id: string; account: number; mrr: number; from: Day; to: Day | null };
export type Invoice = {
  no: string;
  account: number;
  issued: Day;
  due: Day;
  paid: Day | null;
  cents: number;
  isVoid: boolean;
};
export type Payment = { no: string; account: number; day: Day; cents: number };
export type Cost = {
  no: string;
  day: Day;
  kind: 'marketing' | 'sales' | 'cogs';
  source: string | null;
  cents: number;
};
export type Deal = {
  id: number;
  account: number;
  owner: string;
  source: string | null;
  created: Day;
  close: Day;
  state: 'open' | 'won' | 'lost';
  probability: number;
  /** As the record states it. */
  cents: number | null;
  currency: 'EUR' | 'USD';
};
export type Quota = { owner: string; month: Day; cents: number };
export type Person = {
  id: number;
  account: number | null;
  source: string | null;
  lead: Instant;
  mql: Instant | null;
  sql: Instant | null;
  opportunity: Instant | null;
  customer: Instant | null;
};
export type Ticket = {
  id: number;
  account: number | null;
  owner: string | null;
  priority: string;
  created: Instant;
  replied: Instant | null;
  solved: Instant | null;
  replies: number;
  reopens: number;
  rating: 'good' | 'bad' | 'offered' | null;
  rated: Instant | null;
};
export type Verdict = {
  ticket: number;
  metric: 'reply_time' | 'requester_wait_time';
  breached: boolean;
  at: Instant;
};

export type Company = ReturnType<typeof createCompany>;

/** mulberry32 */
function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export function createCompany(seed: number) {
  const random = chance(seed);
  const upTo = (n: number) => Math.floor(random() * n);
  const oneOf = <T>(list: readonly T[]): T => list[upTo(list.length)]!;
  const dayOf = (n: number): Day => new Date(start + n * dayMs).toISOString().slice(0, 10);
  const anyDay = () => upTo(days);
  /** Whole seconds, never in the hour that a clock change repeats. */
  const at = (day: number): Instant =>
    new Date(start + day * dayMs + (4 + upTo(20)) * 3_600_000 + upTo(3_600) * 1_000).toISOString();
  const after = (from: Instant, hours: number): Instant | null => {
    const then = new Date(
      Date.parse(from) + 60_000 + Math.floor(random() * hours * 3_600) * 1_000,
    ).toISOString();
    return then.slice(0, 10) < end ? then : null;
  };
  const many = <T>(n: number, make: (i: number) => T): T[] => Array.from({ length: n }, (_, i) => make(i));

  const regions = ['Nord', 'Süd', 'West', null];
  const owners = ['Anna Groß', "Bob O'Neill", 'Çelik, Deniz'];
  const channels = ['Messe', 'Web', 'Partner', null];
  const accounts: Account[] = many(80, (i) => ({
    no: 1001 + i,
    region: oneOf(regions),
    segment: oneOf(['SMB', 'Enterprise']),
  }));
  const account = () => oneOf(accounts).no;

  const contracts: Contract[] = accounts.slice(0, 70).flatMap(({ no }, i) => {
    const from = upTo(days - 60);
    const change = from + 30 + upTo(300);
    const rise = 1_000 + upTo(90_000);
    const out: Contract[] = [
      {
        id: `V-${i}`,
        account: no,
        mrr: 5_000 + upTo(200_000),
        from: dayOf(from),
        to: change < days ? dayOf(change) : null,
      },
    ];
    if (change < days && random() < 0.7) {
      const stop = change + 20 + upTo(400);
      out.push({
        id: `V-${i}`,
        account: no,
        mrr: rise,
        from: dayOf(change),
        to: stop < days ? dayOf(stop) : null,
      });
    }
    return out;
  });
  const invoices: Invoice[] = many(600, (i) => {
    const issued = anyDay();
    const paid = issued + upTo(90);
    return {
      no: `R${i}`,
      account: account(),
      issued: dayOf(issued),
      due: dayOf(issued + 30),
      paid: paid < days && random() < 0.9 ? dayOf(paid) : null,
      cents: 10_000 + upTo(5_000_000),
      isVoid: random() < 0.04,
    };
  });
  const payments: Payment[] = invoices
    .filter(({ paid, isVoid }) => paid !== null && !isVoid)
    .map(({ no, account, paid, cents }) => ({ no: `Z${no}`, account, day: paid!, cents }));
  const costs: Cost[] = many(500, (i) => ({
    no: `B${i}`,
    day: dayOf(anyDay()),
    kind: oneOf(['marketing', 'sales', 'cogs'] as const),
    source: oneOf(channels),
    cents: 1_000 + upTo(900_000),
  }));
  const deals: Deal[] = many(900, (i) => {
    const created = anyDay();
    const close = created + upTo(120);
    return {
      id: 900_000_000 + i,
      account: account(),
      owner: oneOf(owners),
      source: oneOf(channels),
      created: dayOf(created),
      close: dayOf(close),
      state: close >= days ? 'open' : oneOf(['won', 'won', 'lost', 'lost', 'open'] as const),
      probability: 10 * upTo(11),
      cents: random() < 0.05 ? null : 100 * upTo(200_000) + upTo(100),
      currency: random() < 0.1 ? 'USD' : 'EUR',
    };
  });
  const months = many(22, (i) => `${2025 + Math.floor(i / 12)}-${String((i % 12) + 1).padStart(2, '0')}-01`);
  const quotas: Quota[] = months.flatMap((month) =>
    owners.map((owner) => ({ owner, month, cents: 100 * (100_000 + upTo(900_000)) })),
  );
  const calls = many(500, (i) => ({
    id: i,
    owner: oneOf(owners),
    kind: oneOf(['Call', 'Email', 'Meeting', 'To-do']),
    at: at(anyDay()),
  }));
  const people: Person[] = many(800, (i) => {
    const lead = at(anyDay());
    const mql = random() < 0.6 ? after(lead, 500) : null;
    const sql = mql && random() < 0.6 ? after(mql, 4_000) : null;
    const opportunity = sql && random() < 0.7 ? after(sql, 2_000) : null;
    const customer = opportunity && random() < 0.6 ? after(opportunity, 1_500) : null;
    return {
      id: i + 1,
      account: random() < 0.8 ? account() : null,
      source: oneOf(channels),
      lead,
      mql,
      sql,
      opportunity,
      customer,
    };
  });
  const touches = many(700, (i) => ({
    id: i,
    person: oneOf(people).id,
    responded: random() < 0.6,
    source: oneOf(channels),
    at: at(anyDay()),
  }));
  const mailings = many(60, (i) => {
    const delivered = 500 + upTo(5_000);
    const opened = upTo(delivered);
    return { id: i, at: at(anyDay()), delivered, opened, clicked: upTo(opened) };
  });
  const tickets: Ticket[] = many(1_200, (i) => {
    const created = at(anyDay());
    const replied = random() < 0.9 ? after(created, 30) : null;
    const solved = replied && random() < 0.9 ? after(replied, 200) : null;
    const rated = solved && random() < 0.5 ? after(solved, 40) : null;
    return {
      id: 70_000 + i,
      account: random() < 0.9 ? account() : null,
      owner: random() < 0.9 ? oneOf(owners) : null,
      priority: oneOf(['low', 'normal', 'urgent']),
      created,
      replied,
      solved,
      replies: replied ? 1 + upTo(4) : 0,
      reopens: solved && random() < 0.1 ? 1 : 0,
      rating: rated ? oneOf(['good', 'good', 'bad', 'offered'] as const) : null,
      rated,
    };
  });
  const verdicts: Verdict[] = tickets.flatMap(({ id, replied, solved }) => [
    ...(replied
      ? [{ ticket: id, metric: 'reply_time' as const, breached: random() < 0.2, at: replied }]
      : []),
    ...(solved
      ? [{ ticket: id, metric: 'requester_wait_time' as const, breached: random() < 0.3, at: solved }]
      : []),
  ]);
  const chats = many(400, (i) => {
    const created = at(anyDay());
    const rated = random() < 0.3 ? after(created, 10) : null;
    return { id: `c${i}`, account: account(), created, rating: rated ? 1 + upTo(5) : null, rated };
  });
  const answers = many(300, (i) => ({ id: i, account: account(), score: upTo(11), at: at(anyDay()) }));
  return {
    accounts,
    contracts,
    invoices,
    payments,
    costs,
    deals,
    quotas,
    calls,
    people,
    touches,
    mailings,
    tickets,
    verdicts,
    chats,
    answers,
  };
}
