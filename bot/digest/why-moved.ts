import type { Answer } from '../../kpi/answer.ts';
import type { Why } from '../../kpi/why/why.ts';
import { HeraldError } from '../../platform/errors.ts';

/** "Core (product) makes up 100 % of the rise.": as chat explains it. Empty where no share of a change belongs to a part. */
export async function whyMoved(answer: Answer, explain: (answer: Answer) => Promise<Why>): Promise<string> {
  if (answer.question.by !== null) return '';
  try {
    return (await explain(answer)).sentence;
  } catch (thrown) {
    // A median, a KPI without parts: nothing that could be told; anything else is a fault.
    if (thrown instanceof HeraldError && thrown.kind === 'ask') return '';
    throw thrown;
  }
}
