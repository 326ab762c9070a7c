/**
 * What each system of the synthetic company holds, in the very shape in which its API returns it.
 * The world writes these records, the stand-ins serve them; nothing else knows them.
 */

/** One system's records: by object name, then by id. */
export type Stored<T = Record<string, unknown>> = {
  id: string;
  record: T;
  /** Epoch ms of the last change by the system's own stamp. */
  modifiedAt: number;
  createdAt: number;
  /** Set when deleted, archived or merged away; the stand-in decides how its platform shows that. */
  gone?: { at: number; how: 'deleted' | 'archived' | 'merged' | 'hard_deleted'; into?: string };
};

/** A system of the company: the only way the world writes and the stand-ins read. */
export interface Store {
  /** Records of one object, in insertion order. */
  all(object: string): Iterable<Stored>;
  get(object: string, id: string): Stored | undefined;
  put(object: string, id: string, record: Record<string, unknown>, at: number): void;
  remove(
    object: string,
    id: string,
    at: number,
    how: 'deleted' | 'archived' | 'merged' | 'hard_deleted',
    into?: string,
  ): void;
  count(object: string): number;
  /** Grows with every write: stand-ins use it to keep sorted indexes. */
  revision(object: string): number;
  /** Be told of every write from now on, after it happened. Returns how to stop. */
  watch(listener: (change: StoreChange) => void): () => void;
}

export type StoreChange = {
  object: string;
  id: string;
  how: 'created' | 'updated' | 'deleted' | 'archived' | 'merged' | 'hard_deleted';
  /** Of a merge: the survivor. */
  into?: string;
  /** Epoch ms. */
  at: number;
};

/** Objects of each store. Field lists are what connectors may rely on; stamps are added by the store's records themselves. */
export const objects = {
  salesforce: {
    // Every record also has CreatedDate, LastModifiedDate, SystemModstamp ('2026-11-01T09:30:00.000+0000') and IsDeleted.
    User: ['Id', 'Name', 'Email', 'IsActive', 'UserRoleName__c', 'Team__c', 'Region__c'],
    Account: [
      'Id',
      'Name',
      'Website',
      'Industry',
      'BillingCountry',
      'Region__c',
      'Segment__c',
      'OwnerId',
      'Type',
      'AccountSource',
      'MasterRecordId',
    ],
    Contact: [
      'Id',
      'AccountId',
      'FirstName',
      'LastName',
      'Email',
      'Title',
      'OwnerId',
      'LeadSource',
      'MasterRecordId',
    ],
    Lead: [
      'Id',
      'FirstName',
      'LastName',
      'Email',
      'Company',
      'Country',
      'Region__c',
      'Segment__c',
      'Status',
      'LeadSource',
      'IsConverted',
      'ConvertedDate',
      'ConvertedAccountId',
      'ConvertedContactId',
      'ConvertedOpportunityId',
      'OwnerId',
      'MasterRecordId',
    ],
    Campaign: [
      'Id',
      'Name',
      'Type',
      'Status',
      'Channel__c',
      'StartDate',
      'EndDate',
      'BudgetedCost',
      'ActualCost',
      'IsActive',
    ],
    CampaignMember: [
      'Id',
      'CampaignId',
      'LeadId',
      'ContactId',
      'Status',
      'HasResponded',
      'FirstRespondedDate',
    ],
    Opportunity: [
      'Id',
      'Name',
      'AccountId',
      'OwnerId',
      'Amount',
      'CurrencyIsoCode',
      'StageName',
      'Probability',
      'ForecastCategoryName',
      'IsClosed',
      'IsWon',
      'CloseDate',
      'LeadSource',
      'CampaignId',
      'Type',
      'Product__c',
      'LastActivityDate',
    ],
    OpportunityHistory: [
      'Id',
      'OpportunityId',
      'StageName',
      'Amount',
      'CloseDate',
      'Probability',
      'ForecastCategory',
    ],
    Task: [
      'Id',
      'WhoId',
      'WhatId',
      'AccountId',
      'OwnerId',
      'Subject',
      'Status',
      'TaskSubtype',
      'ActivityDate',
      'IsClosed',
    ],
    ForecastingQuota: ['Id', 'QuotaOwnerId', 'StartDate', 'QuotaAmount', 'CurrencyIsoCode'],
    Forecast_Snapshot__c: ['Id', 'OwnerId', 'Period_Start__c', 'As_Of__c', 'Amount__c', 'CurrencyIsoCode'],
  },
  hubspot: {
    // {id, properties: {…all strings or null}, createdAt, updatedAt, archived}
    contacts: [
      'email',
      'firstname',
      'lastname',
      'company',
      'jobtitle',
      'country',
      'lifecyclestage',
      'createdate',
      'lastmodifieddate',
      'hs_object_id',
      'hs_analytics_source',
      'associatedcompanyid',
      'hs_merged_object_ids',
      'hs_v2_date_entered_lead',
      'hs_v2_date_entered_marketingqualifiedlead',
      'hs_v2_date_entered_salesqualifiedlead',
      'hs_v2_date_entered_opportunity',
      'hs_v2_date_entered_customer',
    ],
    companies: [
      'name',
      'domain',
      'industry',
      'country',
      'createdate',
      'hs_lastmodifieddate',
      'hs_object_id',
      'salesforceaccountid',
    ],
    // Marketing API: {id, name, subject, campaign, publishDate, state, stats: {counters: {sent, delivered, open, click, bounce, unsubscribed}}, createdAt, updatedAt}
    marketing_emails: ['id', 'name', 'subject', 'campaign', 'publishDate', 'state', 'stats'],
    owners: ['id', 'email', 'firstName', 'lastName', 'archived'],
  },
  zendesk: {
    users: ['id', 'name', 'email', 'role', 'organization_id', 'active', 'created_at', 'updated_at'],
    organizations: [
      'id',
      'name',
      'domain_names',
      'external_id',
      'created_at',
      'updated_at',
      'organization_fields',
    ],
    // metric_set and slas are sideloaded by the stand-in; the store keeps them on the ticket.
    tickets: [
      'id',
      'subject',
      'status',
      'priority',
      'type',
      'via',
      'requester_id',
      'assignee_id',
      'organization_id',
      'group_id',
      'tags',
      'product',
      'satisfaction_rating',
      'created_at',
      'updated_at',
      'generated_timestamp',
      'metric_set',
    ],
    ticket_metric_events: ['id', 'ticket_id', 'metric', 'instance_id', 'type', 'time', 'deleted'],
    ticket_events: ['id', 'ticket_id', 'timestamp', 'created_at', 'child_events'],
    satisfaction_ratings: ['id', 'ticket_id', 'score', 'assignee_id', 'created_at', 'updated_at'],
    groups: ['id', 'name'],
  },
  intercom: {
    admins: ['id', 'name', 'email'],
    contacts: [
      'id',
      'external_id',
      'email',
      'name',
      'role',
      'created_at',
      'updated_at',
      'companies',
      'location',
    ],
    companies: [
      'id',
      'company_id',
      'name',
      'website',
      'plan',
      'created_at',
      'updated_at',
      'custom_attributes',
    ],
    conversations: [
      'id',
      'created_at',
      'updated_at',
      'state',
      'open',
      'source',
      'contacts',
      'statistics',
      'conversation_rating',
      'admin_assignee_id',
      'tags',
      'custom_attributes',
    ],
  },
} as const;

/** Tables of the in-house billing database (a real Postgres database beside Herald's own). */
export const billingTables = {
  customers:
    'id text primary key, name text, domain text, email text, crm_account_id text, country text, created_at timestamptz, updated_at timestamptz not null',
  /** One row per span of one plan at one price: a change closes a row and opens the next on the same day. */
  subscriptions:
    'id text primary key, subscription_no text, customer_id text, plan text, product text, mrr_cents bigint, currency text, started_on date, ended_on date, updated_at timestamptz not null',
  invoices:
    'id text primary key, customer_id text, issued_on date, due_on date, paid_on date, amount_cents bigint, currency text, status text, updated_at timestamptz not null',
  payments:
    'id text primary key, invoice_id text, customer_id text, paid_on date, amount_cents bigint, currency text, updated_at timestamptz not null',
  /** Tombstones: rows that were deleted above. */
  deleted_rows: 'id bigserial primary key, table_name text, row_id text, deleted_at timestamptz not null',
} as const;

/** CSV files of the finance department, written whole on every change (rename into place). */
export const csvFiles = {
  'spend.csv': ['id', 'day', 'kind', 'campaign_id', 'source', 'amount', 'currency'],
  'nps.csv': ['id', 'answered_at', 'email', 'customer_id', 'score'],
} as const;

/** The company as a whole. Deterministic: the same seed, anchor day, scale and ticks give the same records. */
export type WorldOptions = {
  seed: number;
  /** Last day of history, YYYY-MM-DD in `timeZone`. */
  anchorDay: string;
  timeZone: string;
  /** 1 is the full company; tests use 0.02. */
  scale: number;
};

export interface World {
  options: WorldOptions;
  salesforce: Store;
  hubspot: Store;
  zendesk: Store;
  intercom: Store;
  /** Rows of the billing tables by table name, each with every column of `billingTables`. */
  billing: Store;
  /** Rows of the CSV files by file name. */
  files: Store;
  /** The planted stories, so that documentation and tests know the true answers. */
  stories: readonly Story[];
  /** One small change to the living company, dated `at` (epoch ms). The same sequence of ticks gives the same records. Returns what it did, in words. */
  tick(at: number): { systems: readonly string[]; what: string };
}

export type Story = { name: string; text: string; question: string; expect: string };
