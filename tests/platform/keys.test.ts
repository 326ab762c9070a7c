import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { keys as keysVerb } from '../../cli/keys.ts';
import { type Database, openDatabase } from '../../db/client.ts';
import { createKeyRing, type KeyRing, looksLikeKey, makeKey } from '../../platform/keys.ts';
import { openVerbHome, type VerbHome } from '../cli/run-verb.ts';
import { openTestDatabase, type TestDatabase } from '../database.ts';

let home: TestDatabase;
let db: Database;
let ring: KeyRing;
let terminal: VerbHome;

beforeAll(async () => {
  home = await openTestDatabase();
  db = openDatabase(home.url, { name: 'herald-test', max: 2 });
  ring = createKeyRing(db);
  terminal = openVerbHome(home.url, new Date());
});
afterAll(async () => {
  terminal.close();
  await db.close();
  await home.close();
});

const fresh = (name: string) => ring.create({ name, scopes: ['runs:read'], days: 30 });

describe('a key’s text', () => {
  test('is a prefix, 43 digits of secret and 6 of checksum', () => {
    expect(makeKey()).toMatch(/^hrld_[0-9A-Za-z]{49}$/);
  });

  test('is another one each time', () => {
    expect(new Set(Array.from({ length: 200 }, makeKey)).size).toBe(200);
  });

  test('with any one character changed is refused without the database', () => {
    const key = makeKey();
    const changed = Array.from(
      key,
      (letter, at) => key.slice(0, at) + (letter === 'x' ? 'y' : 'x') + key.slice(at + 1),
    );
    expect(changed.filter(looksLikeKey)).toEqual([]);
    expect(looksLikeKey(key)).toBe(true);
  });
});

describe('a kept key', () => {
  test('is known by what it may do', async () => {
    const { id, key } = await fresh('airflow');
    expect(await ring.check(key)).toEqual({ id, name: 'airflow', scopes: ['runs:read'] });
  });

  test('stands nowhere in the database', async () => {
    const { key } = await fresh('nowhere');
    const [row] = await db.sql<{ all: string }[]>`select json_agg(k)::text as all from api_key k`;
    expect(row!.all).not.toContain(key.slice(9));
  });

  test('that nobody made is unknown', async () => {
    expect(await ring.check(makeKey())).toBeNull();
  });

  test('ends at once when it is revoked, and only once', async () => {
    const { id, key } = await fresh('revoked');
    expect([await ring.revoke(id), await ring.revoke(id)]).toEqual([true, false]);
    expect(await ring.check(key)).toBeNull();
  });

  test('ends when its days are over', async () => {
    const { id, key } = await fresh('old');
    await db.sql`update api_key set expires_at = clock_timestamp() - interval '1 second' where id = ${id}`;
    expect(await ring.check(key)).toBeNull();
  });

  test('and its successor both work while it is rotated', async () => {
    const old = await fresh('rotated');
    const next = await ring.rotate(old.id, { days: 30, graceHours: 1 });
    expect((await ring.check(old.key))?.id).toBe(old.id);
    expect(await ring.check(next.key)).toEqual({ id: next.id, name: 'rotated', scopes: ['runs:read'] });
  });

  test('rotated without grace ends at once', async () => {
    const old = await fresh('at once');
    await ring.rotate(old.id, { days: 30, graceHours: 0 });
    expect(await ring.check(old.key)).toBeNull();
  });

  test('that is revoked cannot be rotated back to life', async () => {
    const { id } = await fresh('dead');
    await ring.revoke(id);
    await expect(ring.rotate(id, { days: 30, graceHours: 1 })).rejects.toThrow('no living key');
  });

  test('notes its use once an hour, not on every request', async () => {
    const { id, key } = await fresh('busy');
    const used = async () => (await ring.list()).find((each) => each.id === id)!.lastUsedAt;
    await ring.check(key);
    const first = await used();
    await ring.check(key);
    expect(first).toBeInstanceOf(Date);
    expect(await used()).toEqual(first);
  });
});

describe('herald keys', () => {
  test('create prints the key alone, and it works', async () => {
    const { out } = await terminal.run(keysVerb, 'create', 'script', '--scope', 'runs:write');
    expect((await ring.check(out.trim()))?.scopes).toEqual(['runs:write']);
  });

  test('list shows no key, only how it begins', async () => {
    const { key } = await fresh('listed');
    const { out } = await terminal.run(keysVerb, 'list');
    expect(out).toContain(`${key.slice(0, 9)}…`);
    expect(out).not.toContain(key);
  });

  test('a scope that does not exist is refused with those that do', async () => {
    await expect(terminal.run(keysVerb, 'create', 'x', '--scope', 'root')).rejects.toThrow('runs:write');
  });
});
