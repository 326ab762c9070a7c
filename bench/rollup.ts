/**
 * What a changed fact costs: the roll-up's delta against refreshing a materialised view of the same buckets, both on
 * the product's own path, interleaved, in one run. Correctness is checked in the same run: buckets equal the facts.
 */
import { type Database, openDatabase } from '../db/client.ts';
import type { EmbeddedServer } from '../db/embedded/server.ts';
import { migrate } from '../db/migrate.ts';
import { measures as catalogue } from '../kpi/definitions/measures.ts';
import { rollUp } from '../kpi/rollup/rollup.ts';
import type { Figure } from './figure.ts';

const CHANGED = 1_000;
const ROUNDS = 5;
const measures = catalogue.filter((measure) => measure.name === 'won_value' || measure.name === 'deals_won');
const settings = { measures, timeZone: 'UTC' };

export async function benchRollup(server: EmbeddedServer, facts: number): Promise<Figure[]> {
  const name = `bench_${process.pid}`;
  await server.ensureDatabase(name);
  await migrate(server.url(name));
  const db = openDatabase(server.url(name), { name: 'herald-bench', max: 2, statementTimeoutMs: 600_000 });
  try {
    await fill(db, facts);
    await rollUp(db, settings);
    await db.sql.unsafe(`create materialized view by_day as
      select closed_on as day, coalesce(region, '') as region, coalesce(segment, '') as segment, coalesce(owner, '') as owner, coalesce(source, '') as source, coalesce(product, '') as product,
        sum(amount)::bigint as value, count(*) as n from deal where is_won and amount is not null group by 1, 2, 3, 4, 5, 6`);
    await db.sql.unsafe('create unique index on by_day (day, region, segment, owner, source, product)');
    await db.sql`analyze`;
    const refresh: number[] = [];
    const delta: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      await change(db, round, facts);
      delta.push(await timed(() => rollUp(db, settings)));
      refresh.push(await timed(() => db.sql.unsafe('refresh materialized view concurrently by_day')));
    }
    const [check] = await db.sql<{ rolled: number; counted: number }[]>`
      select (select sum(value)::bigint from margin where measure = 'won_value' and dimension = '') as rolled,
        (select sum(amount)::bigint from deal where is_won) as counted`;
    if (check!.rolled !== check!.counted)
      throw new Error(`the roll-up says ${check!.rolled}, the facts ${check!.counted}`);
    const ratio = median(refresh) / median(delta);
    return [
      {
        figure: `refresh ÷ roll-up, ${CHANGED} of ${facts} facts changed (wall)`,
        ratio,
        target: 20,
        met: ratio >= 20,
      },
    ];
  } finally {
    await db.close();
  }
}

/** Two years of won deals over the dimensions a company has. */
async function fill(db: Database, facts: number): Promise<void> {
  await db.sql`
    insert into deal (system, id, amount, is_won, is_closed, created_on, closed_on, region, segment, owner, source, product)
    select 'bench', i::text, 1000 + i % 9000, true, true, date '2024-01-01' + (i % 700), date '2024-01-01' + (i * 7 % 730),
      (array['EMEA', 'AMER', 'APAC'])[1 + i % 3], (array['SMB', 'Mid-Market', 'Enterprise'])[1 + i / 3 % 3], 'rep ' || i % 20, 'source ' || i % 7, 'product ' || i % 3
    from generate_series(1, ${facts}::int) i`;
  await db.sql`insert into change_batch (source) values ('bench')`;
  await db.sql`analyze deal`;
}

/** Other amounts for a thousand deals, with old and new rows in the change log as the loader writes them. */
async function change(db: Database, round: number, facts: number): Promise<void> {
  await db.sql`
    with batch as (insert into change_batch (source) values ('bench') returning id),
    put as (
      update deal set amount = amount + 1 where system = 'bench' and id in (select (1 + (i * 7919 + ${round}) % ${facts})::text from generate_series(1, ${CHANGED}::int) i)
      returning to_jsonb(old) as o, to_jsonb(new) as n)
    insert into change_log (batch_id, tbl, old, new) select batch.id, 'deal', put.o, put.n from put cross join batch`;
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

const median = (values: readonly number[]) =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
