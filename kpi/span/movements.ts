/**
 * The five movements of MRR (ChartMogul help 203299912). Each customer is in one of them, by its net change over the
 * period, so that an upgrade and a downgrade within it do not swell both; a part moves by what is paid there. So
 * new + reactivation + expansion − contraction − churned is MRR at the end less MRR at the start, always.
 */
import { HeraldError } from '../../platform/errors.ts';
import { type MrrMovement, mrrMovements } from '../definition.ts';

export type Movements = Record<MrrMovement, number>;

/** What it adds, and when, over the rows `d` (in the part) and `w` (the whole customer); `lo` is the period's first day. */
export function movementSql(lo: string): Record<MrrMovement, { amount: string; when: string }> {
  const joined = 'coalesce(w.start_mrr, 0) <= 0 and w.end_mrr > 0';
  const stayed = 'w.start_mrr > 0 and w.end_mrr > 0';
  return {
    new_mrr: { amount: 'd.end_mrr - d.start_mrr', when: `${joined} and w.first_day >= ${lo}` },
    reactivation_mrr: { amount: 'd.end_mrr - d.start_mrr', when: `${joined} and w.first_day < ${lo}` },
    churned_mrr: { amount: 'd.start_mrr - d.end_mrr', when: 'w.start_mrr > 0 and w.end_mrr <= 0' },
    expansion_mrr: { amount: 'd.end_mrr - d.start_mrr', when: `${stayed} and d.end_mrr > d.start_mrr` },
    contraction_mrr: { amount: 'd.start_mrr - d.end_mrr', when: `${stayed} and d.end_mrr < d.start_mrr` },
  };
}

/** A movement that is counted nowhere, or twice, would be a wrong number in five KPIs: better none. */
export function assertConserved(moved: Movements, net: number): void {
  const sum =
    moved.new_mrr + moved.reactivation_mrr + moved.expansion_mrr - moved.contraction_mrr - moved.churned_mrr;
  if (sum === net) return;
  throw new HeraldError(
    'bug',
    'The movements of MRR do not add up, so they are not shown. It has been logged.',
    {
      note: `MRR moved by ${net}, its movements add up to ${sum}: ${mrrMovements.map((name) => `${name} ${moved[name]}`).join(', ')}`,
    },
  );
}
