/** Wrong ways to take a push: the oracle has to see those that harm; of those that cannot, the test says why. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Source } from '../../sync/source.ts';
import { presentOf } from './followed.ts';
import { type MutantHome, openMutantHome } from './mutant-home.ts';
import { flawless, judge } from './oracle.ts';

let home: MutantHome;
beforeEach(async () => {
  home = await openMutantHome();
  await home.round();
  home.company.advance(10_000);
});
afterEach(() => home.close());

async function verdict() {
  const { examples: _examples, versions: _versions, ...rest } = await judge(home.db, home.company);
  return rest;
}

/** A contact of HubSpot's, changed at the second that its clock shows. */
function changeContact(nth: number): string {
  const store = home.company.world.hubspot;
  const { id, record } = presentOf(store, 'contacts')[nth]!;
  const at = home.second();
  const stamp = new Date(at).toISOString();
  const properties = record.properties as Record<string, unknown>;
  const next = { ...properties, jobtitle: `Reader ${at}`, lastmodifieddate: stamp };
  store.put('contacts', id, { ...record, properties: next, updatedAt: stamp }, at);
  return id;
}

/** A push about the second of two changes; the one about the first never came. Then what follows is polled. */
async function playLostPush(meanwhile: () => Promise<unknown> = async () => undefined): Promise<void> {
  changeContact(0);
  // Longer than what a reading overlaps with the one before it.
  home.company.advance(10 * 60_000);
  const id = changeContact(1);
  home.company.advance(10_000);
  await home.push('hubspot', [{ stream: 'contacts', id }]);
  await meanwhile();
  await home.round();
}

test('a change whose push was lost is found by polling, also behind one that was pushed', async () => {
  await playLostPush();
  expect(await verdict()).toEqual(flawless);
});

test('a push that moves the position is caught', async () => {
  await playLostPush(
    () => home.db.sql`
      update checkpoint set cursor = jsonb_set(cursor, '{from}', to_jsonb(${home.second()}::bigint))
      where source = 'hubspot' and stream = 'contacts' and cursor->>'kind' = 'window'`,
  );
  expect(await verdict()).toMatchObject({ stale: 1 });
});

/** Somebody says that a contact is gone, and it is not. */
const sayGone = (asIf?: (source: Source) => Source) => {
  const { id } = presentOf(home.company.world.hubspot, 'contacts')[0]!;
  return home.push('hubspot', [{ stream: 'contacts', id, gone: true }], asIf);
};

test('a push that says “gone” of a record that is there changes nothing', async () => {
  await sayGone();
  expect(await verdict()).toEqual(flawless);
});

test('a push that is believed and not followed is caught', async () => {
  const believing = (source: Source): Source => ({
    ...source,
    hinted: { streams: source.hinted!.streams, async *read() {} },
  });
  await sayGone(believing);
  expect(await verdict()).toMatchObject({ lost: 1, foreign: 1, rows: 1 });
});

test('a push that comes three times makes one version', async () => {
  const id = changeContact(0);
  home.company.advance(10_000);
  for (let n = 0; n < 3; n++) await home.push('hubspot', [{ stream: 'contacts', id }]);
  expect(await verdict()).toEqual(flawless);
});

test('a push that is taken and forgotten costs time and nothing else: polling asks for the same change', async () => {
  const id = changeContact(0);
  home.company.advance(10_000);
  const forgetful = (source: Source): Source => ({ ...source, hinted: { ...source.hinted!, streams: [] } });
  await home.push('hubspot', [{ stream: 'contacts', id }], forgetful);
  expect(await home.db.sql`select 1 from hint`).toEqual([]);
  await home.round();
  expect(await verdict()).toEqual(flawless);
});
