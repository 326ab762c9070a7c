/** The funnel from lead to customer, from HubSpot's contacts: person by person. */
import type { World } from '../../../demo/company/records.ts';
import { dayReader, inside, live, type Span } from './raw.ts';

type Contact = { properties: Record<string, string | null> };

const names = ['lead', 'marketingqualifiedlead', 'salesqualifiedlead', 'opportunity', 'customer'];

/** People who reached each stage from number `from` on, and the gaps in days of each step that nobody skipped into. */
export function secondFunnel(
  world: World,
  { span, withinDays, now, from = 0 }: { span: Span; withinDays: number; now: number; from?: number },
) {
  const dayOf = dayReader(world.options.timeZone);
  const reached = names.slice(from).map(() => 0);
  const gaps: number[][] = names.slice(from).map(() => []);
  let immature = 0;
  for (const { properties } of live<Contact>(world.hubspot, 'contacts')) {
    const own = names.slice(from).map((name) => {
      const entered = properties[`hs_v2_date_entered_${name}`];
      return entered ? Date.parse(entered) : null;
    });
    /** A stage without a date was passed through when the next one was entered. */
    const at = own.map((_date, i) => own.slice(i).find((date) => date !== null) ?? null);
    // Only leads are counted by a date of their own: the mapping dates the later stages.
    const start = from === 0 ? own[0]! : at[0]!;
    if (start === null || !inside(dayOf(start), span)) continue;
    const end = start + withinDays * 86_400_000;
    if (end > now) immature += 1;
    for (let i = 0; i < at.length; i++) {
      const date = i === 0 ? start : at[i]!;
      if (date === null || (i > 0 && (date < at[i - 1]! || date >= end))) break;
      reached[i]! += 1;
      const skipped = (k: number) => k > 0 && k < at.length - 1 && (own[k] === null || own[k] === at[k + 1]);
      if (i > 0 && !skipped(i) && !skipped(i - 1)) gaps[i]!.push((date - at[i - 1]!) / 86_400_000);
    }
  }
  return { reached, gaps, immature };
}
