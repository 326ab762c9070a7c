import { appendFile, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createStore } from '../../../../demo/company/store.ts';
import { writeFiles } from '../../../../demo/files.ts';
import { demoFilesSettings } from '../../../../demo/in-house.ts';
import type { Cursor } from '../../../../sync/source.ts';
import { createCustomSource } from '../../../../sync/sources/custom/create-custom-source.ts';
import type { CustomSettings } from '../../../../sync/sources/custom/settings.ts';
import { readAll, readContext, unified } from '../read-context.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'herald-files-'));
});
afterEach(() => rm(folder, { recursive: true }));

const context = readContext({ pace: {} }, () => new Date('2026-11-22T10:00:00Z'));
const put = (file: string, content: string | Buffer) => writeFile(path.join(folder, file), content);

function spend(over: Partial<Extract<CustomSettings, { kind: 'csv' }>> = {}, stream: object = {}) {
  return createCustomSource('finance', {
    kind: 'csv',
    folder,
    streams: {
      spend: {
        file: 'spend.csv',
        key: 'id',
        entity: 'spend',
        map: { day: 'day', kind: 'kind', amount: { field: 'amount', type: 'money' }, source: 'note' },
        ...stream,
      },
    },
    ...over,
  });
}

async function rows(source: ReturnType<typeof spend>) {
  const { records } = await readAll(source, 'spend', 'realtime', null, context);
  return unified(source, 'spend', records);
}

describe('CSV files', () => {
  test('a file with a BOM, semicolons, CRLF, decimal commas and a quoted line break is read', async () => {
    await put(
      'spend.csv',
      '\uFEFFid;day;kind;amount;note\r\ns1;31/12/2025;marketing;"1.234,56";"two\r\nlines; one"\r\ns2;01/01/2026;sales;;\r\n',
    );
    expect(await rows(spend({ dateFormat: 'DD/MM/YYYY' }))).toEqual({
      s1: { day: '2025-12-31', kind: 'marketing', amount: 123_456, source: 'two\r\nlines; one' },
      s2: { day: '2026-01-01', kind: 'sales', amount: null, source: null },
    });
  });

  test('a malformed value is a fault in words, and its neighbours are read', async () => {
    await put('spend.csv', 'id,day,kind,amount,note\ns1,2025-12-31,sales,lots,\ns2,2025-12-31,sales,1.00,\n');
    expect(await rows(spend())).toMatchObject({
      s1: 'field "amount": expected a number, got "lots"',
      s2: { amount: 100 },
    });
  });

  test('a line with too few fields is a fault that names the line', async () => {
    await put('spend.csv', 'id,day,kind,amount,note\ns1,2025-12-31,sales\n');
    expect(await rows(spend())).toEqual({ s1: 'line 2 has 3 fields where the header has 5' });
  });

  test('a record without a key is kept under its line', async () => {
    await put('spend.csv', 'id,day,kind,amount,note\n,2025-12-31,sales,1.00,\n');
    expect(await rows(spend())).toEqual({ 'line 2': 'line 2 has no value in its key field "id"' });
  });

  test('an unchanged file is not read again', async () => {
    await put('spend.csv', 'id,day,kind,amount,note\ns1,2025-12-31,sales,1.00,\n');
    const source = spend();
    const first = await readAll(source, 'spend', 'backfill', null, context);
    const second = await readAll(source, 'spend', 'realtime', first.cursor, context);
    expect([first.records.length, second.records.length, second.coveredUntil]).toEqual([
      1,
      0,
      '2026-11-22T10:00:00.000Z',
    ]);
  });

  test('a file renamed into place is read whole', async () => {
    await put('spend.csv', 'id,day,kind,amount,note\ns1,2025-12-31,sales,1.00,\n');
    const source = spend();
    const first = await readAll(source, 'spend', 'backfill', null, context);
    await put('new', 'id,day,kind,amount,note\ns2,2025-12-31,sales,2.00,\n');
    await rename(path.join(folder, 'new'), path.join(folder, 'spend.csv'));
    const second = await readAll(source, 'spend', 'realtime', first.cursor, context);
    expect(second.records.map((record) => record.id)).toEqual(['s2']);
  });

  test('a reading that is cut short begins again', async () => {
    const lines = Array.from({ length: 4_500 }, (_, i) => `s${i},2025-12-31,sales,1.00,`);
    await put('spend.csv', `id,day,kind,amount,note\n${lines.join('\n')}\n`);
    const { batches } = await readAll(spend(), 'spend', 'backfill', null, context);
    expect(
      batches.map((batch) => [batch.records.length, batch.cursor === null, batch.coveredUntil === null]),
    ).toEqual([
      [2_000, true, true],
      [2_000, true, true],
      [500, true, true],
      [0, false, false],
    ]);
  });

  test('a sweep lists every id and says when it is done', async () => {
    const lines = Array.from({ length: 5_001 }, (_, i) => `s${i},2025-12-31,sales,1.00,`);
    await put('spend.csv', `id,day,kind,amount,note\n${lines.join('\n')}\n`);
    const { batches, ids } = await readAll(spend(), 'spend', 'sweep', null, context);
    expect([ids.length, batches.map((batch) => batch.cursor?.done)]).toEqual([5_001, [false, true]]);
  });

  test('an empty file is not "everything was deleted"', async () => {
    await put('spend.csv', '');
    await expect(readAll(spend(), 'spend', 'sweep', null, context)).rejects.toMatchObject({
      kind: 'transient',
      message: expect.stringContaining('is empty'),
    });
  });

  test('a file that is written in place while it is read is not taken as read', async () => {
    await put('spend.csv', `id,day,kind,amount,note\n${'s1,2025-12-31,sales,1.00,\n'.repeat(3_000)}`);
    const read = async () => {
      for await (const batch of spend().read('spend', 'realtime', null, context))
        if (batch.records.length > 0) await put('spend.csv', 'id\n');
    };
    await expect(read()).rejects.toMatchObject({
      kind: 'transient',
      message: expect.stringContaining('written while it was read'),
    });
  });

  test('a header without a mapped column is one clear fault', async () => {
    await put('spend.csv', 'id,day,kind,cost,note\n');
    await expect(rows(spend())).rejects.toThrow(
      'finance.spend (spend.csv): the header has no column "amount"; it has id, day, kind, cost, note',
    );
  });

  test('a file in another encoding is refused, and read once that encoding is declared', async () => {
    await put(
      'spend.csv',
      Buffer.from('id,day,kind,amount,note\ns1,2025-12-31,sales,1.00,M\u00fcller\n', 'latin1'),
    );
    await expect(rows(spend())).rejects.toThrow('not utf-8');
    expect(await rows(spend({}, { encoding: 'windows-1252' }))).toMatchObject({ s1: { source: 'Müller' } });
  });

  test('check says every file that is missing at once', async () => {
    const source = createCustomSource('finance', demoFilesSettings(folder));
    await expect(source.check(context)).rejects.toThrow(/spend\.csv.*\n.*nps\.csv/);
  });
});

describe('a file that grows', () => {
  const header = 'id,day,kind,amount,note\n';
  const line = (id: string, amount = '1.00', note = '') => `${id},2025-12-31,sales,${amount},${note}\n`;
  /** As the file system's clock goes, so that "just now" is now. */
  const live = readContext({ pace: {} }, () => new Date());
  const late = readContext({ pace: {} }, () => new Date(Date.now() + 120_000));

  async function grow(first: string, second: string, over = {}, contexts = [live, live]) {
    const source = spend({}, over);
    await put('spend.csv', first);
    const before = await readAll(source, 'spend', 'backfill', null, contexts[0]!);
    await put('spend.csv', second);
    const after = await readAll(source, 'spend', 'realtime', before.cursor, contexts[1]!);
    return { source, before, ids: after.records.map(({ id }) => id), after };
  }

  test('is read from where it ended, also behind a byte order mark and broken lines', async () => {
    const first = `\uFEFF${header}${line('s1')}${line('s2', '1.00', '"ä\nb"')}\n`;
    const { ids, source, after } = await grow(first, `${first}${line('s3')}${line('s4', '2.50')}`);
    expect(ids).toEqual(['s3', 's4']);
    expect(unified(source, 'spend', after.records)).toMatchObject({ s4: { amount: 250, kind: 'sales' } });
  });

  test('grows again from there, and its lines keep their numbers', async () => {
    const first = header + line('s1');
    const { source, after } = await grow(first, first + line('s2'));
    await put('spend.csv', `${first}${line('s2')}s3,bad\n`);
    const third = await readAll(source, 'spend', 'realtime', after.cursor, live);
    expect(unified(source, 'spend', third.records)).toEqual({
      s3: 'line 4 has 2 fields where the header has 5',
    });
  });

  test('is read whole when its earlier part changed, were it by one byte of the same length', async () => {
    const first = header + line('s1', '1.00') + line('s2');
    expect((await grow(first, header + line('s1', '7.00') + line('s2') + line('s3'))).ids).toEqual([
      's1',
      's2',
      's3',
    ]);
  });

  test('is read whole when it shrank, or has another header', async () => {
    const first = header + line('s1') + line('s2');
    expect((await grow(first, header + line('s1'))).ids).toEqual(['s1']);
    expect((await grow(first, `${header.trim()},more\n${line('s9').trim()},x\n`)).ids).toEqual(['s9']);
  });

  test('is read whole in another encoding', async () => {
    const first = header + line('s1');
    expect((await grow(first, first + line('s2'), { encoding: 'windows-1252' })).ids).toEqual(['s1', 's2']);
  });

  /** Both readings, with something that happens after the first batch of each. */
  async function readWhile(meanwhile: (nth: number) => Promise<void>) {
    const source = spend();
    let cursor: Cursor = null;
    const ids: string[][] = [];
    for (const nth of [0, 1]) {
      const seen: string[] = [];
      for await (const batch of source.read('spend', 'realtime', cursor, live)) {
        if (seen.length === 0 && batch.records.length > 0) await meanwhile(nth);
        seen.push(...batch.records.map(({ id }) => id));
        cursor = batch.cursor;
      }
      ids.push(seen);
    }
    return ids;
  }
  const many = header + Array.from({ length: 3_000 }, (_, n) => line(`s${n}`)).join('');

  test('while it is read is read as far as it went, and the rest with the next reading', async () => {
    await put('spend.csv', many);
    const [first, second] = await readWhile((nth) =>
      appendFile(path.join(folder, 'spend.csv'), line(`t${nth}`)),
    );
    expect([first!.length, second]).toEqual([3_000, ['t0']]);
  });

  test('and of which the earlier part is changed while it is read is not taken as read', async () => {
    await put('spend.csv', many);
    const reading = readWhile((nth) =>
      nth === 0
        ? appendFile(path.join(folder, 'spend.csv'), line('t0'))
        : put('spend.csv', `${many.replace('1.00', '7.00')}${line('t0')}${line('t1')}`),
    );
    await expect(reading).rejects.toMatchObject({ kind: 'transient' });
  });

  test('a line that is being written is left until it has its end', async () => {
    const first = `${header}${line('s1')}s2,2025-12-31,sales,12`;
    const { before, ids, source, after } = await grow(first, `${first}34.50,\n`);
    expect(before.records.map(({ id }) => id)).toEqual(['s1']);
    expect(ids).toEqual(['s2']);
    expect(unified(source, 'spend', after.records)).toMatchObject({ s2: { amount: 123_450 } });
  });

  test('a last line without an end is read once nobody has written for a minute', async () => {
    const first = `${header}${line('s1')}${line('s2').trim()}`;
    const { before, ids } = await grow(first, first, {}, [live, late]);
    expect([before.records.map(({ id }) => id), ids]).toEqual([['s1'], ['s2']]);
  });

  test('nothing is swept while it is being written', async () => {
    await put('spend.csv', `${header}${line('s1')}s2,2025`);
    expect((await readAll(spend(), 'spend', 'sweep', null, live)).batches).toEqual([]);
  });
});

describe('JSON lines', () => {
  test('that are appended are read alone, a half-written one with its other half', async () => {
    const one = '{"id":"1","who":{"name":"Ädä"}}\n';
    const two = '{"id":"2","who":{"name":"B"}}';
    const live = readContext({ pace: {} }, () => new Date());
    await put('people.jsonl', one + two.slice(0, 9));
    const first = await readAll(source(), 'people', 'backfill', null, live);
    await put('people.jsonl', `${one}${two}\n`);
    const second = await readAll(source(), 'people', 'realtime', first.cursor, live);
    expect([first.records, second.records].map((list) => list.map(({ id }) => id))).toEqual([['1'], ['2']]);
  });

  const source = () =>
    createCustomSource('crm', {
      kind: 'jsonl',
      folder,
      streams: {
        people: {
          file: 'people.jsonl',
          key: 'id',
          updatedAt: 'at',
          entity: 'person',
          map: { name: 'who.name', email: 'mail' },
        },
      },
    });

  test('nested fields are read, a broken line is a fault, and large ids stay exact', async () => {
    await put(
      'people.jsonl',
      '{"id":9007199254740993,"who":{"name":"Ada"},"mail":"a@b.c","at":"2026-01-01T00:00:00Z"}\nnot json\n',
    );
    const { records } = await readAll(source(), 'people', 'realtime', null, context);
    expect(unified(source(), 'people', records)).toEqual({
      '9007199254740993': { name: 'Ada', email: 'a@b.c' },
      'line 2': expect.stringContaining('line 2'),
    });
    expect(records[0]).toMatchObject({ version: Date.parse('2026-01-01T00:00:00Z') });
  });

  test('the order of keys does not change a payload', async () => {
    await put(
      'people.jsonl',
      '{"id":"1","mail":"a","who":{"x":1,"name":"n"}}\n{"who":{"name":"n","x":1},"mail":"a","id":"2"}\n',
    );
    const { records } = await readAll(source(), 'people', 'realtime', null, context);
    const [first, second] = records.map((record) =>
      record.op === 'upsert' ? record.payload.replace(/"id":"\d"/, '') : '',
    );
    expect(first).toBe(second);
  });
});

test("the demo company's files fill spend and surveys", async () => {
  const files = createStore();
  files.put(
    'spend.csv',
    's1',
    {
      id: 's1',
      day: '2026-01-02',
      kind: 'marketing',
      campaign_id: 'c1',
      source: 'Search, "paid"',
      amount: '1234.50',
      currency: 'USD',
    },
    1,
  );
  files.put(
    'nps.csv',
    'n1',
    { id: 'n1', answered_at: '2026-01-02T10:00:00.000Z', email: 'a@b.c', customer_id: 'k1', score: 9 },
    1,
  );
  await writeFiles(folder, files);
  const source = createCustomSource('finance', demoFilesSettings(folder));
  const read = async (stream: string) =>
    unified(source, stream, (await readAll(source, stream, 'realtime', null, context)).records);
  expect([await read('spend'), await read('nps')]).toEqual([
    {
      s1: {
        day: '2026-01-02',
        kind: 'marketing',
        campaign_id: 'c1',
        source: 'Search, "paid"',
        amount: 123_450,
        currency: 'USD',
      },
    },
    {
      n1: {
        kind: 'nps',
        email: 'a@b.c',
        account_id: 'k1',
        score: 9,
        responded_at: '2026-01-02T10:00:00.000Z',
      },
    },
  ]);
});
