import { type Class, classOrder } from './classes.ts';

export type RestatedPart = {
  /** As the answer's components are named. */
  name: string;
  label: string;
  unit: 'count' | 'money' | 'seconds';
  /** What the part counts: sums of `value`, or `n` facts. Minor units for money, seconds for durations. */
  before: number;
  after: number;
  /** Amounts that add up to `after − before`. `records`: those that were changed; of figures about customers, customers. */
  classes: readonly { class: Class; records: number; amount: number }[];
  /** What moved it most; of a figure about customers, customers with their name. Untrusted text. */
  records: readonly { class: Class; system: string; id: string; name: string | null; amount: number }[];
};

type Known = RestatedPart['classes'];

/** The classes told of, and what no record accounts for, by its cause: together they are the whole change. */
export function withRest(
  known: Known,
  { before, after, own }: { before: number; after: number; own: ReadonlySet<string> },
): Known {
  const rest = after - before - known.reduce((sum, one) => sum + one.amount, 0);
  const cause: Class = own.has('definitions') ? 'definition' : own.has('repair') ? 'repaired' : 'unknown';
  return [...known, ...(rest === 0 ? [] : [{ class: cause, records: 0, amount: rest }])].sort(
    (a, b) => classOrder.indexOf(a.class) - classOrder.indexOf(b.class),
  );
}

export const amountIn = (classes: Known, name: Class): number =>
  classes.reduce((sum, one) => sum + (one.class === name ? one.amount : 0), 0);
