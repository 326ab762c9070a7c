/** Five queries in one call: what it saves, and that nothing else changes by it. */
import type { RequestListener } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { createStore } from '../../../../demo/company/store.ts';
import { createSalesforceStandIn } from '../../../../demo/stand-ins/salesforce.ts';
import type { Position } from '../../../../sync/source.ts';
import { createSalesforceSource } from '../../../../sync/sources/salesforce/create-salesforce-source.ts';
import { readAll } from '../read-context.ts';
import { anchor, makeReadingWorld } from '../reading-world.ts';

async function makeWorld(
  options: { wrap?: (inner: RequestListener) => RequestListener; sessionMs?: number } = {},
) {
  const store = createStore();
  const clock = { now: anchor };
  const standIn = createSalesforceStandIn({
    store,
    now: () => clock.now,
    limits: { dailyCalls: 100_000, ...(options.sessionMs ? { sessionMs: options.sessionMs } : {}) },
    visibilityLagMs: 3000,
    clientId: 'id',
    clientSecret: 'secret',
  });
  const world = await makeReadingWorld(clock, options.wrap?.(standIn) ?? standIn, (baseUrl) =>
    createSalesforceSource({ baseUrl, clientId: 'id', clientSecret: 'secret', companyCurrency: 'EUR' }),
  );
  const put = (object: string, id: string, fields: Record<string, unknown> = {}, at = anchor - 3_600_000) =>
    store.put(object, id, { Id: id, ...fields }, at);
  const objects = world.source.streams.map(({ name }) => name);
  for (const object of objects) put(object, `${object.slice(0, 3)}1`, { Name: object });

  /** Where every stream is after its first reading. */
  const begin = async (): Promise<Position[]> => {
    const positions: Position[] = [];
    for (const stream of objects) {
      const { cursor } = await readAll(world.source, stream, 'backfill', null, world.context);
      positions.push({ stream, lane: 'realtime', cursor });
    }
    return positions;
  };
  /** Read these positions in their order; the ids of each. */
  const poll = async (positions: readonly Position[]) => {
    world.calls.length = 0;
    const read = new Map<string, Awaited<ReturnType<typeof readAll>>>();
    for (const { stream, lane, cursor } of positions)
      read.set(stream, await readAll(world.source, stream, lane, cursor, world.context));
    const paths = world.calls.map(({ path }) => path.replace(/^\/services\/data\/v[\d.]+\//, ''));
    return { read, paths, calls: paths.length };
  };
  return { ...world, store, put, objects, begin, poll };
}

describe('Salesforce queries in one call', () => {
  let world: Awaited<ReturnType<typeof makeWorld>>;
  afterEach(() => world.close());
  const idsIn = ({ records }: { records: { id: string }[] }) => records.map(({ id }) => id);

  it('make three calls of a cycle’s eleven', async () => {
    world = await makeWorld();
    const positions = await world.begin();
    world.clock.now += 30_000;
    const alone = await world.poll(positions);
    world.source.prepare?.(positions);
    const together = await world.poll(positions);
    expect([alone.calls, together.paths]).toEqual([11, ['composite', 'composite', 'queryAll']]);
  });

  it('give what each gives alone', async () => {
    world = await makeWorld();
    const positions = await world.begin();
    world.clock.now += 30_000;
    for (const object of world.objects)
      world.put(object, `${object.slice(0, 3)}2`, {}, world.clock.now - 10_000);
    world.store.remove('Lead', 'Lea1', world.clock.now - 9_000, 'deleted');
    const alone = await world.poll(positions);
    world.source.prepare?.(positions);
    const together = await world.poll(positions);
    expect(together.read).toEqual(alone.read);
    expect(idsIn(together.read.get('Lead')!)).toEqual(['Lea2', 'Lea1']);
  });

  it('cover a stream up to when it was asked, not to when it is read', async () => {
    world = await makeWorld();
    const positions = await world.begin();
    world.source.prepare?.(positions);
    const askedAt = world.clock.now;
    await world.poll(positions.slice(0, 1));
    world.clock.now += 5_000;
    world.put('Account', 'Acc2', {}, askedAt + 1);
    const { read, calls } = await world.poll(positions.slice(1, 2));
    const account = read.get('Account')!;
    expect([calls, idsIn(account), account.coveredUntil]).toEqual([
      0,
      [],
      new Date(askedAt - 3000).toISOString(),
    ]);
    const next = await readAll(world.source, 'Account', 'realtime', account.cursor, world.context);
    expect(idsIn(next)).toEqual(['Acc2']);
  });

  it('are asked anew when a large stream was loaded meanwhile', async () => {
    world = await makeWorld();
    const positions = await world.begin();
    world.source.prepare?.(positions);
    await world.poll(positions.slice(0, 1));
    world.clock.now += 10_001;
    const { read, calls } = await world.poll(positions.slice(1, 2));
    expect([calls, read.get('Account')!.coveredUntil]).toEqual([
      1,
      new Date(world.clock.now - 3000).toISOString(),
    ]);
  });

  it('are asked anew for a stream whose records a push has brought meanwhile', async () => {
    world = await makeWorld();
    const positions = await world.begin();
    world.source.prepare?.(positions);
    await world.poll(positions.slice(0, 1));
    for await (const _ of world.source.hinted!.read('Account', ['001000000000001'], world.context));
    expect((await world.poll(positions.slice(1, 3))).paths).toEqual(['composite']);
  });

  it('follow a large one page by page', async () => {
    world = await makeWorld();
    const positions = await world.begin();
    for (let n = 0; n < 4500; n++) world.put('Lead', `00Q${String(n).padStart(6, '0')}`, {}, anchor + 1000);
    world.clock.now += 30_000;
    world.source.prepare?.(positions);
    const { read, paths } = await world.poll(positions);
    expect([new Set(idsIn(read.get('Lead')!)).size, read.get('Lead')!.batches.length]).toEqual([4500, 3]);
    // Two pages of leads more, and the eleventh stream's own.
    expect(paths.filter((path) => path.startsWith('query'))).toHaveLength(3);
  });

  type Part = { httpStatusCode: number; body: unknown };
  /** Change what the parts of a composite answer. */
  const answering =
    (change: (part: Part) => Part) =>
    (inner: RequestListener): RequestListener =>
    (request, response) => {
      if (request.url?.endsWith('/composite')) {
        const end = response.end.bind(response);
        response.end = ((text: string) => {
          const { compositeResponse } = JSON.parse(text) as { compositeResponse: Part[] };
          return end(JSON.stringify({ compositeResponse: compositeResponse.map(change) }));
        }) as typeof response.end;
      }
      return inner(request, response);
    };
  const refusal = { httpStatusCode: 400, body: [{ errorCode: 'QUERY_TIMEOUT', message: 'too long' }] };

  it('do not fail with one that is refused: its stream asks alone', async () => {
    const isContact = (part: Part) => JSON.stringify(part.body).includes('"type":"Contact"');
    world = await makeWorld({
      wrap: answering((part) => (isContact(part) ? { ...part, ...refusal } : part)),
    });
    const positions = await world.begin();
    for (const object of world.objects) world.put(object, `${object.slice(0, 3)}2`, {}, anchor + 1000);
    world.clock.now += 10_000;
    world.source.prepare?.(positions);
    const { read, paths } = await world.poll(positions);
    const refused = [...read].filter(([, { records }]) => records.length === 0);
    expect([refused, paths.filter((path) => path === 'queryAll').length]).toEqual([[], 2]);
  });

  it('leave out a position that no query can be written from', async () => {
    world = await makeWorld();
    const positions = (await world.begin()).map((position) =>
      position.stream === 'Contact' ? { ...position, cursor: { at: 'never' } } : position,
    );
    world.source.prepare?.(positions);
    const good = await world.poll(positions.filter(({ stream }) => stream !== 'Contact'));
    expect([good.read.size, good.calls]).toEqual([10, 3]);
    await expect(world.poll(positions.filter(({ stream }) => stream === 'Contact'))).rejects.toThrow(
      'read the stream anew',
    );
  });

  it('are asked one by one of an org that takes no composite', async () => {
    world = await makeWorld({
      wrap: (inner) => (request, response) => {
        if (!request.url?.endsWith('/composite')) return inner(request, response);
        request.resume();
        response.writeHead(400, { 'content-type': 'application/json' });
        response.end('[{"errorCode":"FUNCTIONALITY_NOT_ENABLED","message":"no"}]');
      },
    });
    const positions = await world.begin();
    world.source.prepare?.(positions);
    const { paths } = await world.poll(positions);
    expect(paths.filter((path) => path === 'queryAll')).toHaveLength(11);
  });

  it('go on with a new session when the old one ends between two of them', async () => {
    world = await makeWorld({ sessionMs: 60_000 });
    const positions = await world.begin();
    world.clock.now += 61_000;
    world.source.prepare?.(positions);
    const { paths } = await world.poll(positions);
    expect(paths).toEqual(['composite', '/services/oauth2/token', 'composite', 'composite', 'queryAll']);
  });

  it('tell the org’s used calls as single ones do', async () => {
    world = await makeWorld();
    const positions = await world.begin();
    const used = async () => /(\d+) of 100000/.exec((await world.source.check(world.context)).detail)?.[1];
    const before = Number(await used());
    world.source.prepare?.(positions);
    await world.poll(positions);
    expect(Number(await used()) - before).toBe(3);
  });
});
