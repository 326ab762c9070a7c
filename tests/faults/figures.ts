/** Numbers that Herald keeps, and the same from the stores alone: cents and counts, over all days. */
import type { World } from '../../demo/company/records.ts';
import type { ChaosCompany } from './chaos-company.ts';
import { presentOf } from './followed.ts';

type Row = Record<string, unknown>;

const cents = (major: unknown) => Math.round(Number(major ?? 0) * 100);
const sum = (rows: Row[], value: (row: Row) => number) => rows.reduce((total, row) => total + value(row), 0);

/** Sums of the roll-up's measures as they have to be, by name. */
export function figuresOf({
  world,
  followed,
}: Pick<ChaosCompany, 'world' | 'followed'>): Record<string, number> {
  const rows = (system: keyof World & ('salesforce' | 'zendesk'), object: string): Row[] =>
    presentOf(world[system], object).map(({ record }) => record);
  const inHouse = (name: string): Row[] => {
    const found = followed.find(({ source, stream }) => `${source} ${stream}` === name);
    return found ? presentOf(found.store, found.object).map(({ record }) => record) : [];
  };
  const won = rows('salesforce', 'Opportunity').filter(({ IsWon }) => IsWon === true);
  const tasks = rows('salesforce', 'Task').filter(({ TaskSubtype }) =>
    ['call', 'email', 'meeting'].includes(String(TaskSubtype ?? 'task').toLowerCase()),
  );
  const spend = [...inHouse('finance_files spend'), ...inHouse('ad_network costs')];
  return {
    won_value: sum(won, ({ Amount }) => cents(Amount)),
    tickets_created: rows('zendesk', 'tickets').length,
    activities: tasks.length + inHouse('telephone calls').length,
    marketing_spend: sum(spend, ({ kind, amount }) => (kind === 'marketing' ? cents(amount) : 0)),
    invoiced: sum(inHouse('billing invoices'), ({ status, amount_cents }) =>
      status === 'void' ? 0 : Number(amount_cents),
    ),
    collected: sum(inHouse('billing payments'), ({ amount_cents }) => Number(amount_cents)),
    // What began and has no end: the sum of all that was added and taken away.
    mrr: sum(inHouse('billing subscriptions'), ({ ended_on, mrr_cents }) =>
      ended_on === null ? Number(mrr_cents) : 0,
    ),
  };
}
