/** A file that is made once and never seen half-written: of several makers one wins, and all read what it wrote. */
import { linkSync, rmSync, writeFileSync } from 'node:fs';

/** Make `file` with these contents, readable by its owner alone, unless it is there. Throws for any other reason. */
export function writeOnce(file: string, contents: string): void {
  const beside = `${file}.${process.pid}`;
  writeFileSync(beside, contents, { mode: 0o600 });
  try {
    // Unlike a rename, a link never replaces what is there.
    linkSync(beside, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(beside, { force: true });
  }
}
