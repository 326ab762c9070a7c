/** What an alert tells, wherever it comes from. */
import type { Segment } from '../../kpi/anomaly/scan.ts';
import type { KpiDefinition } from '../../kpi/definition.ts';
import type { Day, Dimension } from '../../kpi/question.ts';
import type { Target } from '../delivery/target.ts';
import { segmentKey } from './feedback.ts';
import type { Unusual } from './find-unusual.ts';

export type News = {
  /** One message per key, whatever number of runs and replicas see it. */
  key: string;
  kpi: KpiDefinition;
  segment: Segment | null;
  /** What is unusual but less than an alert is written down and not told. */
  level: 'watch' | 'alert';
  startedOn: Day;
  endedOn: Day;
  text: string;
  /** Where the next click should go. */
  by: Dimension | null;
  snoozed: boolean;
  /** What is kept in the incident, beside `text`. */
  facts: Readonly<Record<string, unknown>>;
  /** The question whose answer goes along, as it would be typed. */
  question: string;
  /** Ringed in the picture. */
  marked: { at: Day; reason: string } | null;
  /** Told under the sentence. */
  note: string;
  targets: readonly Target[];
};

export function newsOf(unusual: Unusual, targets: readonly Target[]): News {
  const { kpi, segment, finding, text, by, snoozed } = unusual;
  const part = segmentKey(segment);
  const week = finding.sentenceFacts.unit === 'week';
  const stock = finding.sentenceFacts.of !== null;
  return {
    key: `${kpi.name}${part === '' ? '' : `[${part}]`}:${finding.startedOn}:${finding.kind}`,
    kpi,
    segment,
    level: finding.level,
    startedOn: finding.startedOn,
    endedOn: finding.endedOn,
    text,
    by,
    snoozed,
    facts: finding,
    // The day itself: its chart is the four weeks up to it, its buttons split that day.
    question: `${kpi.name.replaceAll('_', ' ')} ${week ? 'week of' : 'on'} ${finding.day}`,
    marked: stock
      ? null
      : { at: finding.day, reason: `usually ${Math.round(finding.expected).toLocaleString('en')}` },
    note: `Alert: compared with what this ${week ? 'KPI’s weeks have' : 'weekday has'} usually been lately`,
    targets,
  };
}
