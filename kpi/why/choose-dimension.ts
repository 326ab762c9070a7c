/**
 * Which dimension tells best where a change comes from: few parts that make up most of it, more than their size would
 * let expect, and whose weight shifted most (Adtributor, NSDI 2014, with a size adjustment and a price for long lists).
 */
import type { Dimension } from '../question.ts';
import type { Contribution } from './additive.ts';

/** A set of parts explains a change when it makes up this much of it (Adtributor's T_EP). */
const enough = 0.67;
/** A part is named when it makes up this much (Adtributor's T_EEP). */
const leastPart = 0.1;
/** Below this the best set is no explanation, and the change is told as broad-based. */
const leastSet = 0.5;
/**
 * A part that moved in step with its size is no news: its odds in the change are at least this many times its odds in
 * the whole. Odds rather than a plain ratio, so that a part that is most of the business can still stand out.
 */
const overOdds = 2;

export type Table = { dimension: Dimension; parts: readonly Contribution[] };

export type Chosen = {
  dimension: Dimension;
  /** Parts that stand out, the largest share first; empty when none does. */
  leading: readonly string[];
  /** Their share of the change, together. */
  explained: number;
  broadBased: boolean;
};

type Candidate = { dimension: Dimension; set: readonly Contribution[]; explained: number; surprise: number };

/** The best of the dimensions; null when none of them has two parts, or the whole did not move. */
export function chooseDimension(tables: readonly Table[]): Chosen | null {
  const candidates = tables
    .filter(({ parts }) => parts.length > 1 && parts.every((part) => part.share !== null))
    .map(candidateOf);
  const full = candidates.filter((candidate) => candidate.explained >= enough);
  const [best] =
    full.length > 0
      ? full.sort((a, b) => b.surprise - a.surprise)
      : candidates.sort((a, b) => b.explained - a.explained);
  if (!best) return null;
  return {
    dimension: best.dimension,
    leading: [...best.set].sort((a, b) => b.share! - a.share!).map((part) => part.name),
    explained: best.explained,
    broadBased: best.explained < leastSet,
  };
}

function candidateOf({ dimension, parts }: Table): Candidate {
  const standing = parts
    .filter((part) => part.share! >= leastPart && standsOut(part.share!, part.size))
    .sort((a, b) => b.surprise - a.surprise);
  const set: Contribution[] = [];
  let explained = 0;
  for (const part of standing) {
    if (explained >= enough) break;
    set.push(part);
    explained += part.share!;
  }
  const surprise = set.reduce((sum, part) => sum + part.surprise, 0);
  // Per part named: else the dimension with the most values wins by adding up small surprises.
  return { dimension, set, explained, surprise: set.length === 0 ? 0 : surprise / set.length };
}

function standsOut(share: number, size: number): boolean {
  if (size >= 1) return false;
  if (share >= 1) return true;
  return share / (1 - share) >= (overOdds * size) / (1 - size);
}
