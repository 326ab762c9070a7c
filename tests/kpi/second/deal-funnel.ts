/** Deals through their stages, from Salesforce's history: deal by deal. */
import type { World } from '../../../demo/company/records.ts';
import { dayReader, inside, live, millis, percentile, type Span } from './raw.ts';

type Step = {
  Id: string;
  OpportunityId: string;
  StageName: string;
  Probability: number;
  CreatedDate: string;
};
type Deal = { Id: string; OwnerId: string; LeadSource: string | null; Product__c: string | null };

const order = ['Prospecting', 'Qualification', 'Proposal', 'Negotiation', 'Closed Won'];

type Way = { reached: Map<string, number>; medians: Map<string, number | null>; immature: number };

/** For each part: deals that came to each stage, days since the stage before of those that skipped neither. */
export function secondDealFunnel(
  world: World,
  input: { span: Span; withinDays: number; now: number; by: 'owner' | 'source' | 'product' | null },
): Map<string, Way> {
  const { salesforce } = world;
  const dayOf = dayReader(world.options.timeZone);
  const users = new Map(live<{ Id: string; Name: string }>(salesforce, 'User').map((u) => [u.Id, u.Name]));
  const steps = Map.groupBy(live<Step>(salesforce, 'OpportunityHistory'), (step) => step.OpportunityId);
  const gaps = new Map<string, Map<string, number[]>>();
  const out = new Map<string, Way>();
  for (const deal of live<Deal>(salesforce, 'Opportunity')) {
    const part =
      { owner: users.get(deal.OwnerId), source: deal.LeadSource, product: deal.Product__c }[
        input.by ?? 'owner'
      ] ?? '';
    const first = (from: number, to = order.length - 1) => {
      const dates = (steps.get(deal.Id) ?? [])
        .filter(({ StageName }) => order.indexOf(StageName) >= from && order.indexOf(StageName) <= to)
        .map(({ CreatedDate }) => millis(CreatedDate));
      return dates.length === 0 ? null : Math.min(...dates);
    };
    const start = first(0);
    if (start === null || !inside(dayOf(start), input.span)) continue;
    const name = input.by === null ? '' : part;
    const way = out.get(name) ?? { reached: new Map(), medians: new Map(), immature: 0 };
    const own = gaps.get(name) ?? new Map<string, number[]>();
    out.set(name, way);
    gaps.set(name, own);
    const end = start + input.withinDays * 86_400_000;
    if (end > input.now) way.immature += 1;
    order.forEach((stage, i) => {
      const at = first(i);
      if (at === null || at >= end) return;
      way.reached.set(stage, (way.reached.get(stage) ?? 0) + 1);
      const direct = (k: number) => first(k, k) !== null && first(k, k) === first(k);
      if (i > 0 && direct(i) && direct(i - 1))
        own.set(stage, [...(own.get(stage) ?? []), (at - first(i - 1)!) / 86_400_000]);
    });
  }
  for (const [part, way] of out)
    for (const stage of order) way.medians.set(stage, percentile(gaps.get(part)!.get(stage) ?? [], 0.5));
  return out;
}
