import type { Unit } from '../answer.ts';
import type { Dimension } from '../question.ts';

/** A part, or a factor, and what it adds to the change. */
export type Contributor = {
  name: string;
  /** In the KPI's unit (percentage points for percent); all of them add up to the change. */
  contribution: number;
  /** Of the whole change; negative when it offsets; null when the whole did not move. */
  share: number | null;
  /** Rates only: from its changed weight, and from its own changed rate. */
  mix?: number;
  rate?: number;
  /** Its own value in both periods, in `unit`. */
  before: number | null;
  after: number | null;
  unit: Unit;
};

/** What a customer adds to a move of recurring revenue: over all customers it is the whole change. */
export type Mover = {
  /** The customer's key in the ledger. */
  customer: string;
  /** Untrusted text. */
  name: string;
  contribution: number;
  /** What it paid and pays, in units of money, over the window that is explained; null where it did not count in that one. */
  before: number | null;
  after: number | null;
  /** Retention compares two windows: what its payments changed by in the earlier one; null where it did not count in that. */
  earlier?: number | null;
};

/** Where a change comes from, by exact arithmetic: association, never cause. */
export type Why = {
  kpi: string;
  sentence: string;
  /** By which the contributors are told; null for factors, or when nothing can be split. */
  dimension: Dimension | null;
  /** Dimensions whose parts add up to the whole, so that asking for them goes on. */
  dimensions: readonly Dimension[];
  /** The largest contribution first, by magnitude. */
  contributors: readonly Contributor[];
  /** Names that stand out, together at least half of the change; empty when it is broad-based. */
  leading: readonly string[];
  /** No set of parts makes up half of what moved. */
  broadBased: boolean;
  /** Where inside the one leading part, when that can be told. */
  within: { dimension: Dimension; leading: readonly string[]; share: number } | null;
  method: 'additive' | 'mix_rate' | 'factors' | 'movements' | 'retention';
  /** In the KPI's unit. */
  change: number;
  /** Recurring revenue only: all customers that add to the change, the largest contribution first. */
  customers?: readonly Mover[];
};
