import type { Freshness, Unit } from './answer.ts';

export type Column = { label: string; unit: Unit | 'text' | 'day' };

/** A cell: text, a calendar day, or a number in its column's unit. `null` is unknown, or not over yet; never 0. */
export type Cell = string | number | null;

/**
 * An answer that is a table: plain data, the same for chat, terminal and files. The first column names the row.
 * Text in cells is what CRMs hold and is untrusted.
 */
export type TableAnswer = {
  kind: 'cohorts' | 'funnel' | 'records' | 'courses' | 'groups';
  title: string;
  area: string;
  /** First line of every message: the answer in words, plain text. */
  sentence: string;
  /** The echo of how the question was read. */
  reading: string;
  columns: readonly Column[];
  rows: readonly (readonly Cell[])[];
  /** Where each row's record is seen in its own system; empty where rows are no records. */
  links: readonly (string | null)[];
  /** ISO 4217: of money columns. */
  currency: string | null;
  /** What to know in order to read it right. */
  notes: readonly string[];
  /** What to know before relying on it. */
  warnings: readonly string[];
  freshness: readonly Freshness[];
  definition: { version: string; text: string };
  /** Dense commit-ordered number of the last batch of changes that it includes. */
  dataVersion: number;
  /** ISO instant as of which it was asked; null is now. */
  asOf: string | null;
  /** ISO instant at which it was computed. */
  at: string;
};
