/**
 * What keeping and reading the numbers costs, on the product's own path, against what it replaces, in one run:
 * a changed fact against refreshing a materialised view of the same buckets; points of a chart against reading the
 * facts; every KPI of the catalogue. The buckets are compared with the facts in the same run.
 */
import { type Database, openDatabase } from '../db/client.ts';
import type { EmbeddedServer } from '../db/embedded/server.ts';
import { migrate } from '../db/migrate.ts';
import { addDays } from '../kpi/calendar.ts';
import { builtIn } from '../kpi/catalogue.ts';
import type { KpiDefinition } from '../kpi/definition.ts';
import { parseFormula, reads } from '../kpi/formula.ts';
import { readSums } from '../kpi/read/measure-sums.ts';
import { readAll } from '../kpi/read/read-figures.ts';
import { rollUp } from '../kpi/rollup/rollup.ts';
import type { EngineSettings } from '../kpi/settings.ts';
import { type Cost, costOf, type Meter, meterBackend } from './backend-cpu.ts';
import type { Figure } from './figure.ts';
import { CHANGED, changeDeals, fillDeals, fillTheRest } from './rollup/company.ts';
import { forty } from './rollup/forty.ts';

/** Changes are cheap and noisy, refreshes dear and steady. */
const CHANGES = 15;
const REFRESHES = 3;
const READS = 20;
const timeZone = 'UTC';
const won = {
  measures: builtIn.measures.filter((measure) => ['won_value', 'deals_won'].includes(measure.name)),
  timeZone,
};
const quarter = { from: '2025-04-01', to: '2025-07-01' };
const whole = { by: null, filters: [], asOf: null };

export async function benchRollup(
  server: EmbeddedServer,
  sizes: readonly number[],
  say: (line: string) => void,
): Promise<Figure[]> {
  const [small, large] = [Math.min(...sizes), Math.max(...sizes)];
  const figures: Figure[] = [];
  const applied = new Map<number, Cost>();
  for (const facts of sizes) {
    await withCompany(server, { facts, isRich: facts === small }, async (db, meter) => {
      const refreshed: Record<'view' | 'views', Cost[]> = { view: [], views: [] };
      const changed: Cost[] = [];
      if (facts === large) await createViews(db);
      for (let round = 0; round < CHANGES; round++) {
        await changeDeals(db, round, facts);
        changed.push(await costOf(meter, () => rollUp(db, won)));
        if (facts === large && round < REFRESHES) {
          const view = await costOf(meter, () => refresh(db, [fullGrain]));
          const margins = await costOf(meter, () => refresh(db, grains.map(marginOf)));
          refreshed.view.push(view);
          refreshed.views.push({ cpu: view.cpu + margins.cpu, wall: view.wall + margins.wall });
        }
      }
      // The first rounds meet cold pages and unprepared statements.
      const apply = mean(changed.slice(REFRESHES));
      applied.set(facts, apply);
      say(`${CHANGED} of ${facts} facts changed: roll-up ${shown(apply)} (${meter.kind})`);
      if (facts === large) {
        for (const [what, costs] of [
          ['a refresh of the view at full grain', refreshed.view],
          [`a refresh of the ${1 + grains.length} views that answer the same`, refreshed.views],
        ] as const) {
          const dear = mean(costs);
          say(`${what}: ${shown(dear)}`);
          const named = `${what} ÷ roll-up, ${CHANGED} of ${facts} facts changed`;
          figures.push(
            atLeast(`${named} (${meter.kind})`, dear.cpu / apply.cpu, 100),
            atLeast(`${named} (wall)`, dear.wall / apply.wall, 100),
          );
        }
        figures.push(await readQuarter(db, facts, say));
      }
      figures.push(await compareWithFacts(db, facts));
      if (facts === small) figures.push(...(await readCatalogue(db, meter, facts, say)));
    });
  }
  if (large > small)
    figures.push(
      atMost(
        `roll-up of ${CHANGED} changes at ${large} ÷ at ${small} facts`,
        applied.get(large)!.cpu / applied.get(small)!.cpu,
        1.25,
      ),
    );
  return figures;
}

async function withCompany(
  server: EmbeddedServer,
  { facts, isRich }: { facts: number; isRich: boolean },
  work: (db: Database, meter: Meter) => Promise<void>,
): Promise<void> {
  const name = `bench_${process.pid}_${facts}`;
  await server.ensureDatabase(name);
  await migrate(server.url(name));
  // One connection, so that its backend does all the work; and no helpers, whose work would not be metered.
  const db = openDatabase(server.url(name), { name: 'herald-bench', max: 1, statementTimeoutMs: 1_200_000 });
  try {
    await db.sql`set max_parallel_workers_per_gather = 0`;
    await db.sql`set max_parallel_maintenance_workers = 0`;
    await fillDeals(db, facts);
    // Before the first roll-up, which takes customers' revenue from the facts.
    if (isRich) await fillTheRest(db, facts);
    await rollUp(db, won);
    await db.sql`vacuum analyze`;
    await work(db, await meterBackend(db.sql));
  } finally {
    await db.close();
  }
}

const groups = `coalesce(region, '') as region, coalesce(segment, '') as segment, coalesce(owner, '') as owner, coalesce(source, '') as source, coalesce(product, '') as product`;

const fullGrain = 'by_day';
/** The parts that a margin is kept by; '' is the total. */
const grains = ['', 'region', 'segment', 'owner', 'source', 'product'] as const;
const marginOf = (dimension: (typeof grains)[number]) => `by_day_${dimension || 'total'}`;

/**
 * What a company without a roll-up would keep: the same buckets as a view, and for each breakdown a view over that one.
 * The past, which the roll-up also answers for, they do not know.
 */
async function createViews(db: Database): Promise<void> {
  await db.sql.unsafe(`create materialized view ${fullGrain} as
    select closed_on as day, ${groups}, sum(amount)::bigint as value, count(*) as n from deal where is_won group by 1, 2, 3, 4, 5, 6`);
  await db.sql.unsafe(`create unique index on ${fullGrain} (day, region, segment, owner, source, product)`);
  for (const dimension of grains) {
    await db.sql.unsafe(`create materialized view ${marginOf(dimension)} as
      select day, ${dimension || `''::text`} as name, sum(value)::bigint as value, sum(n)::bigint as n from ${fullGrain} group by 1, 2`);
    await db.sql.unsafe(`create unique index on ${marginOf(dimension)} (name, day)`);
  }
  await db.sql`analyze`;
}

async function refresh(db: Database, views: readonly string[]): Promise<void> {
  for (const view of views) await db.sql.unsafe(`refresh materialized view concurrently ${view}`);
}

/** A chart of daily points: stored buckets against the facts, both read to the last row. */
async function readQuarter(db: Database, facts: number, say: (line: string) => void): Promise<Figure> {
  const days: { from: string; to: string }[] = [];
  for (let day = quarter.from; day < quarter.to; day = addDays(day, 1))
    days.push({ from: day, to: addDays(day, 1) });
  const clock: Meter = { kind: 'wall', read: () => performance.now() };
  const [stored, raw]: [Cost[], Cost[]] = [[], []];
  for (let round = 0; round < READS; round++) {
    stored.push(
      await costOf(clock, () => readSums(db.sql, [{ measure: 'won_value', at: 'period' }], days, whole)),
    );
    if (round % 4 === 0)
      raw.push(
        await costOf(
          clock,
          () =>
            db.sql`select closed_on, sum(amount) from deal where tenant = 1 and is_won and closed_on >= ${quarter.from} and closed_on < ${quarter.to} group by 1`,
        ),
      );
  }
  say(
    `a quarter of daily points: stored ${median(stored).toFixed(1)} ms, from the facts ${median(raw).toFixed(0)} ms`,
  );
  return atLeast(
    `a quarter of daily points, facts ÷ stored, of ${facts} facts (wall)`,
    median(raw) / median(stored),
    100,
  );
}

/** Buckets and margins against the aggregate of all facts, both ways. */
async function compareWithFacts(db: Database, facts: number): Promise<Figure> {
  const stored = `select measure, day, region, segment, owner, source, product, value, n from bucket where value <> 0 or n <> 0`;
  const counted = `select m.measure, closed_on, ${groups}, case m.measure when 'won_value' then sum(amount) else count(*) end::bigint, count(*)
    from deal cross join (values ('won_value'), ('deals_won')) as m(measure) where is_won and (m.measure = 'deals_won' or amount is not null) group by 1, 2, 3, 4, 5, 6, 7`;
  const [row] = await db.sql.unsafe<{ n: number }[]>(
    `select ((select count(*) from (${stored} except ${counted}) a) + (select count(*) from (${counted} except ${stored}) b)
      + (select count(*) from (select day, sum(value) as value from margin where measure = 'won_value' and dimension = '' group by day having sum(value) <> 0
         except select closed_on, sum(amount) from deal where is_won group by 1) c))::int as n`,
  );
  return atMost(`buckets that differ from the aggregate of ${facts} facts`, row!.n, 0);
}

/** Every KPI of the catalogue for one period, through the engine's own reads. */
async function readCatalogue(
  db: Database,
  meter: Meter,
  facts: number,
  say: (line: string) => void,
): Promise<Figure[]> {
  await rollUp(db, { measures: builtIn.measures, timeZone });
  await db.sql`vacuum analyze`;
  const settings: EngineSettings = {
    catalogue: builtIn,
    calendar: { timeZone, weekStart: 'monday', fiscalYearStart: 'january' },
    currency: 'USD',
    minorPerUnit: 100,
    sources: [],
  };
  const figures: Figure[] = [];
  for (const [what, kpis] of [
    ['of the forty that are asked for most', builtIn.kpis.filter(({ name }) => forty.has(name))],
    ['over stored figures', builtIn.kpis.filter(isStored)],
    ['in all', builtIn.kpis],
  ] as const) {
    const read = () => readAll(db.sql, kpis, [quarter], whole, settings, '2025-12-31');
    await read();
    const costs: Cost[] = [];
    for (let round = 0; round < READS; round++) costs.push(await costOf(meter, read));
    const each = mean(costs);
    const named = `${kpis.length} KPIs ${what}, one period, ${facts} facts`;
    say(`${named}: ${shown(each)} (${meter.kind} of the backend, mean of ${READS})`);
    figures.push(atMost(`ms of database time, ${named} (${meter.kind})`, each.cpu, 50));
  }
  return figures;
}

/** Of sums, customers' revenue and distributions; the others read facts: whose way led to a deal, how long customers stay. */
function isStored({ formula }: KpiDefinition): boolean {
  if (formula.kind !== 'arithmetic') return formula.kind === 'span' || formula.kind === 'percentile';
  return reads(parseFormula(formula.text)).every(
    ({ what, measure }) => what !== 'kpi' || isStored(builtIn.kpiByName.get(measure)!),
  );
}

const atLeast = (figure: string, ratio: number, target: number): Figure => ({
  figure,
  ratio,
  target,
  met: ratio >= target,
});
const atMost = (figure: string, ratio: number, target: number): Figure => ({
  figure,
  ratio,
  target,
  met: ratio <= target,
});

const mean = (costs: readonly Cost[]): Cost => ({
  cpu: costs.reduce((sum, cost) => sum + cost.cpu, 0) / costs.length,
  wall: costs.reduce((sum, cost) => sum + cost.wall, 0) / costs.length,
});
const median = (costs: readonly Cost[]): number =>
  costs.map((cost) => cost.wall).sort((a, b) => a - b)[Math.floor(costs.length / 2)]!;
const shown = ({ cpu, wall }: Cost) => `${cpu.toFixed(1)} ms of work, ${wall.toFixed(1)} ms by the clock`;
