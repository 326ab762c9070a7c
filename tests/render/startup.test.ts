import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** Modules that a fresh process has loaded after importing ours, from node_modules. */
function loadedBy(module: string): Promise<string[]> {
  const script = `
    import { registerHooks } from 'node:module';
    const seen = new Set();
    registerHooks({ load(url, context, next) { const name = /node_modules\\/((?:@[^/]+\\/)?[^/]+)/.exec(url)?.[1]; if (name) seen.add(name); return next(url, context); } });
    await import(${JSON.stringify(`${root}${module}`)});
    process.stdout.write(JSON.stringify([...seen]));`;
  return new Promise((resolve, reject) => {
    execFile(process.execPath, ['--input-type=module', '-e', script], (error, stdout) =>
      error === null ? resolve(JSON.parse(stdout)) : reject(error),
    );
  });
}

test.each([
  'render/messages/terminal.ts',
  'render/messages/slack.ts',
  'render/messages/teams.ts',
  'render/messages/mail.ts',
  'render/documents/json.ts',
  'render/documents/csv.ts',
])('%s loads no package at all', async (module) => {
  expect(await loadedBy(module)).toEqual([]);
});

test.each([
  'render/picture/painter.ts',
  'render/documents/excel.ts',
  'render/documents/pdf.ts',
  'render/documents/powerpoint.ts',
])('%s loads no heavy package before it is used', async (module) => {
  const loaded = await loadedBy(module);
  for (const heavy of ['vega', 'sharp', 'pdfkit', 'svg-to-pdfkit', 'exceljs', 'pptxgenjs'])
    expect(loaded).not.toContain(heavy);
});
