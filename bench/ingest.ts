/**
 * What loading costs on the product's own path (validation, history, unified rows, indexes, change log, cursor),
 * against raw COPY of the same text into a table without an index, and against the usual batched upsert. Interleaved
 * in one run; what was loaded is counted and summed in the same run.
 */
import { spawn } from 'node:child_process';
import path from 'node:path';
import type { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { type Database, openDatabase } from '../db/client.ts';
import { drizzle, orm } from '../db/drizzle.ts';
import type { EmbeddedServer } from '../db/embedded/server.ts';
import { migrate } from '../db/migrate.ts';
import { deal } from '../db/schema/unified/index.ts';
import { takeLease } from '../platform/lease.ts';
import { hashOf, type LoadTarget, loadBatch } from '../sync/load.ts';
import type { SourceRecord } from '../sync/source.ts';
import { type Cost, costOf, type Meter, meterBackend } from './backend-cpu.ts';
import type { Figure } from './figure.ts';
import { amountOf, benchSource, opportunities, opportunityOf } from './opportunities.ts';

const ROUNDS = 5;
const BATCH = 5_000;
const MEMORY_MIB = 512;
/** Rows that the upsert is timed with: it is the slowest, and its cost per row does not depend on their number. */
const UPSERTED = 10_000;

type Upsert = Extract<SourceRecord, { op: 'upsert' }>;
/** Milliseconds: on the clock, and of both processors, the worker's and its database backend's. */
type Spent = { wall: number; cpu: number; worker: number };
type Times = Record<'raw' | 'first' | 'again' | 'onePercent' | 'upsert' | 'hashing', Spent>;

export async function benchIngest(
  server: EmbeddedServer,
  { size, memoryRecords }: { size: number; memoryRecords: number },
  say: (line: string) => void,
): Promise<Figure[]> {
  const name = `bench_ingest_${process.pid}`;
  await server.ensureDatabase(name);
  await migrate(server.url(name));
  const db = openDatabase(server.url(name), { name: 'herald-bench', max: 1, statementTimeoutMs: 600_000 });
  try {
    const figures = await timed(db, size, say);
    return memoryRecords === 0
      ? figures
      : [...figures, await memory(server.url(name), db, memoryRecords, say)];
  } finally {
    await db.close();
  }
}

async function timed(db: Database, size: number, say: (line: string) => void): Promise<Figure[]> {
  const lease = await takeLease(db, 'sync:salesforce', `bench-${process.pid}`);
  if (!lease) throw new Error('the lease is taken');
  const target: LoadTarget = {
    source: benchSource,
    stream: opportunities,
    lane: 'backfill',
    runId: 1,
    lease,
  };
  const records = Array.from({ length: size }, (_, i) => opportunityOf(i, 0));
  const changed = records.map((record, i) => (i % 100 === 0 ? opportunityOf(i, 1) : record));
  await db.sql`create table raw_copy (payload text)`;
  const meter = await meterBackend(db.sql);
  const spend = (work: () => Promise<unknown>) => spent(meter, work);
  const ready = readyRows(records.slice(0, UPSERTED));
  await upsertAll(db, ready);
  const rounds: Times[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    await db.sql`truncate raw_copy, record_head, record_version, change_log`;
    await db.sql`delete from deal where system = 'salesforce'`;
    await db.sql`vacuum deal`;
    const raw = await spend(() => copyRaw(db, records));
    const first = await spend(() => loadAll(db, target, records));
    await check(db, size, { versions: size, cents: cents(size, () => 0) });
    const again = await spend(() => loadAll(db, target, records));
    await check(db, size, { versions: size, cents: cents(size, () => 0) });
    const onePercent = await spend(() => loadAll(db, target, changed));
    const after = {
      versions: size + Math.ceil(size / 100),
      cents: cents(size, (i) => (i % 100 === 0 ? 1 : 0)),
    };
    await check(db, size, after);
    const upsert = scaled(await spend(() => upsertAll(db, ready)), size / ready.length);
    const hashing = await spend(async () => {
      for (const record of records) hashOf(record.payload);
    });
    rounds.push({ raw, first, again, onePercent, upsert, hashing });
    const each = ({ wall, cpu, worker }: Spent) =>
      [wall, cpu, worker].map((ms) => ((ms / size) * 1000).toFixed(1)).join('/');
    say(
      `round ${round + 1}, µs per record (wall/processors/of these the worker): raw COPY ${each(raw)}, first ${each(first)}, unchanged ${each(again)} (hashing ${each(hashing)}), 1 % changed ${each(onePercent)}, upsert ${each(upsert)}`,
    );
  }
  await lease.release();
  const kb = (records[0]!.payload.length / 1024).toFixed(1);
  const figures = (title: string, part: keyof Times, whole: keyof Times, target: number): Figure[] =>
    (['wall', 'cpu'] as const).map((kind) => {
      const ratio = median(rounds.map((times) => times[whole][kind] / times[part][kind]));
      const met = ratio >= target;
      return {
        figure: `ingest: ${title}, ${size} records of ${kb} KB (${kind === 'cpu' ? `${meter.kind} of worker and database` : kind})`,
        ratio,
        target,
        met,
      };
    });
  return [
    ...figures('first load ÷ raw COPY', 'first', 'raw', 0.3),
    ...figures('unchanged re-run ÷ raw COPY', 'again', 'raw', 1.2),
    ...figures('1 % changed ÷ raw COPY', 'onePercent', 'raw', 1),
    ...figures('unchanged re-run ÷ Drizzle upsert by 1,000', 'again', 'upsert', 8),
  ];
}

async function loadAll(db: Database, target: LoadTarget, records: Upsert[]): Promise<void> {
  for (let at = 0; at < records.length; at += BATCH) {
    const last = at + BATCH >= records.length;
    await loadBatch(db, target, {
      stream: opportunities.name,
      records: records.slice(at, at + BATCH),
      cursor: { at: at + BATCH },
      coveredUntil: last ? '2026-11-01T00:00:00Z' : null,
    });
  }
}

const escapes: Record<string, string> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

async function copyRaw(db: Database, records: readonly Upsert[]): Promise<void> {
  await db.inTransaction(async (tx) => {
    const out: Writable = await tx.unsafe('copy raw_copy from stdin').writable();
    let text = '';
    for (const { payload } of records) {
      text += `${payload.replace(/[\\\n\r\t]/g, (sign) => escapes[sign]!)}\n`;
      if (text.length < 64 * 1024) continue;
      if (!out.write(text)) await new Promise((resolve) => out.once('drain', resolve));
      text = '';
    }
    out.end(text);
    await finished(out);
  });
}

type DealRow = typeof deal.$inferInsert;

const readyRows = (records: readonly Upsert[]): DealRow[] =>
  records.map(({ id, payload }) => ({ ...opportunities.unify(JSON.parse(payload)), system: 'upsert', id }));

/** The usual way: ready objects into one typed table, 1,000 per statement. */
async function upsertAll(db: Database, rows: readonly DealRow[]): Promise<void> {
  const names = Object.keys(rows[0]!).filter((name) => name !== 'system' && name !== 'id');
  const set = Object.fromEntries(names.map((name) => [name, orm.sql.raw(`excluded."${name}"`)]));
  const typed = drizzle(db.sql);
  for (let at = 0; at < rows.length; at += 1000) {
    await typed
      .insert(deal)
      .values(rows.slice(at, at + 1000))
      .onConflictDoUpdate({ target: [deal.tenant, deal.system, deal.id], set });
  }
}

const cents = (size: number, round: (i: number) => number): number => {
  let total = 0;
  for (let i = 0; i < size; i++) total += 100 * amountOf(i, round(i));
  return total;
};

/** A fast wrong load is worthless. */
async function check(
  db: Database,
  size: number,
  expected: { versions: number; cents: number },
): Promise<void> {
  const [found] = await db.sql`
    select (select count(*) from record_head)::int as heads, (select count(*) from record_version)::int as versions,
      (select count(*) from deal where system = 'salesforce')::int as deals, (select sum(n) from change_log)::int as changes,
      (select sum(amount)::bigint from deal where system = 'salesforce') as cents, (select count(*) from quarantine)::int as held`;
  const { versions } = expected;
  const wanted = { heads: size, versions, deals: size, changes: versions, cents: expected.cents, held: 0 };
  if (JSON.stringify(found) !== JSON.stringify(wanted))
    throw new Error(`loaded ${JSON.stringify(found)} instead of ${JSON.stringify(wanted)}`);
}

/** The worker's peak, in a process of its own, over a stream of a million records. */
async function memory(
  url: string,
  db: Database,
  records: number,
  say: (line: string) => void,
): Promise<Figure> {
  await db.sql`truncate record_head, record_version, change_log, raw_copy`;
  await db.sql`delete from deal`;
  const child = spawn(
    process.execPath,
    [path.join(import.meta.dirname, 'ingest-worker.ts'), url, String(records)],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  let out = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  const code = await new Promise<number | null>((resolve, reject) =>
    child.on('error', reject).on('close', resolve),
  );
  if (code !== 0) throw new Error(`the worker ended with ${code}`);
  await check(db, records, { versions: records, cents: cents(records, () => 0) });
  const peak = Number(out);
  say(`${records} records: the worker's peak was ${peak.toFixed(0)} MiB`);
  const ratio = MEMORY_MIB / peak;
  return {
    figure: `ingest: ${MEMORY_MIB} MiB ÷ peak of the worker over ${records} records (RSS)`,
    ratio,
    target: 1,
    met: ratio >= 1,
  };
}

async function spent(meter: Meter, work: () => Promise<unknown>): Promise<Spent> {
  const before = process.cpuUsage();
  const { wall, cpu }: Cost = await costOf(meter, work);
  const { user, system } = process.cpuUsage(before);
  const worker = (user + system) / 1000;
  // Where no processor time of a backend can be had, both are the clock's.
  return meter.kind === 'wall' ? { wall, cpu: wall, worker } : { wall, cpu: cpu + worker, worker };
}

const scaled = ({ wall, cpu, worker }: Spent, by: number): Spent => ({
  wall: wall * by,
  cpu: cpu * by,
  worker: worker * by,
});

const median = (values: readonly number[]) =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
