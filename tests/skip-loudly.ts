/** Tests that need a program which a bare machine may lack: they are skipped there, and say so. */
import { accessSync, constants } from 'node:fs';
import path from 'node:path';

/** Other names of the same program, and the Debian package that brings it. */
const programs: Record<string, { names: readonly string[]; from: string }> = {
  chromium: {
    names: ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'],
    from: 'chromium',
  },
  'redis-server': { names: ['redis-server', 'valkey-server'], from: 'redis-server' },
  pdftotext: { names: ['pdftotext'], from: 'poppler-utils' },
  pdftoppm: { names: ['pdftoppm'], from: 'poppler-utils' },
};

/**
 * Where the program is, or null, which is said aloud: `const redis = needs('redis-server')`, then
 * `describe.skipIf(redis === null)(…)`.
 */
export function needs(
  binary: string,
  say: (text: string) => void = (text) => process.stderr.write(text),
): string | null {
  const { names, from } = programs[binary] ?? { names: [binary], from: binary };
  for (const folder of (process.env.PATH ?? '').split(path.delimiter))
    for (const name of names)
      if (folder !== '' && runs(path.join(folder, name))) return path.join(folder, name);
  say(`\n!!! SKIPPED: these tests need ${binary}, which is not here. Debian: apt-get install ${from}\n\n`);
  return null;
}

function runs(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
