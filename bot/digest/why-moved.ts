import type { Answer } from '../../kpi/answer.ts';
import { isAdditive } from '../../kpi/engine.ts';
import type { Dimension } from '../../kpi/question.ts';
import { leadingPart } from '../../kpi/why/leading-part.ts';
import { HeraldError } from '../../platform/errors.ts';
import type { Rights } from '../access/roles.ts';
import type { Answerer } from '../commands/answer-text.ts';

/** Where a cause is looked for, in the order in which it helps most. */
const dimensionsTried: readonly Dimension[] = ['product', 'segment', 'region', 'channel', 'source'];

/** "Enterprise (segment) makes up 70 % of the change." Empty for KPIs whose parts do not add up to the whole. */
export async function whyMoved(answer: Answer, answerer: Answerer, rights: Rights): Promise<string> {
  const kpi = answerer.catalogue.kpiByName.get(answer.kpi);
  if (!kpi || !isAdditive(kpi) || answer.question.by !== null) return '';
  let best: { dimension: Dimension; name: string; share: number } | null = null;
  for (const dimension of dimensionsTried) {
    if (!kpi.dimensions.includes(dimension)) continue;
    if (answer.question.filters.some((filter) => filter.dimension === dimension)) continue;
    const parts = await partsBy(answer, dimension, answerer, rights);
    const found = leadingPart(parts);
    if (found && (!best || found.share > best.share)) best = { dimension, ...found };
  }
  if (!best) return 'The change is spread over many parts.';
  const share =
    best.share > 1 ? 'more than the whole change' : `${Math.round(100 * best.share)} % of the change`;
  return `${best.name} (${best.dimension}) makes up ${share}.`;
}

async function partsBy(answer: Answer, by: Dimension, answerer: Answerer, rights: Rights) {
  try {
    return (await answerer.answer(answerer.vary(answer.question, { by }), rights)).parts;
  } catch (thrown) {
    // A question that this KPI does not allow explains nothing; anything else is a fault.
    if (thrown instanceof HeraldError && thrown.kind === 'ask') return [];
    throw thrown;
  }
}
