import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createAudit } from '../../../bot/access/audit.ts';
import { createDirectory } from '../../../bot/access/directory.ts';
import { createAnswerCache } from '../../../bot/cache/answer-cache.ts';
import { createAnswerer } from '../../../bot/commands/answer-text.ts';
import type { Desk, Place, Reply, Verb } from '../../../bot/commands/command.ts';
import { createDesk } from '../../../bot/commands/desk.ts';
import { createGivenAnswers } from '../../../bot/commands/given-answers.ts';
import { createNoteReader } from '../../../bot/commands/notes.ts';
import { createTableReader } from '../../../bot/commands/tables.ts';
import { askedWhy } from '../../../bot/commands/why.ts';
import { kpis } from '../../../kpi/definitions/index.ts';
import { engine, now, openWhyCompany } from '../../kpi/why/why-company.ts';
import { quiet } from '../../run-cycle.ts';

let company: Awaited<ReturnType<typeof openWhyCompany>>;
let desk: Desk;
let asked = 0;

beforeAll(async () => {
  company = await openWhyCompany();
  const { db } = company;
  let answers = 0;
  const answerer = createAnswerer({ db, engine, cache: createAnswerCache(null, quiet), now: () => now });
  desk = createDesk({
    answerer,
    directory: createDirectory({
      people: { 'slack:EXEC': { role: 'executive' }, 'slack:SALES': { role: 'manager', areas: ['sales'] } },
      channels: { 'slack:BOARD': { role: 'executive' } },
      terminal: { role: 'executive' },
    }),
    audit: createAudit(db),
    notes: createNoteReader({ db, engine, answerer, now: () => now }),
    tables: createTableReader({ db, engine, answerer, now: () => now, linkOf: () => null }),
    tableExporters: {},
    draw: async () => ({ png: new Uint8Array(), alt: '', width: 1, height: 1 }),
    exporters: {},
    given: createGivenAnswers(db),
    newId: () => `answer-${answers++}`,
    log: quiet,
  });
});
afterAll(() => company.close());

const dm: Place = { platform: 'slack', channel: 'D1', kind: 'dm' };
const board: Place = { platform: 'slack', channel: 'BOARD', kind: 'channel' };
const general: Place = { platform: 'slack', channel: 'GENERAL', kind: 'channel' };
const person = (id: string) => ({ platform: 'slack', id, name: id }) as const;
const ask = (text: string, who = 'EXEC', place = dm) =>
  desk.ask({ text, person: person(who), place, requestId: `r${asked++}` });
const press = (answerId: string, verb: Verb, who = 'EXEC', place = dm) =>
  desk.press({ answerId, verb, person: person(who), place, requestId: `r${asked++}` });

function noteOf(reply: Reply) {
  if (reply.kind !== 'note') throw new Error(`expected a note, got ${JSON.stringify(reply)}`);
  return { ...reply, text: reply.lines.join('\n').replaceAll('\u00a0', ' ') };
}
function answerOf(reply: Reply) {
  if (reply.kind !== 'answer') throw new Error(`expected an answer, got ${JSON.stringify(reply)}`);
  return reply;
}

describe('why did churn rise last quarter', () => {
  test.each([
    'why did churn rise last quarter',
    'why churn last quarter',
    'Why is churn up last quarter?',
    'what drove churn last quarter?',
  ])('is understood as "%s"', async (text) => {
    const note = noteOf(await ask(text));
    expect(note.title).toBe('Churn: what makes up the rise');
    expect(note.text).toMatch(/SMB \(segment\) makes up 9\d % of the rise\./);
  });

  test('shows the parts with their own figures, what they add, and how it was computed', async () => {
    const { text } = noteOf(await ask('why churn last quarter'));
    expect(text).toMatch(
      /^SMB: 2\.5 % → 23\.1 %, \+6\.9 pp \(9\d % of the rise; rate \+6\.\d pp, mix .0\.0 pp\)$/m,
    );
    expect(text).toContain('How: Each part adds its changed rate');
    expect(text).toContain('not what caused it');
  });

  test('goes on with breakdowns that ask the very same question', async () => {
    const note = noteOf(await ask('why churn last quarter'));
    const [bySegment] = note.actions;
    expect(bySegment).toMatchObject({ verb: 'ask', label: 'By segment' });
    const reply = answerOf(await ask(bySegment!.value!));
    expect(reply.answer.question).toMatchObject({ kpi: 'churn', by: 'segment' });
    expect(reply.answer.period.label).toBe('Q3 2026');
    expect(reply.answer.comparison!.period.label).toBe('Q2 2026');
  });

  test('leaves an audit row of its own', async () => {
    await ask('why churn last quarter');
    const [row] = await company.db.sql<
      { action: string; kpi: string; outcome: string }[]
    >`select action, kpi, outcome from audit order by at desc limit 1`;
    expect({ ...row }).toEqual({ action: 'why', kpi: 'churn', outcome: 'answered' });
  });
});

test('a broad-based move is told as one', async () => {
  expect(noteOf(await ask('why did bookings grow from 1 July to 31 August 2026 vs q2 2026')).text).toContain(
    'The rise is broad-based',
  );
});

test('sales velocity is told by its factors, with breakdowns of the whole behind it', async () => {
  const { text, actions } = noteOf(await ask('why did sales velocity change in October 2026'));
  expect(text).toMatch(/^Sales cycle: 10 days → 20 days, −.* \(offsets|^Sales cycle: 10 days → 20 days, −/m);
  expect(actions.map((action) => action.label)).toContain('By region');
});

test('a question without a comparison is explained against the period before', async () => {
  expect(noteOf(await ask('why churn last quarter without comparison')).text).toContain(
    'compared with Q2 2026',
  );
});

describe('the button', () => {
  test('explains its answer, and a breakdown by that dimension', async () => {
    const whole = answerOf(await ask('churn last quarter'));
    expect(noteOf(await press(whole.answerId, 'why')).text).toContain('SMB (segment)');
    const byRegion = answerOf(await ask('churn last quarter by region'));
    expect(noteOf(await press(byRegion.answerId, 'why')).text).not.toContain('segment');
  });

  test('is among five at most, before Share and Excel', async () => {
    const { actions } = answerOf(await ask('churn last quarter', 'EXEC', board));
    expect(actions.map((action) => action.verb)).toEqual(['by', 'why', 'records', 'share', 'export']);
  });

  test('is left out where there is no change to explain', async () => {
    const { actions } = answerOf(await ask('churn last quarter without comparison'));
    expect(actions.map((action) => action.verb)).not.toContain('why');
  });
});

describe('rights', () => {
  test('of the asker are needed', async () => {
    const reply = await ask('why churn last quarter', 'SALES');
    expect(reply).toMatchObject({ kind: 'problem', problem: { kind: 'access' } });
  });

  test('of the audience decide whether the note is for the asker alone', async () => {
    const hidden = noteOf(await ask('why churn last quarter', 'EXEC', general));
    expect(hidden).toMatchObject({ visibility: 'asker' });
    expect(hidden.text).toContain('Only you can see this: the others here may not see success KPIs.');
    expect(noteOf(await ask('why churn last quarter', 'EXEC', board)).visibility).toBeUndefined();
  });

  test('leave the button under an answer for the asker alone, whose note is for the asker alone too', async () => {
    const { answerId, actions, visibility } = answerOf(await ask('churn last quarter', 'EXEC', general));
    expect(visibility).toBe('asker');
    expect(actions.map((action) => action.verb)).toContain('why');
    const note = noteOf(await press(answerId, 'why', 'EXEC', general));
    expect(note).toMatchObject({ visibility: 'asker' });
    expect(note.text).toContain('SMB (segment)');
  });

  test('are read anew when the button is pressed', async () => {
    const { answerId } = answerOf(await ask('churn last quarter', 'EXEC', board));
    expect(await press(answerId, 'why', 'SALES', board)).toMatchObject({
      kind: 'problem',
      problem: { kind: 'access' },
    });
  });
});

describe('the words of a move', () => {
  test.each([
    ['why did churn rise last quarter?', 'did churn last quarter'],
    ['Why have bookings gone down in EMEA', 'have bookings in EMEA'],
    ['what’s driving mrr', 'mrr'],
    ['churn last quarter', null],
    ['whyever', null],
  ])('are taken out of "%s"', (text, question) => {
    expect(askedWhy(text)).toBe(question);
  });

  // "Why did MRR change" asks about MRR, though "MRR change" alone is net new MRR.
  test('are part of no KPI’s name but one, which then means what changed', () => {
    const names = kpis.flatMap((kpi) => [
      kpi.title.toLowerCase(),
      kpi.name.replaceAll('_', ' '),
      ...kpi.synonyms,
    ]);
    expect(names.filter((name) => askedWhy(`why ${name}`) !== name)).toEqual(['mrr change']);
  });
});

describe('the customers behind a change', () => {
  test('are a button away from why retention moved', async () => {
    const note = noteOf(await ask('why did nrr fall last quarter'));
    expect(note.text).toMatch(/^Most by customer, change of MRR and that of the window before: Customer /m);
    const [button] = note.actions;
    expect(button).toMatchObject({ verb: 'ask', label: 'Customers' });
    const table = await ask(button!.value!);
    if (table.kind !== 'table') throw new Error(`expected a table, got ${JSON.stringify(table)}`);
    expect(table.table.title).toBe('Customers behind the change of Net revenue retention');
    expect(table.table.rows.length).toBeGreaterThan(5);
    expect(table.picture).toBeNull();
  });

  test.each([
    'customers behind the change in NRR last quarter',
    'which customers moved nrr last quarter?',
    'top movers in nrr last quarter',
  ])('are asked for as "%s"', async (text) => {
    expect(await ask(text)).toMatchObject({ kind: 'table', table: { kind: 'records' } });
  });

  test('are for those who may read the KPI', async () => {
    expect(await ask('which customers moved nrr last quarter', 'SALES')).toMatchObject({
      kind: 'problem',
      problem: { kind: 'access' },
    });
  });

  test('of a breakdown are refused, with a question that is understood', async () => {
    expect(await ask('which customers moved nrr by segment last quarter')).toMatchObject({
      kind: 'problem',
      actions: [{ value: 'customers behind the change in NRR last quarter' }],
    });
  });
});

describe('a relation at the desk', () => {
  test('comes with a picture, and the buttons of its words', async () => {
    const reply = await ask('churn by campaign of origin last quarter');
    expect(reply).toMatchObject({
      kind: 'table',
      table: { kind: 'groups', title: 'Retention by campaign of origin' },
      visibility: 'place',
      actions: [{ label: 'Churn by source' }],
    });
    expect(reply.kind === 'table' && reply.picture).toBeTruthy();
  });

  test('is for the asker alone where the others may not see it', async () => {
    const reply = await ask('churn by campaign of origin last quarter', 'EXEC', general);
    expect(reply).toMatchObject({ kind: 'table', visibility: 'asker' });
    expect(reply.kind === 'table' && reply.visibilityNote).toMatch(/^Only you can see this/);
  });
});
