/** A file read as one thing: which file it is, its text piece by piece, and proof that it stayed the same meanwhile. */
import { createHash, type Hash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { ReadFault } from '../../source.ts';

export type TextFile = {
  /** Size, modification time and a hash of the head: another file under the same name has another identity. */
  identity: string;
  /** First line, without its end. */
  head: string;
  /** The text from a byte on, as far as the file went when it was opened; default: all, without a byte order mark. */
  text(from?: number): AsyncIterable<string>;
  /** Where the text begins: after the byte order mark, where there is one. */
  start: number;
  /** Bytes that the file had when it was opened. */
  size: number;
  /** Its last line has no end, and somebody wrote it just now: perhaps not all of it yet. */
  isBeingWritten(now: Date): boolean;
  /** Hash of the first `bytes` bytes; null when there are fewer. */
  digest(bytes: number): Promise<string | null>;
  /**
   * Ask before the last batch is handed out. What was only appended meanwhile is for the next reading: a log that never
   * rests could not be read otherwise. @throws ReadFault when what was read was written over.
   */
  confirmUnchanged(): Promise<void>;
};

const headBytes = 64 * 1024;
/** A last line without an end that is older than this will get none: many tools write none. */
const SETTLED_MS = 60_000;
const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf]);

/**
 * Opens, hands over and always closes. The open handle keeps reading the same file when the name is given to a new one
 * (rename into place); one that is written *in place* shows in `confirmUnchanged`.
 * @throws ReadFault
 */
export async function* withTextFile<T>(
  place: string,
  path: string,
  encoding: string,
  use: (file: TextFile) => AsyncIterable<T>,
): AsyncIterable<T> {
  const handle = await open(path, 'r').catch((cause: NodeJS.ErrnoException) => {
    const kind = cause.code === 'EACCES' ? 'permission_denied' : 'transient';
    throw new ReadFault(kind, `${place}: the file cannot be opened (${cause.code})`, { cause });
  });
  try {
    const before = await identify(handle);
    refuseOtherKinds(place, before.head, encoding);
    const decoder = new TextDecoder(encoding);
    const head = decoder.decode(before.head).split(/\r\n|\n|\r/, 1)[0] ?? '';
    /** Of all bytes from the first on: those that were looked at, and those that were handed out as text. */
    let looked: Hashed = { bytes: 0, hash: createHash('sha256') };
    let taken = looked;
    const digest = async (bytes: number) => {
      const found = await hashOf(handle, bytes);
      if (found === null) return null;
      looked = found;
      return textOf(found);
    };
    async function* text(from = 0): AsyncIterable<string> {
      if (looked.bytes !== from) await digest(from);
      taken = { bytes: from, hash: looked.hash.copy() };
      yield* decode(place, handle, encoding, { from, to: before.size }, (chunk) => {
        taken.bytes += chunk.length;
        taken.hash.update(chunk);
      });
    }
    const confirmUnchanged = async () => {
      if ((await identify(handle)).identity === before.identity) return;
      const again = await hashOf(handle, taken.bytes);
      if (again && textOf(again) === textOf(taken)) return;
      throw new ReadFault(
        'transient',
        `${place}: the file was written while it was read; write a new one beside it and rename it into place`,
      );
    };
    const start = before.head.subarray(0, 3).equals(byteOrderMark) ? 3 : 0;
    const last = Buffer.alloc(1);
    await handle.read(last, 0, 1, Math.max(0, before.size - 1));
    yield* use({
      identity: before.identity,
      head,
      text,
      start,
      size: before.size,
      isBeingWritten: (now) =>
        before.size > 0 &&
        last[0] !== 0x0a &&
        last[0] !== 0x0d &&
        now.getTime() - before.writtenMs < SETTLED_MS,
      digest,
      confirmUnchanged,
    });
  } finally {
    await handle.close();
  }
}

/** First bytes of what people drop beside CSV files; `encoding`: what may be said to read it after all. */
const otherKinds: readonly { bytes: readonly number[]; told: string; encoding?: string }[] = [
  { bytes: [0x1f, 0x8b], told: 'is compressed by gzip; unpack it' },
  { bytes: [0x50, 0x4b, 0x03, 0x04], told: 'is an Excel workbook or a ZIP archive; save it as CSV' },
  { bytes: [0xd0, 0xcf, 0x11, 0xe0], told: 'is an old Excel workbook; save it as CSV' },
  { bytes: [0xff, 0xfe], told: 'is in UTF-16; say `encoding: utf-16le`', encoding: 'utf-16le' },
  { bytes: [0xfe, 0xff], told: 'is in big-endian UTF-16; save it as UTF-8' },
];

function refuseOtherKinds(place: string, head: Buffer, encoding: string): void {
  const kind = otherKinds.find(({ bytes }) => bytes.every((byte, i) => head[i] === byte));
  if (kind && kind.encoding !== encoding) throw new ReadFault('fatal', `${place}: the file ${kind.told}`);
}

type Identified = { identity: string; head: Buffer; size: number; writtenMs: number };

async function identify(handle: FileHandle): Promise<Identified> {
  const { size, mtimeNs } = await handle.stat({ bigint: true });
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(headBytes), 0, headBytes, 0);
  const head = buffer.subarray(0, bytesRead);
  return {
    identity: `${size}-${mtimeNs}-${createHash('sha256').update(head).digest('base64url').slice(0, 16)}`,
    head,
    size: Number(size),
    writtenMs: Number(mtimeNs / 1_000_000n),
  };
}

type Hashed = { bytes: number; hash: Hash };

const textOf = ({ hash }: Hashed) => hash.copy().digest('base64url').slice(0, 22);

/** All of the earlier part, not its head alone: a record that was changed in its middle must not be missed. */
async function hashOf(handle: FileHandle, bytes: number): Promise<Hashed | null> {
  const hash = createHash('sha256');
  const chunk = Buffer.alloc(4 * headBytes);
  for (let at = 0; at < bytes; ) {
    const { bytesRead } = await handle.read(chunk, 0, Math.min(chunk.length, bytes - at), at);
    if (bytesRead === 0) return null;
    hash.update(chunk.subarray(0, bytesRead));
    at += bytesRead;
  }
  return { bytes, hash };
}

/** Bytes of another encoding would silently become replacement marks inside names. */
async function* decode(
  place: string,
  handle: FileHandle,
  encoding: string,
  { from, to }: { from: number; to: number },
  onRead: (bytes: Buffer) => void,
): AsyncIterable<string> {
  const decoder = new TextDecoder(encoding, { fatal: true });
  const chunk = Buffer.alloc(headBytes);
  try {
    for (let at = from; at < to; ) {
      const { bytesRead } = await handle.read(chunk, 0, Math.min(headBytes, to - at), at);
      if (bytesRead === 0) break;
      at += bytesRead;
      onRead(chunk.subarray(0, bytesRead));
      yield decoder.decode(chunk.subarray(0, bytesRead), { stream: true });
    }
    yield decoder.decode();
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause;
    throw new ReadFault(
      'protocol',
      `${place}: the file is not ${encoding}; say \`encoding: windows-1252\` or another`,
      { cause },
    );
  }
}
