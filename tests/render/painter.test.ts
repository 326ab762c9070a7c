import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Spec } from 'vega';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createLog } from '../../platform/log.ts';
import { type DrawingProcess, startDrawingProcess } from '../../render/picture/drawing-process.ts';
import { writeFontconfig } from '../../render/picture/fontconfig.ts';
import { createPainter, type Painter } from '../../render/picture/painter.ts';
import { createPool } from '../../render/picture/pool.ts';
import { vegaSvg } from '../../render/picture/vega-svg.ts';
import { churn, mrr } from '../fixtures/answers.ts';

const log = createLog('silent', () => {});
let folder: string;
let painter: Painter;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'herald-painter-'));
  painter = createPainter({ cacheFolder: folder, processes: 1, log });
});

afterAll(async () => {
  await painter.close();
  await rm(folder, { recursive: true });
});

test('a picture for chat is a PNG of 1800 px with an alternative text', async () => {
  const picture = await painter.png(churn);
  expect(Buffer.from(picture.png.subarray(0, 8)).toString('latin1')).toBe('\x89PNG\r\n\x1a\n');
  expect([picture.width, picture.height]).toEqual([1800, 1013]);
  expect(picture.alt.replaceAll('\u00a0', ' ')).toBe(
    'Customer churn, Q3 2026: 2.1 %, down 0.4 pp compared with Q2 2026. From 3.1 % (Q4 2024) to 2.1 % (Q3 2026); lowest 2.1 % (Q3 2026), highest 3.3 % (Q2 2025).',
  );
});

test('a picture for Teams fits into a data URI of 60 KB', async () => {
  const picture = await painter.png(churn, { width: 1000 });
  expect([picture.width, picture.height]).toEqual([1000, 563]);
  expect((picture.png.byteLength * 4) / 3).toBeLessThan(60_000);
});

test('two who ask for the same picture at once get one drawing', async () => {
  const [a, b] = await Promise.all([painter.png(mrr), painter.png(mrr)]);
  expect(a.png).toBe(b.png);
});

test('a picture drawn before is not drawn again, whatever batch of changes it came from', async () => {
  const first = await painter.png(churn);
  const again = await painter.png({ ...churn, dataVersion: churn.dataVersion + 1 });
  expect(again.png).toBe(first.png);
});

test('a picture serves until an age in its footer reads otherwise', async () => {
  const first = await painter.png(churn);
  const aged = (seconds: number) =>
    churn.freshness.map((one) => ({ ...one, ageSeconds: (one.ageSeconds ?? 0) + seconds }));
  expect((await painter.png({ ...churn, at: '2026-11-22T16:00:05Z', freshness: aged(5) })).png).toBe(
    first.png,
  );
  expect((await painter.png({ ...churn, freshness: aged(60) })).png).not.toBe(first.png);
});

test('another theme is another picture', async () => {
  const light = await painter.png(churn);
  const dark = await painter.png(churn, { theme: 'dark' });
  expect(Buffer.from(light.png).equals(Buffer.from(dark.png))).toBe(false);
});

test('a picture that takes too long is given up with a fault, and the next one is drawn', async () => {
  const hasty = createPainter({ cacheFolder: folder, processes: 1, timeoutMs: 1, log });
  await expect(hasty.png(churn)).rejects.toMatchObject({
    kind: 'bug',
    note: expect.stringContaining('took longer than 1 ms'),
  });
  await hasty.close();
  await expect(painter.svg(churn)).resolves.toContain('<svg');
});

test('a closed painter refuses', async () => {
  const closed = createPainter({ cacheFolder: folder, log });
  await closed.close();
  await expect(closed.png(churn)).rejects.toThrow('shutting down');
});

describe('a drawing process', () => {
  const start = async () =>
    await startDrawingProcess({ fontconfigFile: await writeFontconfig(folder), memoryMb: 128 });
  const request = { id: 1, answer: churn, options: {}, form: 'svg' as const, width: 0 };

  test('that dies fails its picture and is replaced', async () => {
    const started: DrawingProcess[] = [];
    const pool = createPool({
      size: 1,
      log,
      start: async () => {
        const one = await start();
        started.push(one);
        return one;
      },
    });
    const killed = pool.run((process_) => {
      const drawing = process_.draw(request, 5000);
      process.kill(process_.pid!, 'SIGKILL');
      return drawing;
    });
    await expect(killed).rejects.toMatchObject({ kind: 'bug' });
    await expect(pool.run((process_) => process_.draw(request, 5000))).resolves.toMatchObject({
      kind: 'svg',
    });
    expect(started).toHaveLength(2);
    await pool.close();
  });

  test('without its font reports that pictures cannot be drawn', async () => {
    const starting = startDrawingProcess({ fontconfigFile: join(folder, 'missing.conf'), memoryMb: 128 });
    await expect(starting).rejects.toMatchObject({
      kind: 'setup',
      message: expect.stringContaining('The font Inter 400 is not drawn'),
    });
  });
});

describe('the loader is closed', () => {
  const reading = (url: string): Spec => ({
    width: 10,
    height: 10,
    data: [{ name: 'stolen', url }],
    marks: [],
  });

  test('to files', async () => {
    await expect(vegaSvg(reading('file:///etc/passwd'))).rejects.toThrow('must not load anything');
    await expect(vegaSvg(reading('/etc/passwd'))).rejects.toThrow('must not load anything');
  });

  test('to the network: no request arrives', async () => {
    let requests = 0;
    const server = createServer((_, response) => {
      requests += 1;
      response.end('[]');
    });
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    const { port } = server.address() as AddressInfo;
    await expect(vegaSvg(reading(`http://127.0.0.1:${port}/x.json`))).rejects.toThrow(
      'must not load anything',
    );
    server.close();
    expect(requests).toBe(0);
  });

  test('to pictures inside a picture', async () => {
    const spec: Spec = {
      width: 10,
      height: 10,
      marks: [
        {
          type: 'image',
          encode: {
            enter: { url: { value: 'file:///etc/hostname' }, width: { value: 5 }, height: { value: 5 } },
          },
        },
      ],
    };
    const svg = await vegaSvg(spec).catch(() => '');
    expect(svg).not.toContain('/etc/hostname');
  });
});
