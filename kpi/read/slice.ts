import type { Dimension, Filter, Period } from '../question.ts';

/** What part of the facts is read: by which dimension, under which filters, as known at which data version. */
export type Slice = {
  by: Dimension | null;
  filters: readonly Filter[];
  /** Data version; null is the present. */
  asOf: number | null;
};

export type Span = Pick<Period, 'from' | 'to'>;

/** A figure of one part in one period. */
export type Figure = {
  value: number | null;
  /** Records behind it: the denominator of a rate, the facts of a sum. */
  n: number;
  /** True when the value is read from a sketch: within 1 % of the exact one. */
  approximate?: boolean;
  /** What is to be said of how it was computed, or why it could not be. Plain sentences. */
  notes?: readonly string[];
  /** Named inputs, for the answer's components. */
  inputs: ReadonlyMap<string, number | null>;
};

/** By period (same order as asked), then by part name; without a breakdown the only part is ''. */
export type Figures = readonly ReadonlyMap<string, Figure>[];

export const nothing: Figure = { value: null, n: 0, inputs: new Map() };
