/** What must be kept and not be read: rotated tokens, sealed with AES-256-GCM in the database. */
import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Database } from '../db/client.ts';
import { writeOnce } from '../db/write-once.ts';
import { HeraldError } from './errors.ts';
import { neverLog } from './log.ts';

export type SecretStore = {
  load(name: string): Promise<string | null>;
  save(name: string, value: string): Promise<void>;
};

/** The installation's key: the given one, else one made once and kept beside the data, readable by its owner alone. */
export function installationKey(given: string | null, folder: string): Buffer {
  if (given) return createHash('sha256').update(given).digest();
  const file = path.join(folder, 'secret-key');
  try {
    mkdirSync(folder, { recursive: true });
    if (!existsSync(file)) writeOnce(file, randomBytes(32).toString('base64'));
  } catch (error) {
    throw new HeraldError('setup', `Cannot write ${file}: ${(error as Error).message}`, { cause: error });
  }
  return createHash('sha256').update(readFileSync(file, 'utf8').trim()).digest();
}

export function createSecretStore(db: Database, key: Buffer, scope: string): SecretStore {
  return {
    async load(name) {
      const [row] = await db.sql<
        { sealed: string }[]
      >`select sealed from kept_secret where name = ${`${scope}.${name}`}`;
      if (!row) return null;
      const [nonce, tag, text] = row.sealed.split('.').map((part) => Buffer.from(part, 'base64url'));
      try {
        const open = createDecipheriv('aes-256-gcm', key, nonce!);
        open.setAuthTag(tag!);
        const value = Buffer.concat([open.update(text!), open.final()]).toString('utf8');
        neverLog(value);
        return value;
      } catch (cause) {
        throw new HeraldError(
          'setup',
          `The kept secret of ${scope} cannot be opened: HERALD_SECRET_KEY is not the one it was sealed with. Give that key back, or connect ${scope} again.`,
          { cause },
        );
      }
    },
    async save(name, value) {
      neverLog(value);
      const nonce = randomBytes(12);
      const seal = createCipheriv('aes-256-gcm', key, nonce);
      const text = Buffer.concat([seal.update(value, 'utf8'), seal.final()]);
      const sealed = [nonce, seal.getAuthTag(), text].map((part) => part.toString('base64url')).join('.');
      await db.sql`insert into kept_secret (name, sealed) values (${`${scope}.${name}`}, ${sealed})
        on conflict (name) do update set sealed = excluded.sealed, updated_at = clock_timestamp()`;
    },
  };
}
