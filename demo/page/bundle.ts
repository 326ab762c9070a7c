/** Bundles the page when Herald starts: no build step, and no files left behind. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { build, type Plugin, stop } from 'esbuild';

const here = import.meta.dirname;

/** Panes that the page shows when they are there. */
const panes: Record<string, string> = { 'pane:teams': 'teams-pane.tsx', 'pane:inbox': 'inbox.tsx' };

const optionalPanes: Plugin = {
  name: 'optional-panes',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^pane:/ }, ({ path }) => {
      const file = join(here, panes[path] ?? '');
      return existsSync(file) && panes[path] ? { path: file } : { path, namespace: 'absent' };
    });
    onLoad({ filter: /.*/, namespace: 'absent' }, () => ({ contents: 'export default null;' }));
  },
};

/** Script and style sheet of the page; takes about half a second. */
export async function bundlePage(): Promise<{ js: string; css: string }> {
  const { outputFiles } = await build({
    entryPoints: [join(here, 'main.tsx')],
    outdir: '/page',
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    jsx: 'automatic',
    minify: true,
    legalComments: 'none',
    logLevel: 'silent',
    define: { 'process.env.NODE_ENV': '"production"' },
    external: ['/demo/page/*'],
    plugins: [optionalPanes],
  });
  // Its helper process would keep Herald alive after everything else has stopped.
  await stop();
  const text = (ending: string) => outputFiles.find(({ path }) => path.endsWith(ending))?.text ?? '';
  return { js: text('.js'), css: text('.css') };
}
