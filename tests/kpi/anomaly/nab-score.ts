/**
 * The scoring of the Numenta Anomaly Benchmark, standard profile (Lavin & Ahmad 2015, "Evaluating Real-time Anomaly
 * Detection Algorithms", §III): the first detection in a window earns up to 1 by how early it is, a missed window costs
 * 1, each detection outside costs up to 0.11; 0 is a detector that says nothing, 100 one that is perfect.
 */
export type Window = { from: number; to: number };

const falsePositiveWeight = 0.11;
const probationShare = 0.15;
const longestProbation = 750;

const sigmoid = (position: number) => (position > 3 ? -1 : 2 / (1 + Math.exp(5 * position)) - 1);

export type Scored = { raw: number; windows: number };

/** `detections` and windows in points of the series, both ends included. */
export function nabScore(length: number, windows: readonly Window[], detections: readonly number[]): Scored {
  const probation = Math.min(probationShare * length, longestProbation);
  const counted = detections.filter((t) => t >= probation);
  let raw = 0;
  for (const { from, to } of windows) {
    const first = counted.find((t) => t >= from && t <= to);
    raw += first === undefined ? -1 : sigmoid(-(to - first + 1) / (to - from + 1)) / sigmoid(-1);
  }
  for (const t of counted) {
    if (windows.some(({ from, to }) => t >= from && t <= to)) continue;
    const before = windows.filter(({ to }) => to < t).at(-1);
    raw += falsePositiveWeight * (before ? sigmoid((t - before.to) / (before.to - before.from)) : -1);
  }
  return { raw, windows: windows.length };
}

/** Over a corpus: 100 × (score − that of silence) ÷ (perfection − silence). */
export function nabStandard(scores: readonly Scored[]): number {
  const raw = scores.reduce((sum, score) => sum + score.raw, 0);
  const windows = scores.reduce((sum, score) => sum + score.windows, 0);
  return (100 * (raw + windows)) / (2 * windows);
}
