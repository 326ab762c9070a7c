import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Database, openDatabase } from '../../../db/client.ts';
import { fieldsOf, without } from '../../../sync/drift/fields.ts';
import { watchDrift, watchRefusal } from '../../../sync/drift/watch-drift.ts';
import { ReadFault, RecordFault, type SourceRecord, type Stream } from '../../../sync/source.ts';
import { openTestDatabase, type TestDatabase } from '../../database.ts';

let home: TestDatabase;
let db: Database;
let now: Date;

beforeEach(async () => {
  home = await openTestDatabase();
  db = openDatabase(home.url, { name: 'herald-test', max: 2 });
  now = new Date('2026-11-22T09:41:20Z');
});
afterEach(async () => {
  await db.close();
  await home.close();
});

const stream: Stream = {
  name: 'Opportunity',
  table: 'deal',
  lanes: ['backfill'],
  unify(raw) {
    const { Amount, Owner } = raw as { Amount?: unknown; Owner?: { Name?: string } };
    if (Amount !== null && typeof Amount !== 'number') throw new RecordFault('Amount: expected number');
    return { amount: Amount, owner: Owner?.Name ?? null };
  },
};
const usual = { Amount: 5, Owner: { Name: 'Ann' }, Note: 'n' };

function batch(n: number, record: object, quarantined = 0): Promise<string[]> {
  const records = Array.from(
    { length: n },
    (_, i): SourceRecord => ({ op: 'upsert', id: `${i}`, version: 1, payload: JSON.stringify(record) }),
  );
  return watchDrift(db, {
    source: { name: 'salesforce', title: 'Salesforce' },
    stream,
    records,
    changed: n,
    quarantined,
    now,
  });
}
const open = async () =>
  (
    await db.sql<
      { rule: string; subject: string }[]
    >`select rule, subject from quality_finding where resolved_at is null order by 1, 2`
  ).map(({ rule, subject }) => `${rule} ${subject}`);

describe('a stream whose form stays', () => {
  test('says nothing, with empty values and without', async () => {
    await batch(100, usual);
    expect(await batch(30, { ...usual, Amount: null })).toEqual([]);
    expect(await batch(30, usual)).toEqual([]);
  });

  test('that is not known yet says nothing: its first records are its form', async () => {
    expect(await batch(3, usual)).toEqual([]);
    expect(await batch(3, { ...usual, Stage: 'x' })).toEqual([]);
  });
});

describe('a field that the mapping needs', () => {
  beforeEach(() => batch(100, usual));

  test('changed its type: said once, with what it was, what it is and since when', async () => {
    expect(await batch(6, { ...usual, Amount: '5' })).toEqual([
      'Salesforce Opportunity: Amount was number, is text since 2026-11-22 09:41 UTC.',
    ]);
    expect(await batch(6, { ...usual, Amount: '5' })).toEqual([]);
    expect(await open()).toEqual(['field_retyped Opportunity.Amount']);
  });

  test('is missing: said after five records, with what may be behind it', async () => {
    const { Amount, ...rest } = usual;
    expect(await batch(4, rest)).toEqual([]);
    expect(await batch(1, rest)).toEqual([
      "Salesforce Opportunity: Amount is missing since 2026-11-22 09:41 UTC: removed, renamed, or hidden from Herald's user.",
    ]);
    expect(await open()).toEqual(['field_gone Opportunity.Amount']);
  });

  test('inside another one is missing', async () => {
    await batch(5, { ...usual, Owner: {} });
    expect(await open()).toEqual(['field_gone Opportunity.Owner.Name']);
  });

  test('that is back as it was resolves the finding', async () => {
    await batch(6, { ...usual, Amount: '5' });
    await batch(6, usual);
    expect(await open()).toEqual([]);
  });
});

describe('a field that no number needs', () => {
  beforeEach(() => batch(100, usual));

  test('is noted when it appears, and for a week', async () => {
    expect(await batch(1, { ...usual, Stage: 'x' })).toEqual([
      'Salesforce Opportunity: Stage is new since 2026-11-22 09:41 UTC.',
    ]);
    expect(await open()).toEqual(['field_appeared Opportunity.Stage']);
    now = new Date('2026-11-30T09:41:20Z');
    await batch(1, { ...usual, Stage: 'x' });
    expect(await open()).toEqual([]);
  });

  test('is noted, not warned of, when it goes', async () => {
    const { Note, ...rest } = usual;
    await batch(5, rest);
    expect(await open()).toEqual(['other_field_changed Opportunity.Note']);
  });
});

describe('a batch', () => {
  test('of which most records are not understood is one finding', async () => {
    const [said] = await batch(40, { ...usual, Amount: 'x' }, 30);
    expect(said).toContain('Salesforce Opportunity: 30 of 40 records are not understood');
    expect(await open()).toContain('batch_not_understood Opportunity');
    await batch(40, usual, 1);
    expect(await open()).not.toContain('batch_not_understood Opportunity');
  });

  test('of which few are not understood is none', async () => {
    await batch(40, usual, 19);
    await batch(100, usual, 40);
    expect(await open()).toEqual([]);
  });
});

test('a stream that the system hides is a finding with the system’s word; any other failure is not', async () => {
  const given = { source: { name: 'salesforce', title: 'Salesforce' }, stream, now };
  const hidden = new ReadFault(
    'permission_denied',
    'Salesforce hides Opportunity.Amount from Herald’s user.',
  );
  expect(await watchRefusal(db, given, hidden)).toContain('hides Opportunity.Amount');
  expect(await watchRefusal(db, given, new ReadFault('transient', 'later'))).toBeNull();
  expect(await open()).toEqual(['fields_hidden Opportunity']);
});

describe('fields', () => {
  test('are found to three levels, and within bounds', () => {
    expect([...fieldsOf({ a: 1, b: { c: { d: { e: 1 } } }, l: [1], n: null })]).toEqual([
      ['a', 'number'],
      ['b.c.d', 'object'],
      ['l', 'list'],
      ['n', null],
    ]);
    expect(fieldsOf(Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`f${i}`, i]))).size).toBe(300);
  });

  test('are left out by their path, dots in names included', () => {
    expect(without({ 'a.b': 1, a: { b: 2, c: 3 } }, 'a.b')).toEqual({ a: { c: 3 } });
  });
});
