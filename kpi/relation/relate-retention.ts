/** "Retention against ticket load", "churn by campaign of origin": what became of customers, by what another system knows of them. */
import type { Queryable } from '../../db/client.ts';
import { HeraldError } from '../../platform/errors.ts';
import { benjaminiHochberg, pValue } from '../anomaly/false-discovery.ts';
import { offset } from '../calendar.ts';
import { readDataVersion } from '../freshness.ts';
import type { Filter, Period } from '../question.ts';
import type { Span } from '../read/slice.ts';
import type { EngineSettings } from '../settings.ts';
import { byCampaign, byTickets } from './groupings.ts';
import { bucketLabel, loadBuckets } from './load-buckets.ts';
import { type RetentionRow, readRetention } from './read-retention.ts';
import { type Trend, trendOfShares } from './trend-of-shares.ts';
import { wilson } from './wilson.ts';

export type RetentionGroup = {
  name: string;
  /** Customers when the period began, and those of them who had left when it ended. */
  customers: number;
  lost: number;
  /** Percent, with Wilson's 95 % interval. */
  retention: number;
  low: number;
  high: number;
  /** Percent: what they pay at the period's end ÷ what they paid when it began. */
  netRevenue: number;
};

export type RetentionRelation = {
  by: 'ticket_load' | 'campaign';
  period: Period;
  groups: readonly RetentionGroup[];
  /** Customers that nothing in the other system is linked to; in no group. */
  unlinked: number;
  /** Whether retention rises or falls along the groups; `none` for campaigns, which have no order. */
  trend: Trend;
  /** Names of campaigns whose customers stayed more or less often than all others, beyond chance. */
  apart: readonly string[];
  /** Load only: the trend by the tickets of the equally long time before, which those who left had in full. */
  before: { window: Span; trend: Trend } | null;
  dataVersion: number;
};

export type RetentionRelationInput = {
  by: RetentionRelation['by'];
  period: Period;
  filters: readonly Filter[];
};

/** Campaigns named; the rest is one group. */
const mostCampaigns = 8;
/** Share of false alarms among the campaigns that are said to stand apart. */
const falseShare = 0.05;

export async function relateRetention(
  sql: Queryable,
  { by, period, filters }: RetentionRelationInput,
  settings: EngineSettings,
): Promise<RetentionRelation> {
  const { timeZone } = settings.calendar;
  const common = { by, period, dataVersion: await readDataVersion(sql) };
  if (by === 'campaign') {
    const rows = await readRetention(sql, { period, filters, grouping: byCampaign(timeZone) });
    const groups = campaignGroups(rows.filter(({ linked }) => linked));
    return {
      ...common,
      groups,
      unlinked: unlinkedOf(rows),
      trend: 'none',
      apart: standApart(groups),
      before: null,
    };
  }
  const tickets = settings.catalogue.measureByName.get('tickets_created');
  if (!tickets) throw new HeraldError('ask', 'No tickets are counted here, so there is no ticket load.');
  const readLoad = async (window: Span) =>
    readRetention(sql, { period, filters, grouping: byTickets(tickets, window, timeZone) });
  const window: Span = {
    from: offset(period.from, period.unit, -period.count, settings.calendar, period.kind),
    to: period.from,
  };
  const [during, earlier] = [await readLoad(period), await readLoad(window)];
  const groups = loadGroups(during.filter(({ linked }) => linked));
  const trendOf = (list: readonly RetentionGroup[]) =>
    trendOfShares(list.map(({ customers, lost }) => ({ hits: customers - lost, n: customers })));
  return {
    ...common,
    groups,
    unlinked: unlinkedOf(during),
    trend: trendOf(groups),
    apart: [],
    before: { window, trend: trendOf(loadGroups(earlier.filter(({ linked }) => linked))) },
  };
}

const unlinkedOf = (rows: readonly RetentionRow[]) =>
  rows.filter(({ linked }) => !linked).reduce((sum, row) => sum + row.customers, 0);

function loadGroups(rows: readonly RetentionRow[]): RetentionGroup[] {
  const load = (row: RetentionRow) => Number(row.key ?? 0);
  const buckets = loadBuckets(new Map(rows.map((row) => [load(row), row.customers])));
  return buckets
    .map((bucket) =>
      groupOf(
        bucketLabel(bucket),
        rows.filter((row) => load(row) >= bucket.from && (bucket.to === null || load(row) <= bucket.to)),
      ),
    )
    .filter(({ customers }) => customers > 0);
}

function campaignGroups(rows: readonly RetentionRow[]): RetentionGroup[] {
  const named = rows.filter(({ key }) => key !== null).sort((a, b) => b.customers - a.customers);
  const rest = named.slice(mostCampaigns);
  const groups = named.slice(0, mostCampaigns).map((row) => groupOf(row.key!, [row]));
  return [
    ...groups,
    groupOf(`${rest.length} other campaigns`, rest),
    groupOf(
      'no known campaign',
      rows.filter(({ key }) => key === null),
    ),
  ].filter(({ customers }) => customers > 0);
}

/** Rows added up; rates only at the end. */
function groupOf(name: string, rows: readonly RetentionRow[]): RetentionGroup {
  const sum = (pick: (row: RetentionRow) => number) => rows.reduce((all, row) => all + pick(row), 0);
  const [customers, lost] = [sum((row) => row.customers), sum((row) => row.lost)];
  const { low, high } = wilson(customers - lost, customers);
  return {
    name,
    customers,
    lost,
    retention: (100 * (customers - lost)) / customers,
    low: 100 * low,
    high: 100 * high,
    netRevenue: (100 * sum((row) => row.end_mrr)) / sum((row) => row.start_mrr),
  };
}

/** Groups that differ from all others together by more than chance: two-proportion tests, Benjamini–Hochberg over them. */
function standApart(groups: readonly RetentionGroup[]): string[] {
  const all = groups.reduce((sum, group) => sum + group.customers, 0);
  const lost = groups.reduce((sum, group) => sum + group.lost, 0);
  const p = lost / all;
  const verdicts = benjaminiHochberg(
    groups.map(({ customers: n, lost: mine }) => {
      const rest = all - n;
      const spread = Math.sqrt(p * (1 - p) * (1 / n + 1 / rest));
      // So few that the normal curve does not hold: no claim.
      if (rest === 0 || spread === 0 || p * n < 5) return 1;
      return pValue((mine / n - (lost - mine) / rest) / spread);
    }),
    falseShare,
  );
  return groups.filter((_group, i) => verdicts[i]).map(({ name }) => name);
}
