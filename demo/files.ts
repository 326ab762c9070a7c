/** Writes the finance department's CSV files whole, beside the old ones, and renames them into place. */
import { mkdir, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { csvFiles, type Store } from './company/records.ts';

export async function writeFiles(folder: string, files: Store): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [file, columns] of Object.entries(csvFiles)) {
    const lines = [columns.join(',')];
    for (const row of files.all(file)) {
      if (!row.gone) lines.push(columns.map((column) => cell(row.record[column])).join(','));
    }
    // A reader never sees half a file: the name moves to the new one at once.
    const beside = path.join(folder, `.${file}.new`);
    await writeFile(beside, `${lines.join('\n')}\n`);
    await rename(beside, path.join(folder, file));
  }
}

function cell(value: unknown): string {
  const text = value === null || value === undefined ? '' : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
