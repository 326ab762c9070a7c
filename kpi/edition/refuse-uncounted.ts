import type { Queryable } from '../../db/client.ts';
import { HeraldError } from '../../platform/errors.ts';
import type { Catalogue } from '../catalogue.ts';
import type { KpiDefinition } from '../definition.ts';
import type { Dimension, Filter } from '../question.ts';
import { LEDGER, storedUnder } from './stored-under.ts';

export type Uncounted = {
  kpi: KpiDefinition;
  by: Dimension | null;
  filters: readonly Filter[];
  /** Data version. */
  asOf: number;
};

type Edition = { name: string; definition: string | null; isCounted: boolean; since: Date | null };

/**
 * Throws `ask` where a KPI was not counted at a past data version, or not by what is asked for: then its sums were 0 for
 * want of counting, and no number.
 */
export async function refuseUncounted(
  sql: Queryable,
  { kpi, by, filters, asOf }: Uncounted,
  catalogue: Catalogue,
): Promise<void> {
  const stored = storedUnder(kpi, catalogue);
  const editions = await readEditions(sql, [...new Set(stored.map(({ name }) => name))], asOf);
  const dimensions = [...(by ? [by] : []), ...filters.map((filter) => filter.dimension)];
  for (const { name, narrowed } of stored) {
    const measure = catalogue.measureByName.get(name);
    if (!measure && name !== LEDGER)
      throw refusal(
        `${kpi.title} was then defined by what Herald no longer counts (version ${kpi.version}), so it cannot be told any more.`,
      );
    const edition = editions.get(name);
    if (!edition?.isCounted) throw refusal(`${kpi.title} was not counted yet then${sinceWhen(edition)}.`);
    if (!narrowed || !measure) continue;
    // As the roll-up writes a measure's definition down: its dimensions are the sixth.
    const counted = dimensionsOf(edition.definition!);
    const missing = dimensions.find(
      (dimension) => measure.dimensions.includes(dimension) && !counted.includes(dimension),
    );
    if (missing) throw refusal(`${kpi.title} was not counted by ${missing} yet then.`);
  }
}

/** Whether it would not be refused. */
export async function isCountedAt(sql: Queryable, asked: Uncounted, catalogue: Catalogue): Promise<boolean> {
  try {
    await refuseUncounted(sql, asked, catalogue);
    return true;
  } catch (thrown) {
    if (thrown instanceof HeraldError && thrown.kind === 'ask') return false;
    throw thrown;
  }
}

/** Of a measure's definition as the roll-up writes it down. */
const dimensionsOf = (definition: string) => (JSON.parse(definition) as unknown[])[5] as Dimension[];

const refusal = (message: string) =>
  new HeraldError('ask', `${message} Ask for a later date, or without "as of".`);

const sinceWhen = (edition: Edition | undefined) =>
  edition?.since ? `: it is since ${edition.since.toISOString().slice(0, 16).replace('T', ' ')} UTC` : '';

/** What was in force at the data version; and since when it is counted, where it was not. */
async function readEditions(
  sql: Queryable,
  names: readonly string[],
  asOf: number,
): Promise<Map<string, Edition>> {
  const rows = await sql<Edition[]>`
    select m.name, e.definition, e.definition is not null as "isCounted",
      (select min(l.since_at) from edition l where l.kind = 'measure' and l.name = m.name and l.since_seq > ${asOf} and l.definition is not null) as since
    from unnest(${names as string[]}::text[]) as m(name)
    left join lateral (select definition from edition where kind = 'measure' and name = m.name and since_seq <= ${asOf} order by since_seq desc limit 1) e on true`;
  return new Map(rows.map((row) => [row.name, row]));
}
