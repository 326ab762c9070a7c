import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fontFamily, fontFolders } from '../fonts.ts';

/** Where systems keep fonts: only a fallback for scripts that Inter lacks (a customer named in Japanese). */
const systemFolders = [
  '/usr/share/fonts',
  '/usr/local/share/fonts',
  '/System/Library/Fonts',
  'C:\\Windows\\Fonts',
];

function xml(text: string): string {
  return text.replace(/[<>&"']/g, (c) => `&#${c.charCodeAt(0)};`);
}

function folder(path: string): string {
  return `<dir>${xml(path)}</dir>`;
}

/**
 * Write the fontconfig file that a drawing process must have in its environment before it starts.
 * Without one, on a machine without fonts, librsvg draws boxes and reports success.
 * Figures are tabular everywhere: Pango reads `fontfeatures` from the matched pattern.
 */
export async function writeFontconfig(cacheFolder: string): Promise<string> {
  const cache = join(cacheFolder, 'fonts');
  await mkdir(cache, { recursive: true });
  const file = join(cacheFolder, 'fonts.conf');
  const content = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig>
${[...fontFolders, ...systemFolders].map(folder).join('\n')}
<cachedir>${xml(cache)}</cachedir>
<match target="font">
  <test name="family"><string>${fontFamily}</string></test>
  <edit name="fontfeatures" mode="append"><string>tnum=1</string></edit>
</match>
</fontconfig>
`;
  await writeFile(file, content);
  return file;
}
