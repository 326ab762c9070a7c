import type { Answer } from '../answer.ts';
import type { KpiDefinition } from '../definition.ts';
import type { Question } from '../question.ts';
import type { EngineSettings } from '../settings.ts';
import { findTarget } from './find-target.ts';
import { isFlow } from './is-flow.ts';
import { type PaceDays, paceOf } from './pace.ts';

const paceDays: Record<KpiDefinition['area'], PaceDays> = {
  sales: 'business',
  finance: 'business',
  marketing: 'calendar',
  success: 'calendar',
  support: 'calendar',
  operations: 'calendar',
};

/** Target and pace of a value, as of the day on which its period was asked for. */
export function aimOf(
  kpi: KpiDefinition,
  question: Question,
  value: number | null,
  { targets = {}, catalogue, calendar }: EngineSettings,
  /** What a source of record plans; the configuration's own target wins. */
  planned: number | null,
): Pick<Answer, 'target' | 'pace'> {
  const flow = isFlow(kpi, catalogue);
  const target = findTarget(targets, question, flow, calendar) ?? planned;
  const { period } = question;
  const paced = { value, target, good: kpi.good, period, flow, days: paceDays[kpi.area] };
  return { target, pace: paceOf(paced, calendar) };
}
