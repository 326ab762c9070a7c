/** Where HubSpot is the CRM of record: its deals and their stages keep the contract beside all else. */
import { createStore } from '../../../../demo/company/store.ts';
import { createHubspotStandIn } from '../../../../demo/stand-ins/hubspot/stand-in.ts';
import { createHubspotSource } from '../../../../sync/sources/hubspot/source.ts';
import { describeSource } from '../../../contracts/source.ts';
import { anchor, makeReadingWorld } from '../reading-world.ts';

const oauth = { clientId: 'id', clientSecret: 'secret-of-app', refreshToken: 'refresh-1' };
const enteredAt = Date.parse('2026-10-01T08:00:00Z');

describeSource('HubSpot as the CRM', async () => {
  const store = createStore();
  const clock = { now: anchor };
  const limits = { per10s: 1_000, searchPerSecond: 5, daily: 250_000 };
  const standIn = createHubspotStandIn({ store, now: () => clock.now, limits, indexLagMs: 5_000, ...oauth });
  const world = await makeReadingWorld(clock, standIn, (baseUrl) =>
    createHubspotSource({ baseUrl, ...oauth, deals: true, timeZone: 'Europe/Berlin' }),
  );
  store.put(
    'pipelines',
    'default',
    { stages: [{ id: 'new', label: 'New', metadata: { probability: '0.1' } }] },
    0,
  );
  const set = (value: string) => [{ value, timestamp: new Date(enteredAt).toISOString() }];
  const put = (id: string, at: number) => {
    const histories = { dealstage: set('new'), amount: set('12.5'), closedate: set('2026-12-31T00:00:00Z') };
    const properties = { dealname: id, dealstage: 'new', amount: '12.5', closedate: '2026-12-31T00:00:00Z' };
    store.put('deals', id, { id, properties, histories, associations: { companies: [{ id: '9' }] } }, at);
  };
  for (let n = 1; n <= 5; n++) put(String(n), anchor - 30 * 86_400_000);
  const idIn = (stream: string, id: string) => (stream === 'deal_stages' ? `${id}:${enteredAt}` : id);
  const streams = world.source.streams.filter(({ table }) => table.startsWith('deal'));
  return {
    ...world,
    // The others are in the suite of their own.
    source: { ...world.source, streams: streams.map(({ after: _, ...stream }) => stream) },
    liveIds: (stream) =>
      [...store.all('deals')].filter(({ gone }) => !gone).map(({ id }) => idIn(stream, id)),
    change(stream) {
      put('2', clock.now);
      clock.now += 30_000;
      return idIn(stream, '2');
    },
    remove(stream) {
      const id = stream === 'deals' ? '3' : '4';
      store.remove('deals', id, clock.now, 'archived');
      clock.now += 30_000;
      return idIn(stream, id);
    },
    malformed: () => ({ id: 7 }),
    close: world.close,
  };
});
