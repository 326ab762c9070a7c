/** Stages that deals were in, from the histories of their properties; and what moves no stamp of a deal. */
import { afterEach, describe, expect, it } from 'vitest';
import { createStore } from '../../../../demo/company/store.ts';
import { createHubspotStandIn } from '../../../../demo/stand-ins/hubspot/stand-in.ts';
import { hubspotHints } from '../../../../sync/sources/hubspot/event-hints.ts';
import { createHubspotSource } from '../../../../sync/sources/hubspot/source.ts';
import { readAll, unified } from '../read-context.ts';
import { anchor, makeReadingWorld } from '../reading-world.ts';

const day = 86_400_000;
const oauth = { clientId: 'id', clientSecret: 'secret-of-app', refreshToken: 'refresh-1' };
const iso = (at: number) => new Date(at).toISOString();

async function makeWorld() {
  const store = createStore();
  const clock = { now: anchor };
  const limits = { per10s: 100, searchPerSecond: 5, daily: 250_000 };
  const standIn = createHubspotStandIn({ store, now: () => clock.now, limits, indexLagMs: 5_000, ...oauth });
  const world = await makeReadingWorld(clock, standIn, (url) =>
    createHubspotSource({ baseUrl: url, ...oauth, deals: true, timeZone: 'Europe/Berlin' }),
  );
  store.put('owners', '7', { id: '7', firstName: 'Ada', lastName: 'Lovelace', archived: true }, 0);
  const stage = (id: string, label: string, probability: string) => ({
    id,
    label,
    metadata: { probability },
  });
  const stages = [stage('new', 'New', '0.1'), stage('offer', 'Offer', '0.5'), stage('won', 'Won', '1.0')];
  store.put('pipelines', 'default', { stages }, 0);
  /** A deal that was in these stages, from these days on. */
  const deal = (
    id: string,
    was: [string, number][],
    more: Record<string, unknown> = {},
    at = anchor - day,
  ) => {
    const dealstage = was.map(([value, days]) => ({ value, timestamp: iso(anchor - days * day) }));
    const properties = { dealname: id, dealstage: was.at(-1)![0], hubspot_owner_id: '7' };
    store.put('deals', id, { id, properties, histories: { dealstage }, ...more }, at);
  };
  return { ...world, store, deal };
}

describe('stages of HubSpot deals', () => {
  let world: Awaited<ReturnType<typeof makeWorld>>;
  afterEach(() => world.close());
  const read = (lane: 'backfill' | 'realtime' | 'sweep', stream = 'deal_stages') =>
    readAll(world.source, stream, lane, null, world.context);

  it('are a row for each time that one was entered, with what was so at that moment', async () => {
    world = await makeWorld();
    const version = (value: string, days: number) => ({ value, timestamp: iso(anchor - days * day) });
    world.deal('1', [['new', 30]], {
      histories: {
        dealstage: [version('new', 30), version('offer', 20), version('new', 10), version('won', 1)],
        amount: [version('100', 30), version('250.5', 15)],
        closedate: [version('2026-12-31T23:30:00Z', 30)],
      },
    });
    const rows = Object.values(unified(world.source, 'deal_stages', (await read('backfill')).records));
    expect(rows.map((row) => Object.values(row as object).slice(0, 7))).toEqual([
      ['1', 'Ada Lovelace', 'New', 10_000, 'USD', 10, '2027-01-01'],
      ['1', 'Ada Lovelace', 'Offer', 10_000, 'USD', 50, '2027-01-01'],
      ['1', 'Ada Lovelace', 'New', 25_050, 'USD', 10, '2027-01-01'],
      ['1', 'Ada Lovelace', 'Won', 25_050, 'USD', 100, '2027-01-01'],
    ]);
    expect(rows[3]).toMatchObject({ entered_at: iso(anchor - day) });
  });

  it('are not entered again by an import that writes them again', async () => {
    world = await makeWorld();
    world.deal('1', [
      ['new', 30],
      ['new', 20],
      ['offer', 10],
    ]);
    expect((await read('backfill')).records).toHaveLength(2);
  });

  it('keep an amount that was never set apart from 0', async () => {
    world = await makeWorld();
    world.deal('1', [['new', 30]]);
    const rows = Object.values(unified(world.source, 'deal_stages', (await read('backfill')).records));
    expect(rows).toMatchObject([{ amount: null, close_on: null }]);
  });

  it('are the same text by list and by search, fifty histories at a time', async () => {
    world = await makeWorld();
    for (let n = 1; n <= 120; n++)
      world.deal(String(n), [
        ['new', 30],
        ['offer', n / 10],
      ]);
    const list = await read('backfill');
    const histories = () => world.calls.filter(({ path }) => path.endsWith('/batch/read')).length;
    expect([list.records.length, histories()]).toEqual([240, 0]);
    const search = await read('realtime');
    const text = ({ records }: typeof list) => records.map((record) => JSON.stringify(record)).sort();
    expect([text(search), histories()]).toEqual([text(list), 3]);
  });

  it('go with a deal that is archived, and come back with one that is restored', async () => {
    world = await makeWorld();
    world.deal('1', [
      ['new', 30],
      ['offer', 20],
    ]);
    world.deal('2', [['new', 30]]);
    const before = (await read('backfill')).records.filter(({ id }) => id.startsWith('1:'));
    world.store.remove('deals', '1', anchor, 'archived');
    const removed = (await read('sweep')).records.filter(({ op }) => op === 'delete');
    expect(removed.map(({ id }) => id)).toEqual(before.map(({ id }) => id));
    world.deal(
      '1',
      [
        ['new', 30],
        ['offer', 20],
      ],
      {},
      anchor + 1_000,
    );
    const back = (await read('backfill')).records.filter(({ id }) => id.startsWith('1:'));
    expect(back[0]!.version).toBeGreaterThan(removed[0]!.version);
  });

  it('of a deal that left no trace are missing from the complete list', async () => {
    world = await makeWorld();
    world.deal('1', [
      ['new', 30],
      ['offer', 20],
    ]);
    world.deal('2', [['new', 30]]);
    world.store.remove('deals', '1', anchor, 'hard_deleted');
    expect((await read('sweep')).ids).toEqual([`2:${anchor - 30 * day}`]);
  });

  it('of a history that cannot be read are a fault, not an empty history', async () => {
    world = await makeWorld();
    world.deal('1', [['new', 30]], { histories: { dealstage: [{ value: 'new', timestamp: 'soon' }] } });
    await expect(read('backfill')).rejects.toThrow('without a readable history');
  });
});

describe('a changed association', () => {
  let world: Awaited<ReturnType<typeof makeWorld>>;
  afterEach(() => world.close());
  const accountOf = (records: Parameters<typeof unified>[2]) =>
    (unified(world.source, 'deals', records)['1'] as { account_id: string } | undefined)?.account_id;
  /** The company of a deal changes, and no stamp with it. */
  const reassign = () => {
    const { modifiedAt } = world.store.get('deals', '1')!;
    world.deal('1', [['new', 30]], { associations: { companies: [{ id: '91' }] } }, modifiedAt);
  };

  it('is found by the daily reading of the whole list', async () => {
    world = await makeWorld();
    world.deal('1', [['new', 30]], { associations: { companies: [{ id: '90' }] } });
    const { records, cursor } = await readAll(world.source, 'deals', 'backfill', null, world.context);
    reassign();
    const later = await readAll(world.source, 'deals', 'realtime', cursor, world.context);
    const swept = await readAll(world.source, 'deals', 'sweep', null, world.context);
    expect([accountOf(records), accountOf(later.records), accountOf(swept.records), swept.ids]).toEqual([
      '90',
      undefined,
      '91',
      ['1'],
    ]);
  });

  it('is read when a push names its deal', async () => {
    world = await makeWorld();
    world.deal('1', [['new', 30]], { associations: { companies: [{ id: '90' }] } });
    reassign();
    const read = [];
    for await (const records of world.source.hinted!.read('deals', ['1'], world.context))
      read.push(...records);
    expect(accountOf(read)).toBe('91');
  });
});

describe('HubSpot beside another CRM', () => {
  it('gives no deals and no stages', () => {
    const { streams } = createHubspotSource({ baseUrl: 'http://127.0.0.1', ...oauth });
    expect(streams.filter(({ table }) => table.startsWith('deal'))).toEqual([]);
  });
});

describe('a push about a deal', () => {
  it('hints at the deal, by its name and by its type id', () => {
    const hint = { stream: 'deals', id: '5' };
    expect([hubspotHints('deal', ['5']), hubspotHints('0-3', ['5'])]).toEqual([[hint], [hint]]);
  });
});
