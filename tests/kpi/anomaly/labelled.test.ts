/** What is found and what is told for nothing, counted over 240 labelled series of ten kinds. */
import { expect, test } from 'vitest';
import { detect } from '../../../kpi/anomaly/detect.ts';
import { daysBetween } from '../../../kpi/calendar.ts';
import { type Kind, kinds, labelled } from './synthetic.ts';

type Tally = { labels: number; found: number; episodes: number; right: number; series: number };

const perKind = 24;

function tallyOf(kind: Kind): Tally {
  const tally: Tally = { labels: 0, found: 0, episodes: 0, right: 0, series: perKind };
  for (let seed = 1; seed <= perKind; seed += 1) {
    const { series, labels, holidays } = labelled(kind, seed);
    const findings = detect(series, { kind: 'count', good: 'up', holidays }).map(
      ({ startedOn, endedOn }) => ({
        from: daysBetween(series[0]!.day, startedOn),
        to: daysBetween(series[0]!.day, endedOn),
      }),
    );
    const meets = (a: { from: number; to: number }, b: { from: number; to: number }) =>
      a.from <= b.to && b.from <= a.to;
    tally.labels += labels.length;
    tally.found += labels.filter((label) => findings.some((finding) => meets(finding, label))).length;
    tally.episodes += findings.length;
    tally.right += findings.filter((finding) => labels.some((label) => meets(finding, label))).length;
  }
  return tally;
}

/** Least recall, least precision, and most false episodes in a year of one series. */
const goals: Record<Kind, { recall: number; precision: number; falseAYear: number }> = {
  spikes: { recall: 0.97, precision: 0.93, falseAYear: 0.3 },
  drops: { recall: 0.97, precision: 0.95, falseAYear: 0.2 },
  'level shift': { recall: 0.95, precision: 0.95, falseAYear: 0.1 },
  'trend and spikes': { recall: 0.95, precision: 0.95, falseAYear: 0.2 },
  // The first holiday of a year is news: what it does is not known yet.
  'holidays and spikes': { recall: 0.97, precision: 0.75, falseAYear: 1.3 },
  'missing days': { recall: 0.97, precision: 0.95, falseAYear: 0.2 },
  'slow drift': { recall: 1, precision: 0, falseAYear: 0.4 },
  // A few events a day: a day three times as many is still mostly chance.
  'zero-heavy': { recall: 0.5, precision: 0.95, falseAYear: 0.1 },
  'long tails': { recall: 0.85, precision: 0.93, falseAYear: 0.3 },
  nothing: { recall: 1, precision: 0, falseAYear: 0.3 },
};

test.each(kinds)('%s: what is labelled is found, and little else', (kind) => {
  const { labels, found, episodes, right, series } = tallyOf(kind);
  const measured = {
    recall: labels === 0 ? 1 : found / labels,
    precision: episodes === 0 ? 1 : right / episodes,
    falseAYear: (episodes - right) / series,
  };
  if (process.env.HERALD_FIGURES)
    console.log(kind, JSON.stringify({ labels, found, episodes, right, ...measured }));
  expect(measured.recall).toBeGreaterThanOrEqual(goals[kind].recall);
  if (labels > 0) expect(measured.precision).toBeGreaterThanOrEqual(goals[kind].precision);
  expect(measured.falseAYear).toBeLessThanOrEqual(goals[kind].falseAYear);
});
