import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createAudit } from '../../../bot/access/audit.ts';
import { createDirectory } from '../../../bot/access/directory.ts';
import { createAnswerCache } from '../../../bot/cache/answer-cache.ts';
import { createAnswerer } from '../../../bot/commands/answer-text.ts';
import type { Desk, Incoming, Press, Reply, Verb } from '../../../bot/commands/command.ts';
import { createDesk } from '../../../bot/commands/desk.ts';
import { createGivenAnswers } from '../../../bot/commands/given-answers.ts';
import { createNoteReader } from '../../../bot/commands/notes.ts';
import { createTableReader } from '../../../bot/commands/tables.ts';
import { type Database, openDatabase } from '../../../db/client.ts';
import { builtIn } from '../../../kpi/catalogue.ts';
import type { EngineSettings } from '../../../kpi/settings.ts';
import { openTestDatabase, type TestDatabase } from '../../database.ts';
import { MemorySource } from '../../memory-source.ts';
import { consume, cycle, quiet } from '../../run-cycle.ts';

let home: TestDatabase;
let db: Database;
let desk: Desk;
/** Fails every write of the audit trail while true. */
let auditIsAway = false;
/** Fails every picture while true. */
let painterIsAway = false;
let requests = 0;

const now = new Date('2026-11-22T10:00:00Z');
const engine: EngineSettings = {
  calendar: { timeZone: 'UTC', weekStart: 'monday', fiscalYearStart: 'january' },
  currency: 'USD',
  minorPerUnit: 100,
  catalogue: builtIn,
  sources: [
    { name: 'billing', title: 'Billing' },
    { name: 'salesforce', title: 'Salesforce' },
  ],
};
const directory = createDirectory({
  people: {
    'slack:EXEC': { role: 'executive' },
    'slack:SALES': { role: 'manager', areas: ['sales'] },
    'slack:SUPPORT': { role: 'viewer', areas: ['support'] },
    'slack:ANALYST': { role: 'analyst' },
  },
  channels: { 'slack:BOARD': { role: 'executive' }, 'slack:GENERAL': { role: 'viewer', areas: ['support'] } },
  terminal: { role: 'executive' },
});

beforeAll(async () => {
  home = await openTestDatabase();
  db = openDatabase(home.url, { name: 'herald-test', max: 4 });
  const billing = new MemorySource('billing', ['account', 'subscription']);
  const salesforce = new MemorySource('salesforce', ['account', 'deal']);
  for (const id of ['1', '2', '3', '4']) {
    billing.put('account', id, 1, { name: `Firm ${id}`, domain: `firm${id}.example` });
    billing.put('subscription', id, 1, {
      account_id: id,
      subscription_id: id,
      mrr: 10_000,
      currency: 'USD',
      starts_on: '2026-01-01',
      ends_on: id === '1' ? '2026-08-15' : null,
    });
    salesforce.put('account', id, 1, {
      name: `Firm ${id}`,
      domain: `firm${id}.example`,
      region: 'EMEA',
      segment: 'SMB',
    });
  }
  await cycle(db, billing, now);
  await cycle(db, salesforce, now);
  await consume(db);
  const audit = createAudit(db);
  const answerer = createAnswerer({ db, engine, cache: createAnswerCache(null, quiet), now: () => now });
  desk = createDesk({
    answerer,
    directory,
    audit: async (entry) => {
      if (auditIsAway) throw new Error('the database is read-only');
      await audit(entry);
    },
    draw: async (answer, width) => {
      if (painterIsAway) throw new Error('no fonts');
      return { png: new Uint8Array([1]), alt: answer.sentence, width, height: 1 };
    },
    notes: createNoteReader({ db, engine, answerer, now: () => now }),
    tables: createTableReader({
      db,
      engine,
      answerer,
      now: () => now,
      linkOf: ({ system, id }) => `https://${system}.example/${id}`,
    }),
    tableExporters: {
      xlsx: async (table) => ({
        name: `${table.kind}.xlsx`,
        mime: 'application/x',
        bytes: new Uint8Array([table.rows.length]),
      }),
    },
    exporters: {
      xlsx: async (answer) => ({
        name: `${answer.kpi}.xlsx`,
        mime: 'application/x',
        bytes: new Uint8Array([1]),
      }),
    },
    given: createGivenAnswers(db),
    newId: () => `answer-${++requests}`,
    log: quiet,
  });
});
beforeEach(() => {
  auditIsAway = false;
  painterIsAway = false;
});
afterAll(async () => {
  await db.close();
  await home.close();
});

const place = (channel: string) =>
  ({ platform: 'slack', channel, kind: channel === 'DM' ? 'dm' : 'channel' }) as const;

function ask(text: string, who = 'EXEC', where = 'BOARD'): Promise<Reply> {
  const incoming: Incoming = {
    text,
    person: { platform: 'slack', id: who, name: who },
    place: place(where),
    requestId: `request-${++requests}`,
  };
  return desk.ask(incoming);
}

function press(answerId: string, verb: Verb, value?: string, who = 'EXEC', where = 'BOARD'): Promise<Reply> {
  const pressed: Press = {
    answerId,
    verb,
    ...(value === undefined ? {} : { value }),
    person: { platform: 'slack', id: who, name: who },
    place: place(where),
    requestId: `request-${++requests}`,
  };
  return desk.press(pressed);
}

function answered(reply: Reply): Extract<Reply, { kind: 'answer' }> {
  if (reply.kind !== 'answer') throw new Error(`no answer but ${JSON.stringify(reply)}`);
  return reply;
}

function refused(reply: Reply): Extract<Reply, { kind: 'problem' }> {
  if (reply.kind !== 'problem') throw new Error(`no problem but a ${reply.kind}`);
  return reply;
}

const lastAudit = async () =>
  (
    await db.sql<
      Record<'asker' | 'role' | 'place' | 'action' | 'kpi' | 'outcome' | 'trace' | 'text', string | null>[]
    >`select asker, role, place, action, kpi, outcome, trace, text from audit order by id desc limit 1`
  )[0];
const auditCount = async () => (await db.sql<{ n: number }[]>`select count(*)::int as n from audit`)[0]!.n;

describe('an answer', () => {
  test('carries the number', async () => {
    expect(answered(await ask('churn last quarter')).answer.value).toBe(25);
  });

  test('goes to the place when the place may see it', async () => {
    expect(answered(await ask('churn last quarter', 'EXEC', 'BOARD'))).toMatchObject({
      visibility: 'place',
      visibilityNote: null,
    });
  });

  test('goes to the asker alone where others may not see it, and says so', async () => {
    const reply = answered(await ask('churn last quarter', 'EXEC', 'GENERAL'));
    expect(reply.visibility).toBe('asker');
    expect(reply.visibilityNote).toBe('Only you can see this: the others here may not see success KPIs.');
  });

  test('goes to the asker alone in a channel that nobody classified', async () => {
    expect(answered(await ask('churn last quarter', 'EXEC', 'ELSEWHERE')).visibility).toBe('asker');
  });

  test('in a direct message needs no note', async () => {
    expect(answered(await ask('churn last quarter', 'EXEC', 'DM')).visibilityNote).toBeNull();
  });

  test('comes without a picture when none can be drawn', async () => {
    painterIsAway = true;
    expect(answered(await ask('churn last quarter'))).toMatchObject({ picture: null, answer: { value: 25 } });
  });
});

describe('the buttons', () => {
  const verbsOf = (reply: Reply) => answered(reply).actions.map(({ verb }) => verb);

  test('are five at most', async () => {
    expect(verbsOf(await ask('churn last quarter')).length).toBeLessThanOrEqual(5);
  });

  test('offer no share where the place may not see it', async () => {
    expect(verbsOf(await ask('churn last quarter', 'EXEC', 'GENERAL'))).not.toContain('share');
  });

  test('offer an export only to who may', async () => {
    expect(verbsOf(await ask('churn last quarter', 'ANALYST', 'DM'))).toContain('export');
    expect(verbsOf(await ask('tickets created last month', 'SUPPORT', 'DM'))).not.toContain('export');
  });

  test('split the same question', async () => {
    const first = answered(await ask('churn last quarter'));
    const split = answered(await press(first.answerId, 'by', 'segment'));
    expect(split.answer.question).toMatchObject({
      kpi: 'churn',
      by: 'segment',
      period: first.answer.question.period,
    });
  });

  test('compare it with last year, then with the previous period', async () => {
    const first = answered(await ask('churn last quarter'));
    const yearAgo = answered(await press(first.answerId, 'compare'));
    const previous = answered(await press(yearAgo.answerId, 'compare'));
    expect([yearAgo, previous].map(({ answer }) => answer.question.comparison?.kind)).toEqual([
      'last_year',
      'previous',
    ]);
  });

  test('refuse a dimension that the KPI does not have', async () => {
    const { answerId } = answered(await ask('churn last quarter'));
    expect(refused(await press(answerId, 'by', 'priority')).problem.kind).toBe('ask');
  });

  test('of an answer that is gone ask to be asked again', async () => {
    expect(refused(await press('never-given', 'compare')).problem.message).toContain(
      'too old for its buttons',
    );
  });

  test('export a document for the asker alone', async () => {
    const { answerId } = answered(await ask('churn last quarter'));
    expect(await press(answerId, 'export', 'xlsx')).toMatchObject({ kind: 'document', visibility: 'asker' });
  });

  test('share where the place may see it', async () => {
    const { answerId } = answered(await ask('churn last quarter', 'EXEC', 'DM'));
    expect(answered(await press(answerId, 'share', undefined, 'EXEC', 'BOARD')).visibility).toBe('place');
  });
});

describe('rights are read again when a button is pressed', () => {
  test.each(['by', 'compare', 'share', 'export', 'define', 'why'] as const)(
    '%s by somebody who may not see the KPI is refused',
    async (verb) => {
      const { answerId } = answered(await ask('churn last quarter'));
      const value = verb === 'by' ? 'segment' : verb === 'export' ? 'xlsx' : undefined;
      expect(refused(await press(answerId, verb, value, 'SALES')).problem.kind).toBe('access');
    },
  );

  test('share into a place that may not see it is refused, naming what is missing', async () => {
    const { answerId } = answered(await ask('churn last quarter', 'EXEC', 'DM'));
    const { problem } = refused(await press(answerId, 'share', undefined, 'EXEC', 'GENERAL'));
    expect(problem.message).toBe(
      'This place may not see Churn (success). Share it where everybody has read:success.',
    );
  });

  test('export by a role without it is refused', async () => {
    const { answerId } = answered(await ask('tickets created last month', 'SUPPORT', 'DM'));
    expect(refused(await press(answerId, 'export', 'xlsx', 'SUPPORT', 'DM')).problem.message).toBe(
      'Your role (viewer) may not export. Ask your administrator.',
    );
  });
});

describe('a refusal', () => {
  test('names the KPI, its area, what one may ask and whom to turn to', async () => {
    expect(refused(await ask('mrr', 'SUPPORT')).problem.message).toBe(
      'MRR is a finance KPI, and your role (viewer) does not include finance. You can ask about support. Ask your administrator for read:finance.',
    );
  });

  test('suggests only what this person may see', async () => {
    const { problem } = refused(await ask('mrr', 'SUPPORT'));
    expect(problem.suggestions.length).toBeGreaterThan(0);
    for (const suggestion of problem.suggestions)
      expect((await ask(suggestion, 'SUPPORT')).kind).toBe('answer');
  });

  test('tells a stranger how to become known', async () => {
    const { problem } = refused(await ask('churn last quarter', 'STRANGER'));
    expect([problem.kind, problem.message]).toEqual([
      'access',
      'You are not known to Herald yet, so it cannot show you Churn. Ask your administrator to give you a role.',
    ]);
  });

  test('gives no number away', async () => {
    expect(JSON.stringify(await ask('churn last quarter', 'SALES'))).not.toMatch(/\b25\b/);
  });

  test('of a question that is not understood comes with buttons that run', async () => {
    const reply = refused(await ask('gibberish galore'));
    expect(reply.problem.kind).toBe('ask');
    expect(reply.actions.every(({ verb, value }) => verb === 'ask' && value)).toBe(true);
  });
});

describe('the audit trail', () => {
  test('has one row per answer: who, where, what', async () => {
    const before = await auditCount();
    await ask('churn last quarter', 'ANALYST', 'BOARD');
    expect(await auditCount()).toBe(before + 1);
    expect(await lastAudit()).toMatchObject({
      asker: 'ANALYST',
      role: 'analyst',
      place: 'channel:BOARD',
      action: 'ask',
      kpi: 'churn',
      outcome: 'answered',
      text: 'churn last quarter',
    });
  });

  test.each([
    ['churn last quarter', 'SALES', 'refused'],
    ['gibberish galore', 'EXEC', 'not_understood'],
    ['help', 'EXEC', 'answered'],
    ['define churn', 'EXEC', 'answered'],
  ])('"%s" by %s is kept as %s', async (text, who, outcome) => {
    const before = await auditCount();
    await ask(text, who);
    expect([(await auditCount()) - before, (await lastAudit())?.outcome]).toEqual([1, outcome]);
  });

  test('has one row per press, under its verb', async () => {
    const { answerId } = answered(await ask('churn last quarter'));
    const before = await auditCount();
    await press(answerId, 'compare');
    expect([(await auditCount()) - before, (await lastAudit())?.action]).toEqual([1, 'compare']);
  });

  test('when it cannot be written, the answer is withheld', async () => {
    auditIsAway = true;
    const { problem } = refused(await ask('churn last quarter'));
    expect(problem.kind).toBe('upstream');
    expect(problem.message).toContain('the answer is withheld');
  });

  test('when it cannot be written, an export is withheld', async () => {
    const { answerId } = answered(await ask('churn last quarter'));
    auditIsAway = true;
    expect((await press(answerId, 'export', 'xlsx')).kind).toBe('problem');
  });

  test('when it cannot be written, help still comes', async () => {
    auditIsAway = true;
    expect((await ask('help')).kind).toBe('note');
  });
});

describe('completion', () => {
  test('offers only what the person may ask', async () => {
    const offered = (who: string) => desk.complete('mr', { platform: 'slack', id: who, name: who });
    expect([await offered('EXEC'), await offered('SUPPORT')]).toEqual([expect.arrayContaining(['mrr']), []]);
  });
});

describe('a table', () => {
  function tabled(reply: Reply): Extract<Reply, { kind: 'table' }> {
    if (reply.kind !== 'table') throw new Error(`no table but ${JSON.stringify(reply)}`);
    return reply;
  }

  test.each([
    ['retention cohorts this year', 'cohorts', 'Customer retention by cohort'],
    ['churn by cohort', 'cohorts', 'Customer retention by cohort'],
    ['cohort retention by quarter', 'cohorts', 'by quarter'],
    ['revenue retention cohorts last 12 months', 'cohorts', 'Revenue retention by cohort'],
    ['retention cohorts segment SMB', 'cohorts', 'segment SMB at the start'],
    ['funnel last quarter', 'funnel', 'Funnel from Lead to Customer · entered in Q3 2026 · within 90 days'],
    [
      'funnel from mql to customer last month within 2 weeks by source',
      'funnel',
      'within 14 days · by source',
    ],
    ['records behind churn last quarter', 'records', 'Churn · Q3 2026'],
    ['show the customers behind churn in SMB last quarter', 'records', 'segment SMB'],
  ])('is what "%s" asks for', async (text, kind, reading) => {
    const { table, visibility } = tabled(await ask(text));
    expect([table.kind, visibility]).toEqual([kind, 'place']);
    expect(table.reading).toContain(reading);
  });

  test('of cohorts has the customers of the ledger', async () => {
    const { table } = tabled(await ask('retention cohorts January 2026'));
    expect(table.rows[0]!.slice(0, 12)).toEqual([
      'January 2026',
      4,
      100,
      100,
      100,
      100,
      100,
      100,
      100,
      100,
      75,
      75,
    ]);
    expect(table.sentence).toMatch(/^100\s% of customers still paid after 3 months and 100\s% after 6\./);
  });

  test('is not what a KPI with such a word in its name asks for', async () => {
    expect((await ask('funnel conversion last quarter')).kind).toBe('answer');
  });

  test.each([
    'retention cohorts vs last year',
    'retention cohorts by week',
    'retention cohorts by segment',
    'funnel from customer to lead',
    'funnel within 5000 days',
    'funnel of unicorns',
  ])('that cannot be, as in "%s", is refused with ones that can', async (text) => {
    const { problem } = refused(await ask(text));
    expect(problem.kind).toBe('ask');
    expect(problem.suggestions.length).toBeGreaterThan(0);
    for (const suggestion of problem.suggestions) expect((await ask(suggestion)).kind).not.toBe('problem');
  });

  test('is private where the place may not see its area, and refused to whoever may not', async () => {
    const there = tabled(await ask('retention cohorts', 'EXEC', 'GENERAL'));
    expect([there.visibility, there.visibilityNote]).toEqual([
      'asker',
      'Only you can see this: the others here may not see success KPIs.',
    ]);
    expect(refused(await ask('retention cohorts', 'SUPPORT', 'DM')).problem.kind).toBe('access');
    expect(refused(await ask('records behind churn last quarter', 'SUPPORT', 'DM')).problem.kind).toBe(
      'access',
    );
    expect(refused(await ask('funnel last quarter', 'SALES', 'DM')).problem.kind).toBe('access');
  });

  test('of records is a button of an answer, with links into the record’s system', async () => {
    const { answerId, actions } = answered(await ask('churn last quarter'));
    expect(actions.map(({ verb }) => verb)).toContain('records');
    const { table, picture } = tabled(await press(answerId, 'records'));
    expect(table.links[0]).toBe('https://billing.example/1');
    expect(picture).toBeNull();
    expect(refused(await press(answerId, 'records', undefined, 'SUPPORT', 'DM')).problem.kind).toBe('access');
  });

  test('can be exported whole, and leaves audit rows', async () => {
    const { answerId } = tabled(await ask('records behind customers last quarter'));
    const exported = await press(answerId, 'export', 'xlsx');
    expect(exported).toMatchObject({ kind: 'document', document: { name: 'records.xlsx' } });
    const [row] = await db.sql`select action, kpi, outcome from audit order by at desc limit 1`;
    expect(row).toEqual({ action: 'export', kpi: 'customers', outcome: 'answered' });
  });

  test('that leaves no trace does not leave the house', async () => {
    auditIsAway = true;
    expect(refused(await ask('retention cohorts')).problem.kind).toBe('upstream');
  });
});
