import type { Company, Deal, Person } from './model.ts';
import { scaled } from './model.ts';
import type { Random } from './random.ts';
import { salesforceStamps } from './salesforce-directory.ts';
import { writeRecord } from './write-record.ts';

const subjects = {
  Call: ['Call', 'Follow-up call', 'Discovery call'],
  Email: ['Email: introduction', 'Email: proposal', 'Email: next steps'],
  Task: ['Prepare demo', 'Send contract', 'Check references'],
} as const;
type Subtype = keyof typeof subjects;

export type TaskPlan = {
  who: string | null;
  what: string | null;
  account: string | null;
  owner: string;
  at: number;
  open: boolean;
};

/** First contacts with leads, then work on deals up to the wanted number. Sets each deal's last activity. */
export function writeTasks(company: Company): void {
  const { calendar } = company;
  const random = company.random('tasks');
  let left = scaled(company, 20_000);
  for (const person of company.people) {
    if (!person.leadId || !random.chance(0.74)) continue;
    const at = firstContact(company, random, person);
    if (at > calendar.end) continue;
    writeTask(company, random, {
      who: person.leadId,
      what: null,
      account: null,
      owner: person.owner.userId,
      at,
      open: false,
    });
    left--;
  }
  const perDeal = left / company.deals.length;
  for (const deal of company.deals) {
    const wanted = random.poisson(perDeal);
    const end = deal.closedAt ?? calendar.end;
    for (let i = 0; i < wanted; i++) workOnDeal(company, random, deal, end);
  }
}

/** Minutes for hot sources, hours for cold ones, within office hours. */
function firstContact(company: Company, random: Random, person: Person): number {
  const median = person.source === 'Outbound' || person.source === 'Organic Search' ? 240 : 55;
  return company.calendar.addBusinessMinutes(person.bornAt, random.lognormal(median, 1.1));
}

function workOnDeal(company: Company, random: Random, deal: Deal, end: number): void {
  const { calendar } = company;
  const from = calendar.dayOf(deal.createdAt);
  const day = calendar.workday(from + random.int(Math.max(1, calendar.dayOf(end) - from)));
  const at = Math.min(
    end,
    Math.max(deal.createdAt, calendar.at(day, (8 + random.int(10)) * 3600 + random.int(3600))),
  );
  const open = deal.closedAt === null && random.chance(0.15);
  const who = deal.firm.people.find((p) => p.contactId !== null && p.contactAt! <= at);
  writeTask(company, random, {
    who: who?.contactId ?? null,
    what: deal.id,
    account: deal.firm.accountId,
    owner: deal.owner.userId,
    at,
    open,
  });
  deal.lastActivityAt = Math.max(deal.lastActivityAt ?? 0, at);
}

export function writeTask(company: Company, random: Random, plan: TaskPlan): string {
  const subtype: Subtype = random.weighted([
    ['Call', 45],
    ['Email', 40],
    ['Task', 15],
  ]);
  const id = company.ids.salesforce('Task');
  const record = {
    Id: id,
    WhoId: plan.who,
    WhatId: plan.what,
    AccountId: plan.account,
    OwnerId: plan.owner,
    Subject: random.pick(subjects[subtype]),
    Status: plan.open ? 'Not Started' : 'Completed',
    TaskSubtype: subtype,
    ActivityDate: company.calendar.text(company.calendar.dayOf(plan.at)),
    IsClosed: !plan.open,
    ...salesforceStamps(plan.at, plan.at),
  };
  writeRecord(company.salesforce, 'Task', id, record, { created: plan.at, changed: plan.at });
  return id;
}
