import type { Campaign, Company, LeadSource } from './model.ts';
import { scaled } from './model.ts';
import { salesforceStamp } from './stamps.ts';
import { paidOffCampaign } from './stories.ts';

type Kind = {
  type: string;
  source: LeadSource;
  weight: number;
  cost: number;
  days: number;
  names: readonly string[];
};

const kinds: readonly Kind[] = [
  {
    type: 'Advertisement',
    source: 'Paid Search',
    weight: 26,
    cost: 110_000,
    days: 75,
    names: [
      'Paid Search: reporting',
      'Paid Search: dashboards',
      'Paid Search: competitors',
      'Paid Search: brand',
    ],
  },
  {
    type: 'Content',
    source: 'Organic Search',
    weight: 14,
    cost: 38_000,
    days: 110,
    names: ['Metrics handbook', 'Benchmark report', 'Operations playbook'],
  },
  {
    type: 'Conference',
    source: 'Event',
    weight: 14,
    cost: 120_000,
    days: 12,
    names: ['SaaS Forum booth', 'Revenue Summit booth', 'Customer dinner tour'],
  },
  {
    type: 'Webinar',
    source: 'Webinar',
    weight: 12,
    cost: 38_000,
    days: 30,
    names: ['Webinar: planning season', 'Webinar: forecasting basics', 'Webinar: support metrics'],
  },
  {
    type: 'Email',
    source: 'Outbound',
    weight: 14,
    cost: 36_000,
    days: 40,
    names: ['Outbound: finance leads', 'Outbound: operations leads', 'Outbound: founders'],
  },
  {
    type: 'Partners',
    source: 'Partner',
    weight: 12,
    cost: 46_000,
    days: 80,
    names: ['Partner co-marketing', 'Partner marketplace push'],
  },
  {
    type: 'Referral Program',
    source: 'Referral',
    weight: 8,
    cost: 38_000,
    days: 120,
    names: ['Customer referral round'],
  },
];

/** Campaigns spread over the history; the one of the third story is among them at every scale. */
export function planCampaigns(company: Company): void {
  const { calendar } = company;
  const random = company.random('campaigns');
  const story = paidOffCampaign(calendar);
  company.campaigns.push({
    ...story,
    id: company.ids.salesforce('Campaign'),
    type: 'Webinar',
    source: 'Webinar',
    cost: story.cost * company.options.scale,
    paidOff: true,
  });

  const total = scaled(company, 80, 10) - 1;
  // The costs above are for 80 campaigns; fewer campaigns share the scaled budget.
  const budget = (company.options.scale * 79) / total;
  const span = calendar.anchor - calendar.first;
  for (let i = 0; i < total; i++) {
    // Every kind appears even in a small company: the first seven go round the table.
    const kind = i < kinds.length ? kinds[i]! : random.weighted(kinds.map((k) => [k, k.weight] as const));
    const days = Math.round(kind.days * random.between(0.7, 1.4) * (total < 40 ? 3 : 1));
    const start = calendar.workday(
      calendar.first + Math.floor(((i * 31) % total) * (span / total) * 0.97 + random.int(9)),
    );
    company.campaigns.push({
      id: company.ids.salesforce('Campaign'),
      name: `${random.pick(kind.names)} ${calendar.text(start).slice(0, 7)}`,
      type: kind.type,
      source: kind.source,
      start,
      end: Math.min(calendar.anchor, start + days),
      cost: Math.round(kind.cost * budget * random.between(0.6, 1.5)),
      reach: random.between(0.5, 1.6),
      paidOff: false,
    });
  }
}

/** Campaigns that ran on that day, or ended less than two months before. */
export function campaignsNear(company: Company, day: number): Campaign[] {
  return company.campaigns.filter((c) => c.start <= day && c.end >= day - 60);
}

export function writeCampaigns(company: Company): void {
  for (const c of company.campaigns) {
    const over = c.end < company.calendar.anchor;
    const created = company.calendar.at(Math.max(company.calendar.first, c.start - 5), 10 * 3600);
    const changed = over ? company.calendar.at(c.end, 18 * 3600) : created;
    company.salesforce.put('Campaign', c.id, {}, created);
    company.salesforce.put('Campaign', c.id, campaignRecord(company, c, over, created, changed), changed);
  }
}

function campaignRecord(company: Company, c: Campaign, over: boolean, created: number, changed: number) {
  return {
    Id: c.id,
    Name: c.name,
    Type: c.type,
    Status: over ? 'Completed' : 'In Progress',
    Channel__c: c.source,
    StartDate: company.calendar.text(c.start),
    EndDate: company.calendar.text(c.end),
    BudgetedCost: Math.round(c.cost * 1.08),
    ActualCost: Math.round(c.cost * 100) / 100,
    IsActive: !over,
    IsDeleted: false,
    CreatedDate: salesforceStamp(created),
    LastModifiedDate: salesforceStamp(changed),
    SystemModstamp: salesforceStamp(changed),
  };
}
