/** The finance department's CSV files: written whole beside the old ones and renamed into place, without any stamp. */
import type { Store } from '../../../demo/company/records.ts';
import { writeFiles } from '../../../demo/files.ts';
import { demoFilesSettings } from '../../../demo/in-house.ts';
import { presentOf } from '../followed.ts';
import { type InHouseSystem, pick } from './system.ts';

const file = 'spend.csv';

export async function openSheets(input: {
  folder: string;
  files: Store;
  random: () => number;
}): Promise<InHouseSystem> {
  const { folder, files, random } = input;
  await writeFiles(folder, files);
  const revisions = () => files.revision(file) + files.revision('nps.csv');
  let written = revisions();
  let added = 0;
  return {
    source: 'finance_files',
    settings: demoFilesSettings(folder) as unknown as Record<string, unknown>,
    followed: ['spend', 'nps'].map((stream) => ({
      source: 'finance_files',
      stream,
      store: files,
      object: `${stream}.csv`,
    })),
    change(at) {
      const { id, record } = pick(presentOf(files, file), random);
      const dice = random();
      if (dice < 0.15) files.remove(file, id, at, 'hard_deleted');
      else if (dice < 0.4) files.put(file, `X${++added}`, { ...record, id: `X${added}` }, at);
      else files.put(file, id, { ...record, amount: Math.round(Number(record.amount) * 100 + 1) / 100 }, at);
    },
    async write() {
      if (revisions() === written) return;
      written = revisions();
      await writeFiles(folder, files);
    },
    close: async () => undefined,
  };
}
