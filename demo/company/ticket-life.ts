import type { Company, Person, Product, Staff } from './model.ts';
import type { Random } from './random.ts';

export type Priority = 'low' | 'normal' | 'high' | 'urgent';
export type Channel = 'email' | 'web' | 'chat' | 'phone';

/** What happened to a ticket; records are derived from it. */
export type TicketLife = {
  id: number;
  person: Person;
  agent: Staff;
  product: Product;
  priority: Priority;
  channel: Channel;
  subject: string;
  tags: string[];
  createdAt: number;
  repliedAt: number | null;
  replyMinutes: number | null;
  firstSolvedAt: number | null;
  reopenedAt: number | null;
  solvedAt: number | null;
  closedAt: number | null;
  replies: number;
  offered: boolean;
  rating: 'good' | 'bad' | null;
  ratedAt: number | null;
  /** Waits for somebody else; such tickets are what a backlog is made of. */
  stuck: boolean;
};

const problems: Record<Product, readonly string[]> = {
  Core: [
    'Cannot log in',
    'Question about an invoice',
    'User cannot be invited',
    'Report does not load',
    'Export is empty',
  ],
  Analytics: [
    'Chart shows other numbers',
    'Dashboard is slow',
    'Filter has no effect',
    'Missing data for last week',
  ],
  Connect: [
    'Synchronisation stopped',
    'Connector asks for a new token',
    'Duplicate records after a sync',
    'Webhook is not called',
  ],
};

/** Median business minutes to the first reply and to the solution. */
const pace: Record<Priority, { reply: number; solve: number }> = {
  urgent: { reply: 22, solve: 200 },
  high: { reply: 70, solve: 420 },
  normal: { reply: 150, solve: 700 },
  low: { reply: 280, solve: 1100 },
};

/** Solved tickets close by themselves after four days, as Zendesk's default automation does. */
const CLOSES_AFTER_MS = 4 * 86_400_000;

/** Lives a ticket through from its creation to the end of history. */
export function liveTicket(
  company: Company,
  random: Random,
  about: { person: Person; agent: Staff; createdAt: number; surge: boolean },
): TicketLife {
  const { calendar } = company;
  const product: Product = about.surge
    ? 'Connect'
    : random.weighted([
        ['Core', 52],
        ['Analytics', 26],
        ['Connect', 22],
      ]);
  const priority: Priority = about.surge
    ? random.weighted([
        ['normal', 35],
        ['high', 45],
        ['urgent', 20],
      ])
    : random.weighted([
        ['low', 18],
        ['normal', 52],
        ['high', 23],
        ['urgent', 7],
      ]);
  const slow = about.surge ? 2 : 1;
  const life: TicketLife = {
    id: company.ids.zendesk('tickets'),
    person: about.person,
    agent: about.agent,
    product,
    priority,
    channel: random.weighted([
      ['email', 45],
      ['web', 30],
      ['chat', 15],
      ['phone', 10],
    ]),
    subject: about.surge ? random.pick(problems.Connect.slice(0, 3)) : random.pick(problems[product]),
    tags: about.surge ? ['connect', 'release_connect'] : [product.toLowerCase()],
    createdAt: about.createdAt,
    repliedAt: null,
    replyMinutes: null,
    firstSolvedAt: null,
    reopenedAt: null,
    solvedAt: null,
    closedAt: null,
    replies: 0,
    offered: false,
    rating: null,
    ratedAt: null,
    stuck: random.chance(0.004),
  };

  const replyMinutes = Math.max(1, Math.round(random.lognormal(pace[priority].reply * slow, 0.75)));
  const repliedAt = calendar.addBusinessMinutes(life.createdAt, replyMinutes);
  if (repliedAt > calendar.end) return life;
  life.repliedAt = repliedAt;
  life.replyMinutes = replyMinutes;
  life.replies = random.chance(0.42) ? 1 : 2 + random.poisson(1.1);
  if (life.stuck) return life;

  const solvedAt = calendar.addBusinessMinutes(
    repliedAt,
    random.lognormal(pace[priority].solve * slow, 0.95),
  );
  if (solvedAt > calendar.end) return life;
  life.firstSolvedAt = solvedAt;
  life.solvedAt = solvedAt;
  if (random.chance(0.075)) reopen(company, random, life);
  rate(company, random, life);
  if (life.solvedAt !== null && life.solvedAt + CLOSES_AFTER_MS <= calendar.end)
    life.closedAt = life.solvedAt + CLOSES_AFTER_MS;
  return life;
}

function reopen(company: Company, random: Random, life: TicketLife): void {
  const { calendar } = company;
  const at = calendar.addBusinessMinutes(life.solvedAt!, random.between(60, 1600));
  if (at > calendar.end || at > life.solvedAt! + CLOSES_AFTER_MS) return;
  life.reopenedAt = at;
  life.replies++;
  const again = calendar.addBusinessMinutes(at, random.lognormal(300, 0.7));
  life.solvedAt = again <= calendar.end ? again : null;
}

/** Just over half are asked; of those nearly half answer, and nine in ten are content. */
function rate(company: Company, random: Random, life: TicketLife): void {
  if (life.solvedAt === null || !random.chance(0.56)) return;
  life.offered = true;
  const at = Math.floor((life.solvedAt + random.between(0.5, 60) * 3600_000) / 1000) * 1000;
  if (at > company.calendar.end || !random.chance(0.46)) return;
  const content = life.reopenedAt !== null ? 0.66 : life.replyMinutes! > 400 ? 0.8 : 0.91;
  life.rating = random.chance(content) ? 'good' : 'bad';
  life.ratedAt = at;
}
