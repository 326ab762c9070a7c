import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { explainMatch, readMatch } from '../../cli/explain-match.ts';
import { lineage } from '../../cli/lineage.ts';
import { type Database, openDatabase } from '../../db/client.ts';
import { offset } from '../../kpi/calendar.ts';
import { builtIn } from '../../kpi/catalogue.ts';
import { answer } from '../../kpi/engine.ts';
import { parseFormula, reads } from '../../kpi/formula.ts';
import type { Filter, Period } from '../../kpi/question.ts';
import { readLineage } from '../../kpi/read/lineage.ts';
import type { EngineSettings } from '../../kpi/settings.ts';
import { openVerbHome, type VerbHome } from '../cli/run-verb.ts';
import { openTestDatabase, type TestDatabase } from '../database.ts';
import { MemorySource } from '../memory-source.ts';
import { consume, cycle } from '../run-cycle.ts';

let home: TestDatabase;
let db: Database;
let terminal: VerbHome;
const now = new Date('2026-11-22T10:00:00Z');
const zone = 'Pacific/Auckland';
const settings: EngineSettings = {
  calendar: { timeZone: zone, weekStart: 'monday', fiscalYearStart: 'january' },
  currency: 'USD',
  minorPerUnit: 100,
  catalogue: builtIn,
  sources: [],
};
const q3: Period = {
  from: '2026-07-01',
  to: '2026-10-01',
  label: 'Q3 2026',
  complete: true,
  unit: 'quarter',
  count: 1,
};

/** A repeatable number below `n`. */
function chance(seed: number) {
  let state = seed;
  return (n: number) => {
    state = (state * 48_271) % 2_147_483_647;
    return state % n;
  };
}
const day = (at: number) => new Date(Date.UTC(2025, 6, 1) + at * 86_400_000).toISOString().slice(0, 10);

beforeAll(async () => {
  home = await openTestDatabase();
  db = openDatabase(home.url, { name: 'herald-test', max: 2 });
  const yaml = `
company: { timeZone: ${zone} }
sources:
  salesforce: { baseUrl: 'https://acme.my.salesforce.com/', clientId: a, clientSecret: b }
  zendesk: { baseUrl: 'https://acme.zendesk.com', email: a, apiToken: b }
`;
  terminal = openVerbHome(home.url, now, yaml);
  const billing = new MemorySource('billing', ['account', 'subscription', 'invoice']);
  const salesforce = new MemorySource('salesforce', ['account', 'deal', 'deal_stage']);
  const zendesk = new MemorySource('zendesk', ['ticket', 'ticket_event']);
  const pick = chance(7);
  for (let i = 0; i < 30; i++) {
    billing.put('account', `${i}`, 1, { name: `Firm ${i}`, domain: `firm${i}.example` });
    const segment = i % 3 ? 'SMB' : 'Enterprise';
    salesforce.put('account', `001${i}`, 1, { name: `Firm ${i}`, domain: `www.firm${i}.example`, segment });
    // One, two or three spans, each at another price and plan, the last perhaps ended.
    let starts = pick(300);
    for (let part = 0; part <= pick(3); part++) {
      const ends = starts + 30 + pick(150);
      billing.put('subscription', `s${i}-${part}`, 1, {
        account_id: `${i}`,
        subscription_id: `s${i}`,
        plan: ['Starter', 'Growth'][pick(2)]!,
        mrr: 1_000 + pick(90_000),
        starts_on: day(starts),
        ends_on: pick(3) ? day(ends) : null,
      });
      starts = ends + (pick(2) ? 0 : 20);
    }
  }
  for (let i = 0; i < 200; i++) {
    const created = pick(500);
    const closed = pick(2) === 1;
    salesforce.put('deal', `006Qy${String(i).padStart(10, '0')}`, 1, {
      account_id: `001${pick(30)}`,
      amount: pick(10) ? pick(9_000_000) : null,
      is_closed: closed,
      is_won: closed && pick(2) === 1,
      created_on: day(created),
      closed_on: day(created + pick(90)),
      probability: pick(100),
      source: ['Event', 'Web'][pick(2)]!,
    });
    for (let step = 0; step <= pick(4); step++)
      salesforce.put('deal_stage', `h${i}-${step}`, 1, {
        deal_id: `006Qy${String(i).padStart(10, '0')}`,
        stage: ['Discovery', 'Proposal', 'Negotiation', 'Won'][step]!,
        probability: [10, 40, 70, 100][step]!,
        entered_at: `${day(created + 7 * step)}T10:00:00Z`,
        close_on: day(created + pick(90)),
      });
    billing.put('invoice', `i${i}`, 1, {
      account_id: `${pick(30)}`,
      issued_on: day(created),
      due_on: day(created + 30),
      paid_on: pick(2) ? day(created + pick(60)) : null,
      amount: pick(500_000),
      status: pick(9) ? 'open' : 'void',
    });
    const opened = Date.UTC(2026, 5, 1) + pick(130 * 86_400) * 1000;
    zendesk.put('ticket', `${i}`, 1, {
      created_at: new Date(opened).toISOString(),
      solved_at: pick(3) ? new Date(opened + pick(500_000) * 1000).toISOString() : null,
      replies: pick(4),
      reopens: pick(2),
      first_replied_at: new Date(opened + 600_000).toISOString(),
      first_reply_business_minutes: pick(900),
    });
    zendesk.put('ticket_event', `e${i}`, 1, {
      ticket_id: `${i}`,
      metric: 'reply_time',
      kind: pick(3) ? 'fulfill' : 'breach',
      at: new Date(opened + 3_600_000).toISOString(),
    });
  }
  for (const source of [billing, salesforce, zendesk]) await cycle(db, source, now);
  await consume(db, zone);
});
afterAll(async () => {
  terminal.close();
  await db.close();
  await home.close();
});

async function both(kpi: string, filters: Filter[] = [], period: Period = q3) {
  const question = {
    kpi,
    period,
    comparison: null,
    by: null,
    top: null,
    filters,
    asOf: null,
    reading: kpi,
    repairs: [],
  };
  const answered = await answer(db, question, settings, now);
  const input = { period, filters, timeZone: zone, most: 1_000_000, catalogue: builtIn };
  return { answered, parts: await readLineage(db.sql, builtIn.kpiByName.get(kpi)!, input) };
}

const added = (values: readonly { value: number }[]) => values.reduce((sum, { value }) => sum + value, 0);
const countOf = ({ name, count, total }: { name: string; count: number; total: number | null }) => ({
  name,
  count,
  total,
});
/** Sums of records; formulas over other KPIs lead to those KPIs' records instead. */
const summed = builtIn.kpis
  .filter(
    ({ formula }) =>
      formula.kind === 'span' ||
      (formula.kind === 'arithmetic' &&
        reads(parseFormula(formula.text)).every((read) => read.what !== 'kpi')),
  )
  .map((kpi) => kpi.name);

describe('the records behind a number', () => {
  test.each(summed)('add up to each part of %s', async (kpi) => {
    const { answered, parts } = await both(kpi);
    expect(parts.map((part) => part.name)).toEqual(answered.components.map((component) => component.name));
    parts.forEach((part, at) => {
      const { value } = answered.components[at]!;
      const total = added(part.records);
      expect(part.records).toHaveLength(part.count);
      expect(part.total).toBe(total);
      // Where there was never a record the answer says "unknown" and not 0.
      expect(part.unit === 'money' ? total / settings.minorPerUnit : total).toBe(value ?? 0);
    });
  });

  /** Parts that stand for a figure of their own: a sum each, or as many records as it was taken from. */
  const counted = builtIn.kpis
    .filter(({ formula }) => ['percentile', 'distinct', 'stages'].includes(formula.kind))
    .map((kpi) => kpi.name);

  test.each(counted)('are as many as %s was taken from', async (kpi) => {
    const { answered, parts } = await both(kpi);
    parts.forEach((part, at) => {
      expect(part.records).toHaveLength(part.count);
      expect(part.count).toBe(answered.components[at]!.value ?? 0);
    });
  });

  const composite = builtIn.kpis
    .filter(
      ({ formula }) =>
        formula.kind === 'arithmetic' &&
        reads(parseFormula(formula.text)).some((read) => read.what === 'kpi'),
    )
    .map((kpi) => kpi.name);

  test.each(composite)('of %s are those of what its formula names, each over its own days', async (kpi) => {
    const { formula } = builtIn.kpiByName.get(kpi)!;
    const expected: unknown[] = [];
    for (const read of reads(parseFormula((formula as { text: string }).text))) {
      if (read.what !== 'kpi') {
        expected.push(...(await both(kpi)).parts.filter((part) => !part.label.includes(': ')).map(countOf));
        continue;
      }
      const from = read.months === undefined ? q3.from : offset(q3.to, 'month', -read.months);
      expected.push(...(await both(read.measure, [], { ...q3, from })).parts.map(countOf));
    }
    const { parts } = await both(kpi);
    for (const part of parts) {
      expect(part.records).toHaveLength(part.count);
      if (part.total !== null) expect(added(part.records)).toBe(part.total);
      expect(expected).toContainEqual(countOf(part));
    }
  });

  test('of every other KPI are told by what they are: what is divided, followed or paid', async () => {
    const rest = builtIn.kpis.filter(({ name }) => ![...summed, ...counted, ...composite].includes(name));
    for (const { name } of rest) {
      const { parts } = await both(name);
      expect([name, parts.length > 0]).toEqual([name, true]);
      for (const part of parts) expect([name, part.records.length]).toEqual([name, part.count]);
    }
  });

  test('of a formula over other KPIs are the records of those, under their names', async () => {
    const { parts } = await both('arpa');
    expect(parts.map((part) => part.label)).toEqual(['MRR at the end', 'Customers: active customers']);
    const { answered } = await both('customers');
    expect(parts[1]!.total).toBe(answered.value);
  });

  test('are not nothing, for the figures that this company has', async () => {
    for (const kpi of [
      'churn',
      'mrr',
      'bookings',
      'sla_attainment',
      'nrr',
      'stage_conversion',
      'slip_rate',
    ]) {
      const { answered, parts } = await both(kpi);
      expect(answered.value).not.toBeNull();
      expect(Math.max(...parts.map((part) => part.count))).toBeGreaterThan(0);
    }
  });

  test.each([
    ['win_rate', 'source', 'Event'],
    ['churn', 'segment', 'SMB'],
    ['churn', 'plan', 'Growth'],
    ['mrr', 'plan', 'Starter'],
  ] as const)('of %s where %s is %s add up as well', async (kpi, dimension, value) => {
    const { answered, parts } = await both(kpi, [{ dimension, values: [value] }]);
    parts.forEach((part, at) => {
      const total = added(part.records);
      expect(total).toBeGreaterThan(0);
      expect(part.unit === 'money' ? total / 100 : total).toBe(answered.components[at]!.value);
    });
  });

  test('of a percentile are as many as it was taken from', async () => {
    const percentile = builtIn.kpis.find(
      (kpi) => kpi.formula.kind === 'percentile' && kpi.formula.table === 'ticket',
    )!;
    const { answered, parts } = await both(percentile.name);
    expect(parts[0]!.count).toBeGreaterThan(0);
    expect(parts[0]!.count).toBe(answered.components[0]!.value);
  });

  test('are cut to the largest, while count and total stay those of all', async () => {
    const whole = (await both('bookings')).parts[0]!;
    const input = { period: q3, filters: [], timeZone: zone, most: 3, catalogue: builtIn };
    const [part] = await readLineage(db.sql, builtIn.kpiByName.get('bookings')!, input);
    expect(part).toMatchObject({ total: whole.total, count: whole.count });
    expect(part!.records).toEqual(whole.records.slice(0, 3));
  });

  test('name a lost customer with every subscription record that says so', async () => {
    const lost = (await both('churn')).parts.find((part) => part.name === 'lost_customers')!;
    const kept = await db.sql<
      { id: string }[]
    >`select s.id from subscription s join company c on c.id = s.company where c.name = ${lost.records[0]!.name} order by s.id`;
    expect(lost.records[0]!.origins.map((origin) => origin.id).sort()).toEqual(kept.map((row) => row.id));
  });

  test('of an SLA event lead to its ticket', async () => {
    const [event] = (await both('sla_attainment')).parts.flatMap((part) => part.records);
    expect(event!.origins[0]).toMatchObject({
      table: 'ticket_event',
      parent: event!.origins[0]!.id.slice(1),
    });
  });
});

describe('herald lineage', () => {
  test('links each record into its system', async () => {
    const { out } = await terminal.run(lineage, 'win', 'rate', 'Q3', '2026', '--most', '2');
    expect(out).toMatch(/^Win rate · Q3 2026: /);
    expect(out).toMatch(/\thttps:\/\/acme\.my\.salesforce\.com\/006Qy\d{10}\n/);
  });

  test('as JSON carries parts, records and links', async () => {
    const { out } = await terminal.run(
      lineage,
      'sla_attainment',
      'Q3',
      '2026',
      '--format',
      'json',
      '--most',
      '1',
    );
    const { parts } = JSON.parse(out) as { parts: { records: { origins: { link: string }[] }[] }[] };
    expect(parts[0]!.records[0]!.origins[0]!.link).toMatch(
      /^https:\/\/acme\.zendesk\.com\/agent\/tickets\/\d+$/,
    );
  });

  test('as of a past day is refused: records are read as they are', async () => {
    await expect(terminal.run(lineage, 'bookings Q3 2026 as of yesterday')).rejects.toThrow('as of');
  });
});

describe('herald explain-match', () => {
  test('names every record of the company and why each belongs to it', async () => {
    const { records } = await readMatch(db.sql, 'billing', '5');
    expect(records.map(({ system, id, reason }) => [system, id, reason])).toEqual([
      ['billing', '5', 'domain firm5.example'],
      ['salesforce', '0015', 'own id'],
    ]);
  });

  test('marks the record that was asked for', async () => {
    const { lines } = await terminal.run(explainMatch, 'salesforce', '0015');
    expect(lines.filter((line) => line.startsWith('→'))).toEqual([
      '→ salesforce\t0015\tFirm 5\twww.firm5.example\town id',
    ]);
  });

  test('of an id that nobody has is refused', async () => {
    await expect(terminal.run(explainMatch, 'salesforce', 'x')).rejects.toThrow('no account x');
  });
});
