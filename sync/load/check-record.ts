/** What must be right about a record before its hash can be compared: its id, its version, its size. */
import type { SourceRecord } from '../source.ts';

/** Characters of one record: a platform's longest texts have 131,072. What is larger is an attachment or an attack. */
export const mostPerRecord = 4 * 1024 * 1024;
/** An id is part of an index's key, which may have 2,704 bytes. */
const MOST_ID_BYTES = 500;

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what an id must not have.
const control = /[\u0000-\u001f]/;

/** Why it cannot be stored as itself; null when it can. */
export function identityFault({ id, version }: SourceRecord): string | null {
  if (typeof id !== 'string' || id === '') return 'It has no id.';
  if (control.test(id) || !id.isWellFormed()) return 'Its id has characters that are no text.';
  if (id.length * 3 > MOST_ID_BYTES && Buffer.byteLength(id) > MOST_ID_BYTES)
    return `Its id has ${Buffer.byteLength(id)} bytes, where ${MOST_ID_BYTES} are the most.`;
  if (!Number.isSafeInteger(version)) return `Its version, ${String(version)}, is not a whole number.`;
  return null;
}

/** Why it is not kept in full; null when it is. */
export function sizeFault(payload: string): string | null {
  if (payload.length <= mostPerRecord) return null;
  const megabytes = (size: number) => `${(size / 1024 ** 2).toFixed(1)} MB`;
  return `It is ${megabytes(Buffer.byteLength(payload))} large, where ${megabytes(mostPerRecord)} are the most; its text was not kept.`;
}
