/**
 * A telephone system's log, one JSON record a line. A call that goes on gets another line, the last one counts; a line is
 * at times written in two goes. Now and then the log is rewritten without what is old, and calls that were erased are
 * missing from then on.
 */
import { appendFile, mkdir, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { createStore } from '../../../demo/company/store.ts';
import { presentOf } from '../followed.ts';
import { type InHouseSystem, pick } from './system.ts';

const object = 'calls';

export async function openCallLog(input: {
  folder: string;
  at: number;
  random: () => number;
}): Promise<InHouseSystem> {
  const { folder, random } = input;
  const store = createStore();
  let count = 0;
  const call = (at: number) => {
    const id = `C${++count}`;
    store.put(
      object,
      id,
      { id, kind: 'call', status: 'ringing', at: new Date(at).toISOString(), changed: at },
      at,
    );
  };
  // More than one batch of the reader's.
  for (let n = 0; n < 2_100; n++) call(input.at - n * 3_600_000);

  await mkdir(folder, { recursive: true });
  const file = path.join(folder, 'calls.jsonl');
  const line = (record: Record<string, unknown>) => `${JSON.stringify(record)}\n`;
  let waiting: string[] = [];
  async function rewrite(): Promise<void> {
    waiting = [];
    const beside = path.join(folder, '.calls.new');
    await writeFile(
      beside,
      presentOf(store, object)
        .map(({ record }) => line(record))
        .join(''),
    );
    await rename(beside, file);
  }
  await rewrite();
  store.watch(({ id }) => {
    const { record, gone } = store.get(object, id)!;
    if (!gone) waiting.push(line(record));
  });

  return {
    source: 'telephone',
    settings: {
      kind: 'jsonl',
      folder,
      streams: {
        calls: {
          file: 'calls.jsonl',
          key: 'id',
          updatedAt: 'changed',
          entity: 'activity',
          map: { kind: 'kind', status: 'status', at: 'at' },
        },
      },
    },
    followed: [{ source: 'telephone', stream: 'calls', store, object }],
    change(at) {
      const dice = random();
      const { id, record } = pick(presentOf(store, object), random);
      if (dice < 0.4) call(at);
      else if (dice < 0.5) store.remove(object, id, at, 'hard_deleted');
      else store.put(object, id, { ...record, status: `rang ${at}`, changed: at }, at);
    },
    async write(last) {
      if (last || random() < 0.05) return rewrite();
      const text = waiting.join('');
      waiting = [];
      const cut = random() < 0.3 ? Math.floor(random() * text.length) : 0;
      if (cut > 0) {
        await appendFile(file, text.slice(0, cut));
        await pause(random() * 100);
      }
      await appendFile(file, text.slice(cut));
    },
    close: async () => undefined,
  };
}
