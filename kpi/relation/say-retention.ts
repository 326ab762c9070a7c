/** Retention by group in words of association, with every group's own figures. */
import { formatValue } from '../number.ts';
import { nameOf } from '../why/say-why.ts';
import type { RetentionGroup, RetentionRelation } from './relate-retention.ts';
import type { Trend } from './trend-of-shares.ts';

const nbsp = '\u00a0';
const percent = (value: number) => formatValue(value, 'percent');

export function sayRetention({ by, groups, trend, apart, period }: RetentionRelation): string {
  const customers = groups.reduce((sum, group) => sum + group.customers, 0);
  if (customers === 0) return `No customers to follow: none were active when ${period.label} began.`;
  if (groups.length === 1)
    return by === 'campaign'
      ? `Nothing to set apart: ${groups[0]!.name === 'no known campaign' ? 'no customer is known to have come from a campaign' : 'all customers come from one campaign'}.`
      : `Nothing to set apart: all ${customers} customers had ${groups[0]!.name}.`;
  if (by === 'campaign') return campaignSentence(groups, apart);
  const [first, last] = [groups[0]!, groups.at(-1)!];
  const seen = `${percent(first.retention)} of those with ${first.name} stayed, ${percent(last.retention)} of those with ${last.name}`;
  return `${verdicts[trend]}: ${seen}. This is an association, not a cause.`;
}

const verdicts: Record<Trend, string> = {
  rises: 'Retention goes up with ticket load',
  falls: 'Retention goes down with ticket load',
  none: 'No clear relation between ticket load and retention',
  too_few: 'Too few customers left or stayed to say whether ticket load goes with retention',
};

function campaignSentence(groups: readonly RetentionGroup[], apart: readonly string[]): string {
  if (apart.length === 0)
    return 'Retention does not clearly differ by campaign of origin: what differs below is within what chance would do.';
  const [all, lost] = [
    groups.reduce((sum, group) => sum + group.customers, 0),
    groups.reduce((sum, group) => sum + group.lost, 0),
  ];
  const told = groups
    .filter(({ name }) => apart.includes(name))
    .map((group) => `${nameOf(group.name)} (${percent(100 - group.retention)} left)`);
  return `Customers of ${told.join(' and ')} left ${told.length > 1 ? 'at rates' : 'at a rate'} apart from the others (${percent((100 * lost) / all)} in all). This is an association, not a cause.`;
}

/** "1–3 tickets: 96.2 % of 104 customers stayed (95 % interval 90.5–98.5), MRR kept or grown to 101 %". */
export function groupLine({
  name,
  customers,
  lost,
  retention,
  low,
  high,
  netRevenue,
}: RetentionGroup): string {
  const interval = `95${nbsp}% interval ${low.toFixed(1)}–${high.toFixed(1)}`;
  return `${nameOf(name)}: ${percent(retention)} of ${customers} customers stayed, ${lost} left (${interval}); net revenue retention ${percent(netRevenue)}`;
}

export function retentionNotes({ by, period, unlinked, before, groups }: RetentionRelation): string[] {
  const small = groups.filter(({ customers }) => customers < 30);
  return [
    `How: customers active when ${period.label} began, by ${by === 'campaign' ? 'the campaign of the first touch they responded to before they first paid' : `the tickets they opened in ${period.label}`}. Net revenue retention is over the same period.`,
    ...(before
      ? [
          `Who leaves early has less time to open tickets. By the tickets of the time before (from ${before.window.from}), which all had in full: ${verdicts[before.trend].toLowerCase()}.`,
        ]
      : []),
    ...(small.length > 0
      ? [`Small sample: ${small.map(({ name }) => nameOf(name)).join(', ')}: fewer than 30 customers.`]
      : []),
    ...(unlinked > 0
      ? [`${unlinked} customers are in no group: no record of another system is linked to them.`]
      : []),
  ];
}
