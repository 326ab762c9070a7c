/** A company of CSV files alone, mapped by the herald.yaml of the manual: every answer against a plain calculation. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { engineSettings } from '../../cli/house.ts';
import { type Config, readConfig } from '../../config.ts';
import { type Database, openDatabase } from '../../db/client.ts';
import type { Answer } from '../../kpi/answer.ts';
import { answer } from '../../kpi/engine.ts';
import type { Dimension, Period } from '../../kpi/question.ts';
import type { EngineSettings } from '../../kpi/settings.ts';
import type { CycleReport } from '../../sync/cycle.ts';
import { keepRates } from '../../sync/resolve/keep-rates.ts';
import { openSource } from '../../sync/sources/registry.ts';
import { openTestDatabase, type TestDatabase } from '../database.ts';
import { consume, cycle } from '../run-cycle.ts';
import { figuresOf } from './csv-company/figures.ts';
import { type Wrong, writeCompany } from './csv-company/files.ts';
import { createCompany } from './csv-company/records.ts';

const now = new Date('2026-11-05T12:00:00Z');
const period = (from: string, to: string, unit: Period['unit']): Period => ({
  from,
  to,
  label: `${from}–${to}`,
  complete: true,
  unit,
  count: 1,
});
const periods = [
  period('2026-10-01', '2026-11-01', 'month'),
  period('2026-07-01', '2026-10-01', 'quarter'),
  period('2026-03-01', '2026-04-01', 'month'),
];

const company = createCompany(20_261_105);
let folder: string;
let home: TestDatabase;
let db: Database;
let config: Config;
let engine: EngineSettings;
let wrong: Wrong[];
const reports: CycleReport[] = [];

beforeAll(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'herald-csv-company-'));
  const [erp, warehouse] = [path.join(folder, 'erp'), path.join(folder, 'warehouse')];
  for (const each of [erp, warehouse]) mkdirSync(each);
  wrong = writeCompany(erp, warehouse, company);
  const manual = readFileSync(new URL('../../docs/connecting/in-house.md', import.meta.url), 'utf8');
  const yaml = /```yaml\n(company:[\s\S]*?)```/.exec(manual)![1]!;
  writeFileSync(path.join(folder, 'herald.yaml'), yaml.replaceAll('/srv/exports', folder));
  config = readConfig({}, folder);
  engine = engineSettings(config);
  home = await openTestDatabase();
  db = openDatabase(home.url, { name: 'test', max: 4 });
  await keepRates(db, config.company.currency, config.rates);
});
afterAll(async () => {
  await db?.close();
  await home?.close();
  rmSync(folder, { recursive: true, force: true });
});

function ask(kpi: string, of: Period, by: Dimension | null = null): Promise<Answer> {
  const question = {
    kpi,
    period: of,
    comparison: null,
    by,
    top: null,
    filters: [],
    asOf: null,
    reading: kpi,
    repairs: [],
  };
  return answer(db, question, engine, now);
}

const sources = () =>
  Promise.all(
    Object.entries(config.sources).map(([name, settings]) =>
      openSource({
        name,
        settings,
        companyCurrency: config.company.currency,
        timeZone: config.company.timeZone,
      }),
    ),
  );

test('before the first reading, every source that fills its table is said to be missing', async () => {
  const { freshness, warnings } = await ask('win_rate', periods[0]!);
  expect(freshness.map(({ source, coveredUntil }) => [source, coveredUntil])).toEqual([['warehouse', null]]);
  expect(warnings).toContain('Warehouse has not been synced yet: its records are missing.');
  expect((await ask('gross_margin', periods[0]!)).freshness.map(({ source }) => source)).toEqual(['erp']);
  expect((await ask('contact_rate', periods[0]!)).freshness.map(({ source }) => source)).toEqual([
    'erp',
    'warehouse',
  ]);
});

describe('once it was read', () => {
  beforeAll(async () => {
    for (const source of await sources()) reports.push(await cycle(db, source, now));
    await consume(db, config.company.timeZone);
  });

  test('nothing failed, and what cannot be read is in quarantine, row by row', async () => {
    expect(reports.map(({ state, failures }) => ({ state, failures }))).toEqual([
      { state: 'SUCCESS', failures: [] },
      { state: 'SUCCESS', failures: [] },
    ]);
    const held = await db.sql<
      Wrong[]
    >`select source, stream from quarantine where state = 'held' order by source, stream`;
    expect(held.map(({ source, stream }) => `${source}.${stream}`)).toEqual(
      wrong.map(({ source, stream }) => `${source}.${stream}`).sort(),
    );
  });

  test('every KPI has the value that the rows give', { timeout: 60_000 }, async () => {
    const figures = figuresOf(company);
    const found: string[] = [];
    for (const [kpi, second] of Object.entries(figures))
      for (const of of periods) {
        const { value } = await ask(kpi, of);
        const expected = second(of);
        if (!agree(value, expected))
          found.push(`${kpi} ${of.label}: Herald says ${value}, the rows say ${expected}`);
      }
    expect(found).toEqual([]);
    expect(Object.keys(figures).length).toBeGreaterThan(45);
  });

  test.each([
    [
      'region',
      [
        'bookings',
        'win_rate',
        'open_pipeline',
        'invoiced',
        'tickets_created',
        'csat',
        'sla_attainment',
        'nps',
        'mqls',
        'campaign_responses',
      ],
    ],
    [
      'owner',
      [
        'bookings',
        'deals_won',
        'quota_attainment',
        'tickets_solved',
        'backlog',
        'sla_first_reply',
        'sales_activities',
      ],
    ],
  ] as const)('every part by %s has the value that its rows give', { timeout: 60_000 }, async (by, kpis) => {
    const found: string[] = [];
    for (const kpi of kpis) {
      const { parts } = await ask(kpi, periods[1]!, by);
      expect(parts.length).toBeGreaterThan(1);
      for (const { name, value } of parts) {
        const expected = figuresOf(company, { [by]: name === 'unknown' ? null : name })[kpi]!(periods[1]!);
        if (!agree(value, expected))
          found.push(`${kpi} of ${name}: Herald says ${value}, the rows say ${expected}`);
      }
    }
    expect(found).toEqual([]);
  });

  test('every KPI of the catalogue says where it comes from, or what is not given', {
    timeout: 60_000,
  }, async () => {
    const silent: string[] = [];
    for (const { name } of engine.catalogue.kpis) {
      const { value, freshness, warnings } = await ask(name, periods[1]!);
      if (freshness.length === 0 || freshness.some(({ coveredUntil }) => coveredUntil === null))
        silent.push(name);
      if (warnings.some((warning) => warning.startsWith('Cannot be told'))) expect(value).toBeNull();
    }
    expect(silent).toEqual([]);
  });

  test('what no source fills is said, and is no 0', async () => {
    const without = { ...engine, sources: engine.sources.filter(({ name }) => name === 'erp') };
    const blank = await openTestDatabase();
    const empty = openDatabase(blank.url, { name: 'test', max: 2 });
    try {
      const question = {
        kpi: 'deals_won',
        period: periods[0]!,
        comparison: null,
        by: null,
        top: null,
        filters: [],
        asOf: null,
        reading: '',
        repairs: [],
      };
      const given = await answer(empty, question, without, now);
      expect([given.value, given.sentence]).toEqual([null, `Deals won: no source fills deals.`]);
      expect(given.warnings[0]).toBe(
        'Cannot be told: no source fills deals. Connect one under "sources" in herald.yaml.',
      );
    } finally {
      await empty.close();
      await blank.close();
    }
  });

  test('an unchanged company is not read again', async () => {
    const again: CycleReport[] = [];
    for (const source of await sources()) again.push(await cycle(db, source, now));
    expect(again.map(({ read, changed }) => [read, changed])).toEqual([
      [0, 0],
      [0, 0],
    ]);
  });
});

/** Counts to the unit, money to the cent, everything else to nine digits. */
function agree(given: number | null, expected: number | null): boolean {
  if (given === null || expected === null) return given === expected;
  return (
    Math.abs(given - expected) <= Math.max(0.006, 1e-9 * Math.abs(expected)) &&
    (Math.abs(given - expected) < 1e-6 || Math.abs(expected) > 100)
  );
}
