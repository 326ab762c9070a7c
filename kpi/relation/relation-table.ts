/** A relation as a table, so that it has a picture and a file like other tables. */
import type { Queryable } from '../../db/client.ts';
import { aboutTable } from '../about-table.ts';
import { addDays, dayLabel } from '../calendar.ts';
import type { KpiDefinition } from '../definition.ts';
import { formatValue } from '../number.ts';
import type { EngineSettings } from '../settings.ts';
import type { Cell, Column, TableAnswer } from '../table.ts';
import { nameOf } from '../why/say-why.ts';
import { against } from './against.ts';
import type { KpiRelation } from './relate-kpis.ts';
import type { RetentionRelation } from './relate-retention.ts';
import { sayHow, sayLag } from './say-lag.ts';
import { retentionNotes, sayRetention } from './say-retention.ts';

const text = 'Two things set side by side: an association, never a cause.';

/**
 * A row for each bucket, with both KPIs' values. Where one is ahead of the other, a last column has the leader's values moved
 * to when the other follows, so that they stand in one row with what they go with.
 */
export async function lagTable(
  sql: Queryable,
  found: KpiRelation,
  settings: EngineSettings,
  now: Date,
): Promise<TableAnswer> {
  const { first, second, courses, grain, window } = found;
  const lag = found.found.kind === 'related' ? found.found.best.lag : 0;
  // The follower stands last: it is what the moved column is held against.
  const [leads, follows] = lag < 0 ? [second, first] : [first, second];
  const [leader, follower] = lag < 0 ? [courses.second, courses.first] : [courses.first, courses.second];
  const by = Math.abs(lag);
  const turned = found.found.kind === 'related' && found.found.best.rho < 0;
  const columns: Column[] = [
    { label: grain === 'month' ? 'Month' : 'Week', unit: 'day' },
    { label: leads.title, unit: leads.unit },
    { label: follows.title, unit: follows.unit },
    ...(by > 0
      ? [
          {
            label: `${leads.title} ${by} ${by === 1 ? grain : `${grain}s`} earlier${turned ? against : ''}`,
            unit: leads.unit,
          },
        ]
      : []),
  ];
  const rows = courses.days.map((day, i): Cell[] => [
    day,
    leader[i] ?? null,
    follower[i] ?? null,
    ...(by > 0 ? [leader[i - by] ?? null] : []),
  ]);
  const span =
    rows.length === 0 ? 'no whole period' : `${dayLabel(window.from)} to ${dayLabel(addDays(window.to, -1))}`;
  return {
    ...(await aboutBoth(sql, [first, second], settings, now)),
    kind: 'courses',
    title: `${first.title} and ${second.title}`,
    sentence: sayLag(found),
    reading: `${first.title} and ${second.title} · by ${grain} · ${span}`,
    columns,
    rows,
    links: [],
    notes: sayHow(found),
    definition: { version: '1', text },
    dataVersion: found.dataVersion,
  };
}

/** A row for each group of customers, with the share that stayed and its interval. */
export async function retentionTable(
  sql: Queryable,
  found: RetentionRelation,
  kpis: readonly KpiDefinition[],
  settings: EngineSettings,
  now: Date,
): Promise<TableAnswer> {
  const percent = (label: string): Column => ({ label, unit: 'percent' });
  const by = found.by === 'ticket_load' ? 'ticket load' : 'campaign of origin';
  return {
    ...(await aboutBoth(sql, kpis, settings, now)),
    kind: 'groups',
    title: `Retention by ${by}`,
    sentence: sayRetention(found),
    reading: `Retention by ${by} · ${found.period.label}`,
    columns: [
      { label: 'Group', unit: 'text' },
      { label: 'Customers', unit: 'count' },
      { label: 'Left', unit: 'count' },
      percent('Stayed'),
      percent('From'),
      percent('To'),
      percent('Net revenue retention'),
    ],
    rows: found.groups.map(({ name, customers, lost, retention, low, high, netRevenue }): Cell[] => [
      nameOf(name),
      customers,
      lost,
      retention,
      low,
      high,
      netRevenue,
    ]),
    links: [],
    notes: [
      ...(found.groups.length > 0
        ? [
            `From and to: what ${formatValue(95, 'percent', { style: 'exact' })} of such groups would show by chance.`,
          ]
        : []),
      ...retentionNotes(found),
    ],
    definition: { version: '1', text },
    dataVersion: found.dataVersion,
  };
}

/** As old as the older of them. */
async function aboutBoth(
  sql: Queryable,
  kpis: readonly KpiDefinition[],
  settings: EngineSettings,
  now: Date,
): Promise<
  Pick<TableAnswer, 'area' | 'currency' | 'freshness' | 'warnings' | 'dataVersion' | 'asOf' | 'at'>
> {
  const all = [];
  for (const kpi of kpis) all.push(await aboutTable(sql, kpi, { asOf: null, repairs: [] }, settings, now));
  const freshness = new Map(all.flatMap((about) => about.freshness).map((one) => [one.source, one]));
  return {
    ...all[0]!,
    freshness: [...freshness.values()],
    warnings: [...new Set(all.flatMap(({ warnings }) => warnings))],
  };
}
