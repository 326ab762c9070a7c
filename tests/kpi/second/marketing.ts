/** Marketing, from HubSpot's contacts and e-mails, Salesforce's campaign members and the spend file. */
import type { World } from '../../../demo/company/records.ts';
import type { Day } from '../../../kpi/question.ts';
import {
  dayReader,
  inside,
  live,
  orUnknown,
  type Pick,
  percent,
  ratio,
  type SecondFigures,
  type Span,
  sum,
} from './raw.ts';

/** HubSpot's constants as the other departments call the same channels. */
const words: Record<string, string> = {
  PAID_SEARCH: 'Paid Search',
  ORGANIC_SEARCH: 'Organic Search',
  REFERRALS: 'Referral',
  OFFLINE: 'Offline',
  OTHER_CAMPAIGNS: 'Other Campaigns',
};

type Contact = { properties: Record<string, string | null> };
type Email = {
  publishDate: string;
  state: string;
  stats: { counters: { delivered: number; open: number; click: number } };
};

const windowMs = 90 * 86_400_000;

export function marketing(world: World): SecondFigures {
  const dayOf = dayReader(world.options.timeZone);
  const { hubspot, salesforce, files } = world;
  const people = live<Contact>(hubspot, 'contacts').map(({ properties }) => {
    const entered = (...stages: string[]) => {
      const found = stages.map((stage) => properties[`hs_v2_date_entered_${stage}`]).find((date) => date);
      return found ? Date.parse(found) : null;
    };
    // A skipped stage takes the next stage's date.
    const mql = entered('marketingqualifiedlead', 'salesqualifiedlead', 'opportunity', 'customer');
    const sql = entered('salesqualifiedlead', 'opportunity', 'customer');
    const lead = entered('lead');
    const opportunity = entered('opportunity', 'customer');
    return {
      sql: sql === null ? null : dayOf(sql),
      opportunityInTime:
        sql !== null && opportunity !== null && opportunity >= sql && opportunity < sql + windowMs,
      lead: lead === null ? null : dayOf(lead),
      mql: mql === null ? null : dayOf(mql),
      sqlInTime: mql !== null && sql !== null && sql >= mql && sql < mql + windowMs,
      customer: entered('customer') !== null,
      dims: { source: properties.hs_analytics_source ? words[properties.hs_analytics_source]! : null },
    };
  });
  const emails = live<Email>(hubspot, 'marketing_emails')
    .filter((email) => email.state === 'PUBLISHED')
    .map(({ publishDate, stats }) => ({ day: dayOf(publishDate), ...stats.counters }));
  const channels = new Map(
    live<{ Id: string; Channel__c: string | null }>(salesforce, 'Campaign').map((c) => [c.Id, c.Channel__c]),
  );
  const responses = live<{
    CampaignId: string;
    HasResponded: boolean;
    FirstRespondedDate: Day | null;
    CreatedDate: string;
  }>(salesforce, 'CampaignMember')
    .filter((member) => member.HasResponded)
    .map((member) => ({
      day: member.FirstRespondedDate ?? dayOf(member.CreatedDate),
      dims: { source: channels.get(member.CampaignId) ?? null },
    }));
  const spend = live<{ day: Day; kind: string; amount: number; source: string | null }>(files, 'spend.csv')
    .filter((row) => row.kind === 'marketing')
    .map((row) => ({ day: row.day, cents: Math.round(row.amount * 100), dims: { source: row.source } }));

  const spent = (span: Span, list: readonly (typeof spend)[number][] = spend) =>
    orUnknown(
      spend.map((s) => s.day),
      span,
      sum(
        list.filter((s) => inside(s.day, span)),
        (s) => s.cents,
      ) / 100,
    );
  type Someone = (typeof people)[number];
  const leads = (span: Span, list: readonly Someone[]) => list.filter((p) => inside(p.lead, span)).length;
  const mqls = (span: Span, list: readonly Someone[]) => list.filter((p) => inside(p.mql, span));
  const sent = (span: Span) => emails.filter((e) => inside(e.day, span));
  const whole = (value: (span: Span) => number | null) => ({ by: [], records: [], value });
  const figure = (value: (span: Span, list: readonly Someone[], pick: Pick) => number | null) => ({
    by: ['source'] as const,
    records: people,
    value: (span: Span, pick: Pick) => value(span, pick(people), pick),
  });

  return {
    new_leads: figure((span, list) =>
      orUnknown(
        people.map((p) => p.lead),
        span,
        leads(span, list),
      ),
    ),
    mqls: figure((span, list) =>
      orUnknown(
        people.map((p) => p.mql),
        span,
        mqls(span, list).length,
      ),
    ),
    sqls: figure((span, list) =>
      orUnknown(
        people.map((p) => p.sql),
        span,
        list.filter((p) => inside(p.sql, span)).length,
      ),
    ),
    mql_to_sql: figure((span, list) =>
      percent(mqls(span, list).filter((p) => p.sqlInTime).length, mqls(span, list).length),
    ),
    mql_to_customer: figure((span, list) =>
      percent(mqls(span, list).filter((p) => p.customer).length, mqls(span, list).length),
    ),
    sql_to_opportunity: figure((span, list) => {
      const cohort = list.filter((p) => inside(p.sql, span));
      return percent(cohort.filter((p) => p.opportunityInTime).length, cohort.length);
    }),
    lead_to_customer: figure((span, list) => {
      const cohort = list.filter((p) => inside(p.lead, span));
      return percent(cohort.filter((p) => p.customer).length, cohort.length);
    }),
    campaign_responses: {
      by: ['source'],
      records: responses,
      value: (span, pick) =>
        orUnknown(
          responses.map((r) => r.day),
          span,
          pick(responses).filter((r) => inside(r.day, span)).length,
        ),
    },
    marketing_spend: { by: ['source'], records: spend, value: (span, pick) => spent(span, pick(spend)) },
    cost_per_mql: figure((span, list, pick) =>
      ratio(spent(span, pick(spend)) || null, mqls(span, list).length),
    ),
    cost_per_lead: figure((span, list, pick) => ratio(spent(span, pick(spend)) || null, leads(span, list))),
    email_open_rate: whole((span) =>
      percent(
        sum(sent(span), (e) => e.open),
        sum(sent(span), (e) => e.delivered),
      ),
    ),
    email_click_to_open: whole((span) =>
      percent(
        sum(sent(span), (e) => e.click),
        sum(sent(span), (e) => e.open),
      ),
    ),
    email_click_rate: whole((span) =>
      percent(
        sum(sent(span), (e) => e.click),
        sum(sent(span), (e) => e.delivered),
      ),
    ),
  };
}
