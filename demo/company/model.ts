/** The company behind the records: what really happened, before five systems wrote it down imperfectly. */
import type { Calendar } from './calendar.ts';
import type { Identifiers } from './identifiers.ts';
import type { Region, Segment } from './names.ts';
import type { Random } from './random.ts';
import type { Store, WorldOptions } from './records.ts';

export const sources = [
  'Paid Search',
  'Organic Search',
  'Referral',
  'Event',
  'Webinar',
  'Outbound',
  'Partner',
] as const;
export type LeadSource = (typeof sources)[number];
export type Product = 'Core' | 'Analytics' | 'Connect';
export type Plan = 'Starter' | 'Growth' | 'Scale' | 'Enterprise';
export type Team =
  | 'Sales'
  | 'Sales Development'
  | 'Customer Success'
  | 'Support'
  | 'Marketing'
  | 'Management';

export type Staff = {
  name: string;
  first: string;
  last: string;
  email: string;
  team: Team;
  region: Region;
  role: string;
  active: boolean;
  userId: string;
  hubspotOwnerId: string;
  zendeskUserId: number;
  intercomAdminId: string;
};

export type Campaign = {
  id: string;
  name: string;
  type: string;
  source: LeadSource;
  /** First and last day. */
  start: number;
  end: number;
  /** Whole cost, US dollars. */
  cost: number;
  /** How many people it reaches, relative to others. */
  reach: number;
  /** The webinar series of the third story. */
  paidOff: boolean;
};

export type Firm = {
  stem: string;
  legal: string;
  name: string;
  domains: readonly string[];
  region: Region;
  country: string;
  segment: Segment;
  industry: string;
  source: LeadSource;
  bornAt: number;
  owner: Staff;
  csm: Staff;
  accountId: string;
  hubspotCompanyId: string | null;
  zendeskOrganizationId: number | null;
  intercomCompanyId: string | null;
  people: Person[];
  deals: Deal[];
  customer: Customer | null;
};

export type Person = {
  first: string;
  last: string;
  title: string;
  email: string | null;
  firm: Firm | null;
  /** The employer as the person typed it. */
  companyText: string;
  country: string;
  region: Region;
  segment: Segment;
  source: LeadSource;
  owner: Staff;
  bornAt: number;
  mqlAt: number | null;
  sqlAt: number | null;
  opportunityAt: number | null;
  customerAt: number | null;
  hubspotId: string | null;
  leadId: string | null;
  contactId: string | null;
  contactAt: number | null;
  zendeskId: number | null;
  intercomId: string | null;
};

export type StageName =
  | 'Prospecting'
  | 'Qualification'
  | 'Proposal'
  | 'Negotiation'
  | 'Closed Won'
  | 'Closed Lost';

export type Step = { stage: StageName; at: number; amount: number | null; closeDay: number };

export type Deal = {
  id: string;
  name: string;
  firm: Firm;
  owner: Staff;
  type: 'New Business' | 'Existing Business';
  product: Product;
  source: LeadSource;
  campaign: Campaign | null;
  createdAt: number;
  steps: Step[];
  outcome: 'won' | 'lost' | 'open';
  /** The instant of closing; null while open. */
  closedAt: number | null;
  /** What the customer will pay a month, cents: known to billing even where the CRM has no amount. */
  mrrCents: number;
  lastActivityAt: number | null;
};

export type Span = { plan: Plan; mrrCents: number; start: number; end: number | null; id: string };

export type Contract = { no: string; product: Product; spans: Span[] };

export type Customer = {
  id: string;
  firm: Firm;
  deal: Deal;
  annual: boolean;
  start: number;
  /** First unpaid day of the whole customer, and the day it came back. */
  churn: number | null;
  back: number | null;
  contracts: Contract[];
};

/** The company while it is being built and while it lives on. */
export type Company = {
  options: WorldOptions;
  calendar: Calendar;
  ids: Identifiers;
  /** An independent stream of chance for each part. */
  random(stream: string): Random;
  salesforce: Store;
  hubspot: Store;
  zendesk: Store;
  intercom: Store;
  billing: Store;
  files: Store;
  staff: Staff[];
  campaigns: Campaign[];
  firms: Firm[];
  people: Person[];
  deals: Deal[];
  customers: Customer[];
};

/** `count` at full size, brought to this company's scale. */
export function scaled(company: Company, count: number, least = 1): number {
  return Math.max(least, Math.round(count * company.options.scale));
}

/** Whether the customer pays on that day. */
export function isLive(customer: Customer, day: number): boolean {
  if (day < customer.start) return false;
  return customer.churn === null || day < customer.churn || (customer.back !== null && day >= customer.back);
}
