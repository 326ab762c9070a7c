/** The house's own source files, as the tests of its rules read them. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

export const root = path.resolve(import.meta.dirname, '../..');
export const rooms = [
  'bot',
  'render',
  'kpi',
  'db',
  'sync',
  'platform',
  'demo',
  'cli',
  'docs',
  'bench',
] as const;
export type Room = (typeof rooms)[number];

export type SourceFile = { path: string; room: Room | 'top'; text: string };

/** Every TypeScript file that ships, by its path from the root. */
export function sourceFiles(): SourceFile[] {
  const inRooms = rooms.flatMap((room) => walk(room).map((file) => read(file, room)));
  return [...inRooms, read('main.ts', 'top'), read('config.ts', 'top')];
}

function read(file: string, room: SourceFile['room']): SourceFile {
  return { path: file, room, text: readFileSync(path.join(root, file), 'utf8') };
}

function walk(folder: string): string[] {
  return readdirSync(path.join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const at = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return walk(at);
    return /\.tsx?$/.test(entry.name) && !entry.name.endsWith('.d.ts') ? [at] : [];
  });
}

export type Import = { from: string; to: string; how: 'static' | 'type' | 'dynamic'; line: number };

const patterns: readonly [Import['how'], RegExp][] = [
  ['type', /^\s*(?:import|export)\s+type\s[^;]*?from\s+'([^']+)'/gm],
  ['static', /^\s*(?:import|export)\s+(?!type\s)(?:[^;'()]*?\sfrom\s+)?'([^']+)'/gm],
  ['dynamic', /\bimport\(\s*'([^']+)'/g],
  ['static', /\brequire(?:\.resolve)?\(\s*'([^']+)'/g],
];

/** What a file imports: paths from the root for the house's own files, package names for the rest. */
export function importsOf(file: SourceFile): Import[] {
  const code = withoutComments(file.text);
  return patterns.flatMap(([how, pattern]) =>
    [...code.matchAll(pattern)].map((match) => ({
      from: file.path,
      to: target(file.path, match[1]!),
      how,
      line: code.slice(0, match.index + match[0].length).split('\n').length,
    })),
  );
}

function target(from: string, to: string): string {
  return to.startsWith('.') ? path.posix.join(path.posix.dirname(from), to) : to;
}

/** Comments blanked out, line numbers kept. Good enough for this code: no comment marks stand inside its strings before code. */
export function withoutComments(text: string): string {
  return text
    .replace(/\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, ' '))
    .replace(/(^|[\s;{}(,])\/\/.*$/gm, '$1');
}
