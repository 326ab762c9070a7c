import { createDemand } from './demand.ts';
import { messengerSince } from './intercom-directory.ts';
import type { Company, Person, Product, Staff } from './model.ts';
import { scaled } from './model.ts';
import type { Random } from './random.ts';
import { drawDays, moment, rhythm } from './rhythm.ts';
import { teamOf } from './staff.ts';
import { epochSeconds } from './stamps.ts';
import { writeRecord } from './write-record.ts';

/** Conversations in the messenger: mostly customers, some leads on the website. */
export function writeConversations(company: Company): void {
  const { calendar } = company;
  const random = company.random('conversations');
  const admins = [...teamOf(company, 'Support'), ...teamOf(company, 'Customer Success')];
  const demand = createDemand(company, (p) => p.intercomId !== null);
  const leads = company.people.filter((p) => p.intercomId !== null && !p.firm?.customer);
  const days = drawDays(
    random,
    calendar,
    scaled(company, 10_200),
    rhythm(calendar, { from: 0.02, to: 1, curve: 1.2, weekend: 0.25 }),
  );
  for (const day of days) {
    const at = moment(random, calendar, day);
    const lead = random.chance(0.15) ? random.pick(leads) : undefined;
    const person = lead && lead.bornAt <= at ? lead : demand(random, at)?.person;
    if (person && messengerSince(company, person) <= at)
      converse(company, random, person, random.pick(admins), at);
  }
}

function converse(company: Company, random: Random, person: Person, admin: Staff, at: number): void {
  const { calendar } = company;
  const replied = calendar.addBusinessMinutes(at, random.lognormal(14, 1));
  const closed = calendar.addBusinessMinutes(replied, random.lognormal(95, 1.1));
  const reopened = random.chance(0.06);
  const lastClosed = reopened ? calendar.addBusinessMinutes(closed, random.between(120, 1500)) : closed;
  const rated = random.chance(0.3) ? lastClosed + (60 + random.int(7200)) * 1000 : null;
  const seen = (t: number | null) => (t !== null && t <= calendar.end ? t : null);
  const rating = random.weighted([
    [5, 58],
    [4, 25],
    [3, 9],
    [2, 4],
    [1, 4],
  ]);
  const stage = {
    replied: seen(replied),
    closed: seen(closed),
    lastClosed: seen(lastClosed),
    rated: seen(rated),
  };
  const product: Product = random.weighted([
    ['Core', 55],
    ['Analytics', 25],
    ['Connect', 20],
  ]);
  writeConversation(company, {
    id: company.ids.intercomNumber('conversations'),
    person,
    admin,
    at,
    ...stage,
    reopens: reopened && stage.lastClosed !== null && stage.closed !== stage.lastClosed ? 1 : 0,
    parts: 2 + random.poisson(3),
    rating: stage.rated === null ? null : rating,
    product,
  });
}

export type ConversationPlan = {
  id: string;
  person: Person;
  admin: Staff;
  at: number;
  replied: number | null;
  closed: number | null;
  lastClosed: number | null;
  rated: number | null;
  reopens: number;
  parts: number;
  rating: number | null;
  product: Product;
};

export function writeConversation(company: Company, plan: ConversationPlan): void {
  const changed = Math.max(
    plan.at,
    plan.replied ?? 0,
    plan.closed ?? 0,
    plan.lastClosed ?? 0,
    plan.rated ?? 0,
  );
  const open = plan.lastClosed === null;
  const second = (t: number | null) => (t === null ? null : epochSeconds(t));
  const record = {
    type: 'conversation',
    id: plan.id,
    created_at: epochSeconds(plan.at),
    updated_at: epochSeconds(changed),
    state: open ? 'open' : 'closed',
    open,
    source: {
      type: 'conversation',
      author: {
        type: plan.person.firm?.customer ? 'user' : 'lead',
        id: plan.person.intercomId,
        email: plan.person.email,
      },
    },
    contacts: { type: 'contact.list', contacts: [{ type: 'contact', id: plan.person.intercomId }] },
    statistics: {
      type: 'conversation_statistics',
      first_contact_reply_at: epochSeconds(plan.at),
      first_admin_reply_at: second(plan.replied),
      first_close_at: second(plan.closed),
      last_close_at: second(plan.lastClosed ?? plan.closed),
      count_reopens: plan.reopens,
      count_conversation_parts: plan.parts,
      median_time_to_reply: plan.replied === null ? null : Math.round((plan.replied - plan.at) / 1000),
    },
    conversation_rating:
      plan.rating === null ? null : { rating: plan.rating, remark: null, created_at: second(plan.rated) },
    admin_assignee_id: Number(plan.admin.intercomAdminId),
    tags: { type: 'tag.list', tags: [] },
    custom_attributes: { product: plan.product },
  };
  writeRecord(company.intercom, 'conversations', plan.id, record, { created: plan.at, changed });
}
