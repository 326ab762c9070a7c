/**
 * Stored numbers against the facts they were made from: buckets and distributions, margins, and the ledger of
 * recurring revenue are computed anew in one snapshot and compared both ways.
 */
import type { Database, Transaction } from '../../db/client.ts';
import type { Measure } from '../definition.ts';
import { byTable } from '../rollup/apply-batches.ts';
import { bucketDifference, ledgerDifference } from '../rollup/rebuild.ts';
import { buildAnew, catchUp, type RollupSettings, rollUp } from '../rollup/rollup.ts';
import { marginsOf } from '../rollup/sql.ts';

export type Difference = {
  /** Which stored table is wrong. */
  in: 'bucket' | 'margin' | 'ledger';
  /** Null for the ledger, which every figure about customers reads. */
  measure: string | null;
  /** Rows that differ, are missing or are too many. */
  rows: number;
  /** What the facts say less what is stored, over all of these rows; minor units for money. */
  value: number;
  n: number;
  /** The first and the last day that is wrong. */
  days: readonly [string, string];
};

export type Verification = {
  /** Data version that was compared. */
  dataVersion: number;
  measures: number;
  differences: readonly Difference[];
  /** Measures that were mended, and the data version from which on they are right; null when nothing was. */
  repaired: { measures: readonly string[]; ledger: boolean; dataVersion: number } | null;
};

export type VerifyInput = {
  /** All measures that are kept. */
  settings: RollupSettings;
  /** Names of those to compare; null for all. */
  only: readonly string[] | null;
  ledger: boolean;
  repair: boolean;
};

/**
 * Compare, after counting what waits. With `repair`, what differs is summed anew under a data version of its own: the
 * difference is kept as a delta, so an answer as of an earlier instant stays what was shown then.
 */
export async function verify(
  db: Database,
  { settings, only, ledger, repair }: VerifyInput,
): Promise<Verification> {
  await rollUp(db, settings);
  const compared = settings.measures.filter((measure) => only === null || only.includes(measure.name));
  const { seq, differences } = await db.inTransaction(
    async (tx) => {
      // Facts and buckets of the same snapshot: what was committed since is counted here.
      const seq = await catchUp(tx, settings);
      return { seq, differences: await compare(tx, compared, settings.timeZone, ledger) };
    },
    { isolation: 'repeatable read' },
  );
  const found = { dataVersion: seq, measures: compared.length, differences };
  if (!repair || differences.length === 0) return { ...found, repaired: null };
  await db.sql`insert into change_batch (source, stream) values ('herald', 'repair')`;
  const names = new Set(differences.flatMap((one) => one.measure ?? []));
  const isLedgerWrong = differences.some((one) => one.in === 'ledger');
  const repairedAt = await buildAnew(db, settings, (measure) => names.has(measure.name), {
    ledger: isLedgerWrong,
  });
  return { ...found, repaired: { measures: [...names], ledger: isLedgerWrong, dataVersion: repairedAt } };
}

type Row = { measure: string | null; rows: number; value: number; n: number; first: string; last: string };

async function compare(
  tx: Transaction,
  measures: readonly Measure[],
  timeZone: string,
  ledger: boolean,
): Promise<Difference[]> {
  const out: Difference[] = [];
  const add = (where: Difference['in'], rows: readonly Row[]) => {
    for (const { first, last, ...row } of rows) out.push({ in: where, ...row, days: [first, last] });
  };
  for (const [table, own] of byTable(measures)) {
    const names = own.map((measure) => measure.name);
    add(
      'bucket',
      await tx.unsafe<Row[]>(
        `with zone as (select $2::text) ${perMeasure(bucketDifference(table, own, '$1', '$2'))}`,
        [names, timeZone] as never[],
      ),
    );
    add('margin', await tx.unsafe<Row[]>(perMeasure(marginDifference(own)), [names] as never[]));
  }
  if (ledger) {
    const rows = await tx.unsafe<Row[]>(
      `select null as measure, ${figures} from (${ledgerDifference}) d having count(*) > 0`,
    );
    add('ledger', rows);
  }
  return out;
}

const figures = `count(*)::int as rows, coalesce(sum(value), 0)::bigint as value, coalesce(sum(n), 0)::bigint as n, min(day) as first, max(day) as last`;
const perMeasure = (difference: string) =>
  `select measure, ${figures} from (${difference}) d group by measure order by measure`;

/** What the full grain says and the margins do not. */
const marginDifference = (measures: readonly Measure[]) => `
  select measure, dimension, name, day, bin, sum(value)::bigint as value, sum(n)::bigint as n from (
    ${marginsOf('(select * from bucket where tenant = 1 and measure = any($1::text[]))', measures)}
    union all select measure, dimension, name, day, bin, -value, -n from margin where tenant = 1 and measure = any($1::text[])) m
  group by measure, dimension, name, day, bin having sum(value) <> 0 or sum(n) <> 0`;
