import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** The one typeface, in the two weights that Herald draws with. */
export const fontFamily = 'Inter';

export type Weight = 400 | 700;

const packageFolder = dirname(
  createRequire(import.meta.url).resolve('@expo-google-fonts/inter/package.json'),
);

/** TTF, not woff: neither librsvg nor pdfkit reads the packaged woff files. */
export const fontFiles: Record<Weight, string> = {
  400: join(packageFolder, '400Regular', 'Inter_400Regular.ttf'),
  700: join(packageFolder, '700Bold', 'Inter_700Bold.ttf'),
};

export const fontFolders: readonly string[] = [dirname(fontFiles[400]), dirname(fontFiles[700])];
