import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Database, openDatabase } from '../../db/client.ts';
import { scrub } from '../../platform/log.ts';
import { createSecretStore, installationKey } from '../../platform/secrets.ts';
import { openTestDatabase, type TestDatabase } from '../database.ts';

let home: TestDatabase;
let db: Database;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'herald-secrets-'));
  home = await openTestDatabase();
  db = openDatabase(home.url, { name: 'herald-test', max: 2 });
});
afterAll(async () => {
  await db.close();
  await home.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('the installation’s key', () => {
  test('is made once and stays', () => {
    const place = path.join(folder, 'once');
    expect(installationKey(null, place)).toEqual(installationKey(null, place));
  });

  test('is its owner’s alone', () => {
    const place = path.join(folder, 'mode');
    installationKey(null, place);
    expect(statSync(path.join(place, 'secret-key')).mode & 0o777).toBe(0o600);
  });

  test('differs between installations', () => {
    expect(installationKey(null, path.join(folder, 'a'))).not.toEqual(
      installationKey(null, path.join(folder, 'b')),
    );
  });

  test('the given one is used and nothing is written', () => {
    const place = path.join(folder, 'given');
    const key = installationKey('a'.repeat(32), place);
    expect(key).toHaveLength(32);
    expect(() => readFileSync(path.join(place, 'secret-key'))).toThrow('ENOENT');
  });

  test('a folder that cannot be written is the operator’s to mend', () => {
    const file = path.join(folder, 'a-file');
    writeFileSync(file, '');
    for (const place of [file, path.join(file, 'below')])
      expect(() => installationKey(null, place)).toThrow(/^Cannot write .*secret-key/);
  });
});

describe('the secret store', () => {
  const key = installationKey('k'.repeat(32), '/unused');

  test('gives back what it was given', async () => {
    const store = createSecretStore(db, key, 'hubspot');
    await store.save('refresh', 'a-refresh-token ü');
    expect(await store.load('refresh')).toBe('a-refresh-token ü');
  });

  test('has nothing where nothing was saved', async () => {
    expect(await createSecretStore(db, key, 'hubspot').load('nothing')).toBeNull();
  });

  test('replaces a rotated token', async () => {
    const store = createSecretStore(db, key, 'rotating');
    await store.save('token', 'the-first-token');
    await store.save('token', 'the-second-token');
    expect(await store.load('token')).toBe('the-second-token');
  });

  test('keeps scopes apart', async () => {
    await createSecretStore(db, key, 'one').save('token', 'token-of-one');
    expect(await createSecretStore(db, key, 'two').load('token')).toBeNull();
  });

  test('writes nothing readable into the database', async () => {
    await createSecretStore(db, key, 'sealed').save('token', 'plainly-readable');
    const [row] = await db.sql<
      { sealed: string }[]
    >`select sealed from kept_secret where name = 'sealed.token'`;
    expect(row!.sealed).not.toContain('plainly');
    expect(Buffer.from(row!.sealed.split('.')[2]!, 'base64url').toString()).not.toContain('plainly');
  });

  test('seals the same value differently each time', async () => {
    const store = createSecretStore(db, key, 'nonce');
    await store.save('a', 'the-same-value');
    await store.save('b', 'the-same-value');
    const rows = await db.sql<{ sealed: string }[]>`select sealed from kept_secret where name like 'nonce.%'`;
    expect(new Set(rows.map(({ sealed }) => sealed)).size).toBe(2);
  });

  test('another key opens nothing, and says what to do', async () => {
    await createSecretStore(db, key, 'locked').save('token', 'locked-away');
    const other = createSecretStore(db, installationKey('o'.repeat(32), '/unused'), 'locked');
    await expect(other.load('token')).rejects.toMatchObject({
      kind: 'setup',
      message: expect.stringContaining('HERALD_SECRET_KEY'),
    });
  });

  test('a value that was tampered with is refused', async () => {
    const store = createSecretStore(db, key, 'tampered');
    await store.save('token', 'untouched-value');
    await db.sql`update kept_secret set sealed = overlay(sealed placing 'AAAA' from length(sealed) - 3) where name = 'tampered.token'`;
    await expect(store.load('token')).rejects.toMatchObject({ kind: 'setup' });
  });

  test('what it kept never leaves by the log', async () => {
    await createSecretStore(db, key, 'quiet').save('token', 'kept-and-never-said');
    expect(scrub('token=kept-and-never-said')).toBe('token=•••');
  });
});
