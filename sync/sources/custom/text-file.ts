/** A file read as one thing: which file it is, its text piece by piece, and proof that it stayed the same meanwhile. */
import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { ReadFault } from '../../source.ts';

export type TextFile = {
  /** Size, modification time and a hash of the head: another file under the same name has another identity. */
  identity: string;
  /** First line, without its end. */
  head: string;
  text(): AsyncIterable<string>;
  /** Ask before the last batch is handed out. @throws ReadFault when the file was written in place meanwhile. */
  confirmUnchanged(): Promise<void>;
};

const headBytes = 64 * 1024;

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
    const decoder = new TextDecoder(encoding);
    const head = decoder.decode(before.head).split(/\r\n|\n|\r/, 1)[0] ?? '';
    const confirmUnchanged = async () => {
      if ((await identify(handle)).identity === before.identity) return;
      throw new ReadFault(
        'transient',
        `${place}: the file was written while it was read; write a new one beside it and rename it into place`,
      );
    };
    yield* use({
      identity: before.identity,
      head,
      text: () => decode(place, handle, encoding),
      confirmUnchanged,
    });
  } finally {
    await handle.close();
  }
}

async function identify(handle: FileHandle): Promise<{ identity: string; head: Uint8Array }> {
  const { size, mtimeNs } = await handle.stat({ bigint: true });
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(headBytes), 0, headBytes, 0);
  const head = buffer.subarray(0, bytesRead);
  return {
    identity: `${size}-${mtimeNs}-${createHash('sha256').update(head).digest('base64url').slice(0, 16)}`,
    head,
  };
}

/** Bytes of another encoding would silently become replacement marks inside names. */
async function* decode(place: string, handle: FileHandle, encoding: string): AsyncIterable<string> {
  const decoder = new TextDecoder(encoding, { fatal: true });
  const chunk = Buffer.alloc(headBytes);
  try {
    for (let at = 0; ; ) {
      const { bytesRead } = await handle.read(chunk, 0, headBytes, at);
      if (bytesRead === 0) break;
      at += bytesRead;
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
