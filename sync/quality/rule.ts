/**
 * A rule about the data: a name, whose numbers it touches, and SQL that finds what breaks it. Rules are data; three
 * short functions run them. The fragments are written in this repository; nothing that a person types becomes SQL.
 */
import type { UnifiedTable } from '../source.ts';

/** warns: said with the numbers it touches. notes: listed only. */
export type Severity = 'warns' | 'notes';

type Described = {
  name: string;
  severity: Severity;
  /** Unified table whose numbers it touches; null where that depends on the finding. */
  table: UnifiedTable | null;
  /** Columns of it that matter; none: any number over the table is touched. */
  columns: readonly string[];
  /** "{n} won deals have no amount", and the same for one. */
  one: string;
  many: string;
};

/** About single records: tried on what changed. Fragments are over the record, aliased `f`; `clock.today` is the company's date. */
export type RecordRule = Described & {
  kind: 'record';
  table: UnifiedTable;
  /** True for a record that breaks the rule. */
  when: string;
  /** Date of the fact, by which a finding concerns a period; left out where it concerns all. */
  day?: string;
  /** Text for people. */
  sentence: string;
  /** Rows of another table (or others of this one) that it looks at: a changed row of `table` concerns the records whose `to` equals its `column`. */
  looksAt?: readonly { table: UnifiedTable; column: string; to: string }[];
};

/** About sets of records: tried anew when one of its tables changed, and once a day. */
export type SetRule = Described & {
  kind: 'set';
  /** Any change where it names none. */
  tables: readonly UnifiedTable[];
  /** Query with columns system, stream, subject, day, sentence over the tables and `clock` (at, today, titles). */
  query: string;
};

/** Its findings are written by whoever sees them happen (sync/drift/). */
export type WatchRule = Described & { kind: 'watch' };

export type Rule = RecordRule | SetRule | WatchRule;

/** How a system is called: a fragment for queries that join `clock`. */
export const title = (system: string) => `coalesce(clock.titles->>(${system}), ${system})`;

/** The amount as its record has it: before it was converted to the company's currency. */
export const original = (column: string, alias = 'f') =>
  `coalesce(${alias}.original_${column}, ${alias}.${column})`;

/** Minor units as people read them, in the record's own currency. Currencies without minor units: ISO 4217, those of them that trade. */
export const money = (column: string) =>
  `trim(to_char(${original(column)} / case when f.currency in ('JPY', 'KRW', 'VND', 'CLP', 'ISK', 'XAF', 'XOF', 'PYG', 'UGX') then 1.0 else 100.0 end, 'FM999,999,999,999,990.00') || ' ' || coalesce(f.currency, ''))`;

/** A record's name, or its id where it has none. */
export const named = (column: string) => `'"' || left(coalesce(nullif(${column}, ''), f.id), 80) || '"'`;
