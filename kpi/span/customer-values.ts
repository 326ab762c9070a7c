import { movementSql } from './movements.ts';

/**
 * SQL of what one customer adds to each component of the figures about customers, over the rows `d` (what it pays in the
 * part) and `w` (all it pays): as in the statement of `readSpans`, of which this is the inside. `whole`: no part of
 * customers is asked for; `from` is the window's first day. Nothing is null.
 */
export function customerValues(whole: boolean, from: string): Record<string, string> {
  // What the customers of the start pay at the end, shared by plan when only a part of them is asked for.
  const endOf = whole ? 'd.end_mrr' : 'w.end_mrr * d.start_mrr / nullif(w.start_mrr, 0)';
  const kept = `least(d.start_mrr, greatest(0, ${endOf}))`;
  const atStart = (value: string) => `case when d.start_mrr > 0 then ${value} end`;
  return {
    start_customers: atStart('1'),
    lost_customers: 'case when d.start_mrr > 0 and coalesce(w.end_mrr, 0) <= 0 then 1 end',
    end_customers: 'case when d.end_mrr > 0 then 1 end',
    new_customers: `case when w.first_day >= ${from} and d.first_day = w.first_day then 1 end`,
    start_mrr: atStart('d.start_mrr'),
    end_mrr: 'case when d.end_mrr > 0 then d.end_mrr end',
    kept_mrr: atStart(kept),
    lost_mrr: atStart(`d.start_mrr - ${kept}`),
    end_of_start_mrr: atStart(`greatest(0, ${endOf})`),
    ...Object.fromEntries(
      Object.entries(movementSql(from)).map(([name, { amount, when }]) => [
        name,
        `case when ${when} then ${amount} end`,
      ]),
    ),
  };
}
