/** An in-house service over HTTP: daily costs, by cursor, from a stamp on; it fails as often as the platforms do. */
import { createStore } from '../../../demo/company/store.ts';
import { answer, readExchange } from '../../../demo/stand-ins/exchange.ts';
import type { Faults } from '../../../demo/stand-ins/faults.ts';
import { Refusal } from '../../../demo/stand-ins/refusal.ts';
import { serveLoopback } from '../../../demo/stand-ins/serve.ts';
import { presentOf } from '../followed.ts';
import { type InHouseSystem, pick } from './system.ts';

const object = 'costs';
const token = 'token-of-the-test';
const page = 100;

export async function openAdNetwork(input: {
  at: number;
  random: () => number;
  faults: Faults;
}): Promise<InHouseSystem> {
  const { random, faults } = input;
  const store = createStore();
  let count = 0;
  const spend = (at: number) => {
    const id = `A${String(++count).padStart(6, '0')}`;
    const changed_at = new Date(at).toISOString();
    const amount = (100 + Math.floor(random() * 10_000)) / 100;
    store.put(object, id, { id, day: changed_at.slice(0, 10), kind: 'marketing', amount, changed_at }, at);
  };
  for (let n = 0; n < 300; n++) spend(input.at - n * 86_400_000);

  /** By (stamp, id): what changes while it is listed moves to the end and is seen there once more. */
  function list(query: URLSearchParams): unknown {
    const place = (record: Record<string, unknown>) => `${record.changed_at} ${record.id}`;
    const [since, after] = [query.get('since') ?? '', query.get('cursor') ?? ''];
    const found = presentOf(store, object)
      .map(({ record }) => record)
      .filter((record) => String(record.changed_at) >= since && place(record) > after)
      .sort((a, b) => (place(a) < place(b) ? -1 : 1));
    const rows = found.slice(0, page);
    return { rows, next: found.length > page ? place(rows.at(-1)!) : null };
  }

  const served = await serveLoopback(
    faults.wrap((request, response) => {
      void answer(
        response,
        () => ({}),
        async () => {
          const { headers, query } = await readExchange(request);
          if (headers.authorization !== `Bearer ${token}`)
            throw new Refusal(401, { message: 'Who are you?' });
          return list(query);
        },
      );
    }),
  );
  return {
    source: 'ad_network',
    settings: {
      kind: 'http',
      baseUrl: served.url,
      token,
      allowPrivate: ['127.0.0.1'],
      perSecond: 1_000,
      streams: {
        costs: {
          path: '/costs',
          key: 'id',
          updatedAt: 'changed_at',
          sinceParam: 'since',
          list: 'rows',
          pages: { by: 'cursor', param: 'cursor', next: 'next' },
          entity: 'spend',
          map: { day: 'day', kind: 'kind', amount: { field: 'amount', type: 'money' } },
        },
      },
    },
    followed: [{ source: 'ad_network', stream: 'costs', store, object }],
    change(at) {
      const dice = random();
      const { id, record } = pick(presentOf(store, object), random);
      if (dice < 0.3) spend(at);
      else if (dice < 0.45) store.remove(object, id, at, 'hard_deleted');
      else {
        const amount = Math.round(Number(record.amount) * 100 + 1) / 100;
        store.put(object, id, { ...record, amount, changed_at: new Date(at).toISOString() }, at);
      }
    },
    write: async () => undefined,
    close: served.close,
  };
}
