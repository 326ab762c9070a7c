/**
 * Which dimension tells best where a change comes from: few parts that make up most of what moved, more than their size
 * would let expect. Thresholds and the greedy set are Adtributor's (Bhagwan et al., NSDI 2014). Two things differ, both
 * tried on data with known stories: explanatory power is measured against all that moved, not only against what is
 * left of it, and dimensions are ranked by over-contribution. Ranking by surprise alone prefers the noise of owners.
 */
import type { Dimension } from '../question.ts';
import type { Contribution } from './additive.ts';

/** A set of parts explains a change when it makes up this much of all that moved (Adtributor's T_EP). */
const enough = 0.67;
/** A part is named when it makes up this much (Adtributor's T_EEP). */
const leastPart = 0.1;
/** Below this the best set is no explanation, and the change is told as broad-based. */
const leastSet = 0.5;
/** More than this share of the change means that it is a small rest of large moves: no part of them explains it. */
const mostShare = 2;
/**
 * A part that moved in step with its size is no news: its odds in the change are at least this many times its odds in
 * the whole. Odds rather than a plain ratio, so that a part that is most of the business can still stand out.
 */
const overOdds = 2;

/** What each further name costs a set: of two explanations about as good, the shorter one is told. */
const pricePerName = 0.05;

export type Table = { dimension: Dimension; parts: readonly Contribution[] };

export type Chosen = {
  dimension: Dimension;
  /** Parts that stand out, the largest share first; empty when none does. */
  leading: readonly string[];
  /** Their share of the change, together. */
  explained: number;
  broadBased: boolean;
};

type Candidate = {
  dimension: Dimension;
  set: readonly Contribution[];
  /** Share of the change. */
  explained: number;
  /** Share of all that moved, offsets counted as moves. */
  power: number;
  /** Power beyond the set's size, less the price of a long list: what dimensions are ranked by. */
  over: number;
};

/** The best of the dimensions; null when none of them has two parts, or the whole did not move. */
export function chooseDimension(tables: readonly Table[]): Chosen | null {
  const candidates = tables
    .filter(({ parts }) => parts.length > 1 && parts.every((part) => part.share !== null))
    .map(candidateOf)
    .sort((a, b) => b.over - a.over);
  const best =
    candidates.find((candidate) => explains(candidate, enough)) ??
    candidates.find((candidate) => explains(candidate, leastSet));
  const shown = best ?? candidates[0];
  if (!shown) return null;
  return {
    dimension: shown.dimension,
    leading: [...shown.set].sort((a, b) => b.share! - a.share!).map((part) => part.name),
    explained: shown.explained,
    broadBased: best === undefined,
  };
}

function explains({ explained, power }: Candidate, least: number): boolean {
  return power >= least && explained >= least && explained <= mostShare;
}

function candidateOf({ dimension, parts }: Table): Candidate {
  const moved = parts.reduce((sum, part) => sum + Math.abs(part.share!), 0);
  const standing = parts
    .filter((part) => part.share! >= leastPart && standsOut(part.share!, part.size))
    .sort((a, b) => b.surprise - a.surprise);
  const set: Contribution[] = [];
  let explained = 0;
  for (const part of standing) {
    if (explained >= enough * moved) break;
    set.push(part);
    explained += part.share!;
  }
  const size = set.reduce((sum, part) => sum + part.size, 0);
  const power = explained / moved;
  return {
    dimension,
    set,
    explained,
    power,
    over: power - size - pricePerName * Math.max(0, set.length - 1),
  };
}

function standsOut(share: number, size: number): boolean {
  if (size >= 1) return false;
  if (share >= 1) return true;
  return share / (1 - share) >= (overOdds * size) / (1 - size);
}
