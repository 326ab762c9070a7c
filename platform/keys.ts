/**
 * Keys for programs: `hrld_`, 256 random bits in base 62, and a checksum. The checksum lets a mistyped key be refused
 * without asking the database, and lets secret scanners know one when they see it (as GitHub's tokens do). The
 * database keeps the SHA-256 of a key: with 256 random bits nobody guesses it, so a slow hash would protect nothing.
 */
import { createHash, randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { Database, Queryable } from '../db/client.ts';
import { HeraldError } from './errors.ts';
import { neverLog } from './log.ts';

const PREFIX = 'hrld_';
const SECRET_BYTES = 32;
/** 62^43 > 2^256 and 62^6 > 2^32. */
const SECRET_DIGITS = 43;
const CHECK_DIGITS = 6;
/** Shown in lists: enough to tell keys apart, far too little to guess one. */
const SHOWN = PREFIX.length + 4;
const shape = new RegExp(`^${PREFIX}[0-9A-Za-z]{${SECRET_DIGITS + CHECK_DIGITS}}$`);
const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

export type ApiKey = {
  id: number;
  name: string;
  prefix: string;
  scopes: string[];
  createdAt: Date;
  expiresAt: Date | null;
  revokedAt: Date | null;
  lastUsedAt: Date | null;
};

/** A key as it is shown once, to whoever made it. */
export type FreshKey = { id: number; key: string };

export type KeyRing = {
  /** `days`: until it expires; null never does. */
  create(input: { name: string; scopes: readonly string[]; days: number | null }): Promise<FreshKey>;
  list(): Promise<ApiKey[]>;
  /** False when there is no such key, or it is revoked already. */
  revoke(id: number): Promise<boolean>;
  /** A new key with the old one's name and scopes; the old one ends after `graceHours`. */
  rotate(id: number, options: { days: number | null; graceHours: number }): Promise<FreshKey>;
  /** Whose key this is; null when it is unknown, revoked or expired. */
  check(key: string): Promise<Pick<ApiKey, 'id' | 'name' | 'scopes'> | null>;
};

function base62(value: bigint, width: number): string {
  let text = '';
  for (let rest = value; text.length < width; rest /= 62n) text = digits[Number(rest % 62n)]! + text;
  return text;
}

const checksum = (body: string) => base62(BigInt(crc32(body)), CHECK_DIGITS);

/** A new key's text. */
export function makeKey(): string {
  const body = PREFIX + base62(BigInt(`0x${randomBytes(SECRET_BYTES).toString('hex')}`), SECRET_DIGITS);
  const key = body + checksum(body);
  neverLog(key);
  return key;
}

/** True when the text can be a key at all: its form and its checksum are right. */
export function looksLikeKey(text: string): boolean {
  return shape.test(text) && checksum(text.slice(0, -CHECK_DIGITS)) === text.slice(-CHECK_DIGITS);
}

const hashOf = (key: string) => createHash('sha256').update(key).digest();

type Row = {
  id: number;
  name: string;
  prefix: string;
  scopes: string[];
  created_at: Date;
  expires_at: Date | null;
  revoked_at: Date | null;
  last_used_at: Date | null;
};

export function createKeyRing(db: Database): KeyRing {
  const keep = async (
    sql: Queryable,
    name: string,
    scopes: readonly string[],
    days: number | null,
  ): Promise<FreshKey> => {
    const key = makeKey();
    const [row] = await sql<{ id: number }[]>`
      insert into api_key (name, hash, prefix, scopes, expires_at)
      values (${name}, ${hashOf(key)}, ${key.slice(0, SHOWN)}, ${JSON.stringify(scopes)}::text::jsonb,
        clock_timestamp() + make_interval(days => ${days}::int)) returning id`;
    return { id: row!.id, key };
  };
  return {
    create: ({ name, scopes, days }) => keep(db.sql, name, scopes, days),
    async list() {
      const rows = await db.sql<
        Row[]
      >`select id, name, prefix, scopes, created_at, expires_at, revoked_at, last_used_at from api_key order by id`;
      return rows.map((row) => ({
        id: row.id,
        name: row.name,
        prefix: row.prefix,
        scopes: row.scopes,
        createdAt: row.created_at,
        expiresAt: row.expires_at,
        revokedAt: row.revoked_at,
        lastUsedAt: row.last_used_at,
      }));
    },
    async revoke(id) {
      const rows =
        await db.sql`update api_key set revoked_at = clock_timestamp() where id = ${id} and revoked_at is null returning 1`;
      return rows.length === 1;
    },
    rotate: (id, { days, graceHours }) =>
      db.inTransaction(async (tx) => {
        const [old] = await tx<Pick<Row, 'name' | 'scopes'>[]>`
          update api_key set expires_at = least(expires_at, clock_timestamp() + make_interval(hours => ${graceHours}::int))
          where id = ${id} and revoked_at is null and (expires_at is null or expires_at > clock_timestamp())
          returning name, scopes`;
        if (!old)
          throw new HeraldError('ask', `There is no living key ${id}. "herald keys list" shows them.`);
        return keep(tx, old.name, old.scopes, days);
      }),
    async check(key) {
      if (!looksLikeKey(key)) return null;
      const hash = hashOf(key);
      const [row] = await db.sql<(Pick<Row, 'id' | 'name' | 'scopes'> & { unseen: boolean })[]>`
        select id, name, scopes, (last_used_at is null or last_used_at < clock_timestamp() - interval '1 hour') as unseen
        from api_key where hash = ${hash} and revoked_at is null and (expires_at is null or expires_at > clock_timestamp())`;
      if (!row) return null;
      if (row.unseen) await db.sql`update api_key set last_used_at = clock_timestamp() where id = ${row.id}`;
      return { id: row.id, name: row.name, scopes: row.scopes };
    },
  };
}
