import type { Company } from '../model.ts';
import type { Random } from '../random.ts';
import type { Stored } from '../records.ts';

export type Done = { systems: readonly string[]; what: string };

/** One small change dated `at`; null when there is nothing to apply it to. */
export type Action = (company: Company, random: Random, at: number) => Done | null;

/** One of the records that fit, drawn fairly; undefined when none fits. */
export function pickRecord(
  random: Random,
  records: Iterable<Stored>,
  fits: (record: Record<string, unknown>) => boolean,
): Stored | undefined {
  const found: Stored[] = [];
  for (const stored of records) if (!stored.gone && fits(stored.record)) found.push(stored);
  return found[random.int(found.length)];
}
