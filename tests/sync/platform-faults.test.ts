/** Each fault of a platform, switched on: what the cycle says of it, and that nothing is lost once it is over. */
import { setImmediate as turn } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Database, openDatabase } from '../../db/client.ts';
import type { FaultKind } from '../../demo/stand-ins/fault-kinds.ts';
import { createGuardedFetch } from '../../platform/http.ts';
import { takeLease } from '../../platform/lease.ts';
import { runCycle } from '../../sync/cycle.ts';
import type { Source } from '../../sync/source.ts';
import { openSource } from '../../sync/sources/registry.ts';
import { openTestDatabase, type TestDatabase } from '../database.ts';
import { type ChaosCompany, openChaosCompany } from '../faults/chaos-company.ts';
import { quiet } from '../run-cycle.ts';

let company: ChaosCompany;
let home: TestDatabase;
let db: Database;
let source: Source;
/** Waiting moves the platforms' clock and ours. */
const now = () => new Date(Date.now() + company.aheadMs());
const wait = async (ms: number) => {
  company.advance(ms);
  await turn();
};
const secrets = new Map<string, string>();

function seeded(seed: number) {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

beforeAll(async () => {
  company = await openChaosCompany({ seed: 5, scale: 0.005, random: seeded(3) });
  home = await openTestDatabase();
  db = openDatabase(home.url, { name: 'herald-test', max: 2 });
  source = await openSource({
    name: 'hubspot',
    settings: company.sources.hubspot,
    companyCurrency: 'USD',
    timeZone: 'UTC',
  });
  expect(await cycle()).toMatchObject({ state: 'SUCCESS' });
});
afterAll(async () => {
  await db.close();
  await home.close();
  await company.close();
});

async function cycle() {
  const lease = await takeLease(db, 'sync:hubspot', 'test');
  const signal = new AbortController().signal;
  const drifts: string[] = [];
  const report = await runCycle({
    db,
    source,
    lease: lease!,
    settings: { settleEveryMs: 0, sweepEveryMs: 0, sweepBrake: 1 },
    cause: 'test',
    log: quiet,
    wait,
    onDrift: ({ drift }) => drifts.push(drift),
    context: {
      now,
      signal,
      log: quiet,
      secrets: {
        load: async (name) => secrets.get(name) ?? null,
        save: async (name, value) => void secrets.set(name, value),
      },
      fetch: createGuardedFetch({
        name: source.title,
        pace: source.pace,
        ...(source.classify ? { classify: source.classify } : {}),
        now,
        random: () => 0,
        signal,
        timeoutMs: 300,
        wait,
      }),
    },
  });
  await lease!.release();
  return { ...report, drifts };
}

/** A contact changes; returns what it is called now. */
let changes = 0;
function change(): { id: string; name: string } {
  const store = company.world.hubspot;
  const contact = [...store.all('contacts')].find(({ gone }) => !gone)!;
  const name = `Changed ${++changes}`;
  const properties = { ...(contact.record.properties as object), lastname: name };
  store.put('contacts', contact.id, { ...contact.record, properties }, now().getTime());
  return { id: contact.id, name };
}
const nameOf = async (id: string) => {
  const [row] = await db.sql<{ name: string }[]>`
    select payload::jsonb->'properties'->>'lastname' as name from record_version
    where source = 'hubspot' and stream = 'contacts' and id = ${id} order by valid_from desc limit 1`;
  return row!.name;
};
/** Past every lag of the index. */
const later = () => company.advance(10 * 60_000);
const people = async () =>
  (await db.sql<{ n: number }[]>`select count(*)::int as n from person where system = 'hubspot'`)[0]!.n;

beforeEach(() => company.faults.hubspot.clear());

describe('a fault that passes is tried again, and the cycle succeeds', () => {
  test.each<[FaultKind, number]>([
    ['latency', 0.5],
    ['reset', 0.25],
    ['resetMidBody', 0.25],
    ['stall', 0.15],
    ['truncated', 0.25],
    ['tooMany', 0.25],
    ['tooManySilent', 0.25],
    ['unavailable', 0.25],
    ['gatewayTimeout', 0.25],
  ])('%s', async (kind, share) => {
    const before = company.faults.hubspot.happened()[kind] ?? 0;
    const { id, name } = change();
    later();
    company.faults.hubspot.set({ [kind]: share });
    for (let n = 0; n < 5 && (company.faults.hubspot.happened()[kind] ?? 0) === before; n++)
      expect(await cycle()).toMatchObject({ state: 'SUCCESS', failures: [] });
    expect(company.faults.hubspot.happened()[kind]).toBeGreaterThan(before);
    expect(await nameOf(id)).toBe(name);
  });
});

describe('a fault that does not pass fails the streams by name, and loses nothing', () => {
  test.each<[FaultKind, RegExp]>([
    ['outage', /could not be reached|not reachable since/],
    ['html', /text\/html where JSON was expected/],
    ['revoked', /refused to renew the access/],
  ])('%s', async (kind, reason) => {
    const before = await people();
    const { id, name } = change();
    later();
    company.faults.hubspot.set({ [kind]: true });
    const report = await cycle();
    expect(report.state).toBe('FAILED');
    for (const failure of report.failures) expect(failure.reason).toMatch(reason);
    expect(await people()).toBe(before);
    company.faults.hubspot.clear();
    secrets.clear();
    expect(await cycle()).toMatchObject({ state: 'SUCCESS' });
    expect(await nameOf(id)).toBe(name);
  });
});

test('a token that ended early is fetched anew', async () => {
  const { id, name } = change();
  later();
  company.faults.hubspot.set({ expiredToken: 0.1 });
  for (let n = 0; n < 5; n++) await cycle();
  company.faults.hubspot.clear();
  expect(await cycle()).toMatchObject({ state: 'SUCCESS' });
  expect(await nameOf(id)).toBe(name);
});

test('a change that is shown late is found when it is shown', async () => {
  company.faults.hubspot.set({ late: true });
  const { id, name } = change();
  await cycle();
  expect(await nameOf(id)).not.toBe(name);
  company.advance(60_000);
  await cycle();
  expect(await nameOf(id)).toBe(name);
});

describe('a schema that drifted', () => {
  test.each<FaultKind>(['fieldRenamed', 'fieldRetyped', 'fieldGone'])(
    '%s: goes on with what it understands',
    async (kind) => {
      const before = await people();
      const { id, name } = change();
      later();
      company.faults.hubspot.set({ [kind]: true });
      const report = await cycle();
      expect(report.failures).toEqual([]);
      expect(await nameOf(id)).toBe(name);
      expect((await people()) + report.quarantined).toBeGreaterThanOrEqual(before);
      company.faults.hubspot.clear();
      expect(await cycle()).toMatchObject({ state: 'SUCCESS' });
      expect(await people()).toBe(before);
    },
  );
});
