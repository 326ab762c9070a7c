/** How long one customer was watched, and whether it left at the end of it (false: still there, "censored"). */
export type Spell = { time: number; ended: boolean };

/** A drop of the survival curve. */
export type SurvivalStep = {
  time: number;
  /** Watched until just before `time`. */
  atRisk: number;
  left: number;
  /** Share still there after `time`, 0–1. */
  survival: number;
  /** Of `survival`, by Greenwood's formula; null where nobody is left to tell. */
  standardError: number | null;
};

export type SurvivalCurve = {
  steps: readonly SurvivalStep[];
  spells: number;
  /** The longest time anybody was watched: beyond it nothing is known. */
  watchedTo: number;
};

/**
 * Share of customers still there after each time, where some are still customers today. A spell that is censored at
 * a time at which others end counts as at risk there.
 *
 * Kaplan and Meier, "Nonparametric estimation from incomplete observations", Journal of the American Statistical
 * Association 53 (1958); Greenwood, "The natural duration of cancer" (1926), for the standard error.
 */
export function kaplanMeier(spells: readonly Spell[]): SurvivalCurve {
  const sorted = [...spells].sort((a, b) => a.time - b.time);
  const steps: SurvivalStep[] = [];
  let survival = 1;
  let variance = 0;
  for (let i = 0; i < sorted.length; ) {
    const { time } = sorted[i]!;
    const atRisk = sorted.length - i;
    let left = 0;
    // At least one step each time: a time that is no number equals nothing, itself included.
    do if (sorted[i++]!.ended) left++;
    while (sorted[i]?.time === time);
    if (left === 0) continue;
    survival *= (atRisk - left) / atRisk;
    variance += left / (atRisk * (atRisk - left));
    const standardError = left === atRisk ? null : survival * Math.sqrt(variance);
    steps.push({ time, atRisk, left, survival, standardError });
  }
  return { steps, spells: sorted.length, watchedTo: sorted.at(-1)?.time ?? 0 };
}

/** Share still there after `time`; null beyond the time anybody was watched, unless all had left by then. */
export function survivalAt({ steps, spells, watchedTo }: SurvivalCurve, time: number): number | null {
  const last = steps.at(-1);
  if (spells === 0 || (time > watchedTo && last?.survival !== 0)) return null;
  return steps.findLast((step) => step.time <= time)?.survival ?? 1;
}

/** The first time at which half or fewer are there; null when that has not been seen. */
export function medianSurvival({ steps }: SurvivalCurve): number | null {
  return steps.find(({ survival }) => survival <= 0.5)?.time ?? null;
}
