/** Relations and restatements at the desk, on the company of tests/kpi/why: rights, bad input and one real restatement. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { rightsOf } from '../../../bot/access/roles.ts';
import { createAnswerCache } from '../../../bot/cache/answer-cache.ts';
import { createAnswerer } from '../../../bot/commands/answer-text.ts';
import { createNoteReader, type NoteReader } from '../../../bot/commands/notes.ts';
import { engine, openWhyCompany } from '../../kpi/why/why-company.ts';
import { quiet } from '../../run-cycle.ts';

let company: Awaited<ReturnType<typeof openWhyCompany>>;
let notes: NoteReader;
let now: Date;
beforeAll(async () => {
  company = await openWhyCompany();
  const { db } = company;
  const [row] = await db.sql<{ at: Date }[]>`select clock_timestamp() as at`;
  now = row!.at;
  const answerer = createAnswerer({ db, engine, cache: createAnswerCache(null, quiet), now: () => now });
  notes = createNoteReader({ db, engine, answerer, now: () => now });
});
afterAll(() => company.close());

const executive = rightsOf({ role: 'executive' });
const read = async (text: string, rights = executive, audience = rights) => {
  const found = notes.recognise(text);
  if (!found) throw new Error(`not recognised: ${text}`);
  const { reply, kpi } = await notes.read(found.request(), rights, audience);
  return { ...reply, kpi, text: reply.lines.join('\n').replaceAll('\u00a0', ' ') };
};

describe('two KPIs over time', () => {
  test('are refused with the one that the asker may not read, by name', async () => {
    const sales = rightsOf({ role: 'manager', areas: ['sales'] });
    await expect(read('does churn lead bookings', sales)).rejects.toThrow('Churn is a success KPI');
  });

  test('are for the asker alone where the audience may see one of them only', async () => {
    const note = await read('bookings vs churn', executive, rightsOf({ role: 'manager', areas: ['sales'] }));
    expect(note.visibility).toBe('asker');
    expect(note.text).toContain('the others here may not see success KPIs');
  });

  test('of which one never had a value are told as too little history', async () => {
    const { text } = await read('does csat lead churn');
    expect(text).toContain('Too little history to say: 0 months have both');
  });

  test('of which one never moves say which', async () => {
    const { text } = await read('does churned mrr lead reactivation mrr');
    expect(text).toContain('Reactivation MRR was the same in every month');
  });

  test('of a quarter are too few points', async () => {
    const { text } = await read('bookings against churn last quarter');
    expect(text).toContain('3 months have both');
    expect(text).toContain('18 are needed');
  });
});

test('retention of customers without any ticket has nothing to set apart', async () => {
  const { text } = await read('retention against ticket load last quarter');
  expect(text).toContain('Nothing to set apart: all 117 customers had any number of tickets');
});

test('customers that came by no campaign are said to', async () => {
  expect((await read('churn by campaign of origin last quarter')).text).toContain(
    'no customer is known to have come from a campaign',
  );
});

test('what changed since a day adds up, by kind of change', async () => {
  const { db } = company;
  await db.sql`update change_batch set committed_at = committed_at - interval '3 days'`;
  company.salesforce.put('deal', 'd1', 2, {
    account_id: 'sf0-0',
    owner: 'Ann',
    amount: 300_000,
    is_won: true,
    is_closed: true,
    created_on: '2026-08-01',
    closed_on: '2026-08-15',
    source: 'Event',
    product: 'Core',
    probability: 100,
  });
  await company.sync();
  const [row] = await db.sql<{ at: Date }[]>`select clock_timestamp() as at`;
  now = row!.at;
  const note = await read('what changed in bookings last quarter since yesterday');
  expect(note.title).toMatch(/^Bookings of Q3 2026: what changed since \d/);
  expect(note.text).toMatch(/was \$67,000 and is \$68,900 now\./);
  expect(note.text).toContain('Won value: +$1,900 = +$1,900 records that were corrected (1)');
});

test('what changed since the last digest needs one', async () => {
  await expect(read('why is Q3 churn different from last week’s digest')).rejects.toThrow(
    'No digest has been sent',
  );
});
