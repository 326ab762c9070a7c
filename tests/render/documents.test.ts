import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import exceljs from 'exceljs';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Answer } from '../../kpi/answer.ts';
import { drawCard } from '../../render/charts/card.ts';
import { csvAnswer } from '../../render/documents/csv.ts';
import { excelAnswer } from '../../render/documents/excel.ts';
import { publicAnswer } from '../../render/documents/json.ts';
import { pdfAnswers, pdfDigest } from '../../render/documents/pdf.ts';
import { powerpointAnswers } from '../../render/documents/powerpoint.ts';
import { vegaSvg } from '../../render/picture/vega-svg.ts';
import { bookings, churn, digest, hostile, hostileText, mrr, nothing, winRate } from '../fixtures/answers.ts';
import { arbitraryAnswer } from '../fixtures/arbitrary-answer.ts';

const svgOf = async (answer: Answer) => await vegaSvg(drawCard(answer));

async function read(answer: Answer) {
  const book = new exceljs.Workbook();
  await book.xlsx.load((await excelAnswer(answer)).buffer as ArrayBuffer);
  return book;
}

describe('an Excel export', () => {
  test('has the answer, its course and where it comes from', async () => {
    const book = await read(bookings);
    expect(book.worksheets.map((sheet) => sheet.name)).toEqual(['Answer', 'Series', 'About']);
    expect(book.getWorksheet('Answer')!.getCell('C5').value).toBe(1_762_000);
    expect(book.getWorksheet('Series')!.getCell('B2').value).toBe(182_000);
    expect(JSON.stringify(book.getWorksheet('About')!.getSheetValues())).toContain(
      'Value of deals won, by their close date.',
    );
  });

  test('computes the change from its own cells', async () => {
    expect((await read(bookings)).getWorksheet('Answer')!.getCell('C7').value).toMatchObject({
      formula: expect.stringContaining('C5-C6'),
      result: 27.4,
    });
    expect((await read(churn)).getWorksheet('Answer')!.getCell('C7').value).toMatchObject({
      formula: expect.stringContaining('C5-C6'),
      result: -0.4,
    });
  });

  test('never turns text into a formula', async () => {
    const sheet = (await read(hostile)).getWorksheet('Parts')!;
    expect(sheet.getCell('A3').type).toBe(exceljs.ValueType.String);
    expect(sheet.getCell('A3').value).toBe('=HYPERLINK("http://e.test")');
  });

  test('leaves a value without records empty', async () => {
    expect((await read(nothing)).getWorksheet('Answer')!.getCell('C5').value).toBeNull();
    expect((await read(winRate)).getWorksheet('Parts')!.getCell('B7').value).toBeNull();
  });

  test('keeps calendar days as they are, in any time zone', async () => {
    expect((await read(bookings)).getWorksheet('Series')!.getCell('A2').value).toEqual(
      new Date('2026-11-01T00:00:00Z'),
    );
  });
});

describe('a CSV export', () => {
  const rows = (answer: Answer): string[][] => parse(csvAnswer(answer), { bom: true });

  test('is one table: the total, then the course', () => {
    expect(rows(mrr)[1]).toEqual([
      'mrr',
      'Monthly recurring revenue',
      'money',
      'EUR',
      'total',
      'October 2026',
      '2026-10-01',
      '2026-11-01',
      '1243800',
      '1012000',
      '',
      'true',
    ]);
    expect(rows(mrr)).toHaveLength(15);
  });

  test('leaves a gap empty', () => {
    expect(rows(mrr)[6]![8]).toBe('');
  });

  test('guards text that a spreadsheet would run, and leaves negative numbers alone', () => {
    const names = rows(hostile).map((row) => row[5]);
    expect(names).toEqual(expect.arrayContaining([`'=HYPERLINK("http://e.test")`, `'+44 20`]));
    expect(rows(hostile).at(-1)![8]).toBe('-4');
  });

  test('has the same number of fields in every line, whatever the answer', () => {
    fc.assert(
      fc.property(arbitraryAnswer, (answer) => {
        for (const row of rows(answer)) {
          expect(row).toHaveLength(12);
          for (const field of row.slice(0, 6)) expect(field).not.toMatch(/^[=+@|%]/);
        }
      }),
      { numRuns: 60 },
    );
  });
});

describe('the public JSON', () => {
  test('carries the value, the change and what they mean', () => {
    expect(publicAnswer(churn)).toMatchObject({
      kpi: 'churn',
      value: 2.1,
      unit: 'percent',
      comparison: { label: 'Q2 2026', change: -0.4, changeUnit: 'pp', good: true },
      definition: { version: '3' },
      dataVersion: 4182,
      asOf: null,
    });
  });

  test('says null for no records', () => {
    expect(publicAnswer(nothing).value).toBeNull();
    expect(publicAnswer(nothing).series.every((point) => point.value === null)).toBe(true);
  });

  test('survives a round trip', () => {
    expect(JSON.parse(JSON.stringify(publicAnswer(winRate)))).toEqual(publicAnswer(winRate));
  });
});

describe('a PDF', () => {
  let bytes: Uint8Array;
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'herald-pdf-'));
    bytes = await pdfDigest(digest, { svgOf });
  });
  afterAll(async () => {
    await rm(folder, { recursive: true });
  });

  const raw = (pdf: Uint8Array) => Buffer.from(pdf).toString('latin1');
  const pages = (pdf: Uint8Array) => raw(pdf).match(/\/Type \/Page\b/g)?.length ?? 0;

  test('of a digest has vectors and no pictures', () => {
    expect(raw(bytes)).not.toContain('/Subtype /Image');
    const streams = [...raw(bytes).matchAll(/stream\r?\n([\s\S]*?)\r?\nendstream/g)].map((match) =>
      Buffer.from(match[1]!, 'latin1'),
    );
    const drawing = streams.flatMap((stream) =>
      stream[0] === 0x78 ? [inflateSync(stream).toString('latin1')] : [],
    );
    expect(drawing.some((content) => /\bl\n[\s\S]*\bS\n/.test(content))).toBe(true);
  });

  test('has a title, a language and tags for screen readers', () => {
    expect(raw(bytes)).toContain('/Lang (en-US)');
    expect(raw(bytes)).toContain('/Marked true');
    expect(raw(bytes)).toContain('/S /Figure');
  });

  test('embeds its typeface', () => {
    expect(raw(bytes)).toMatch(/\/FontFile2/);
    expect(raw(bytes)).toMatch(/Inter-Bold/);
  });

  test('is small', () => {
    expect(bytes.byteLength).toBeLessThan(60_000);
  });

  test('of the same digest is the same', async () => {
    expect(Buffer.from(await pdfDigest(digest, { svgOf })).equals(Buffer.from(bytes))).toBe(true);
  });

  test('never has more than four pages, however much a digest holds', async () => {
    const long = 'A sentence that goes on for a good while about what happened. '.repeat(40);
    const much = Array.from({ length: 12 }, (_, i) => ({ ...churn, sentence: long, title: `${i} ${long}` }));
    const lines = Array.from({ length: 12 }, () => ({ text: long }));
    const fat = {
      ...digest,
      summary: long,
      tiles: much,
      movers: lines,
      unusual: lines,
      restated: lines,
      lateNote: long,
      sections: Array.from({ length: 9 }, () => ({ area: long, answers: much })),
    };
    expect(pages(await pdfDigest(fat, { svgOf }))).toBeLessThanOrEqual(4);
  });

  test('of an answer with hostile text is made', async () => {
    const pdf = await pdfAnswers([hostile], { svgOf, title: hostileText, madeAt: digest.madeAt });
    expect(pages(pdf)).toBe(1);
  });

  test('can be searched and copied from', async ({ skip }) => {
    const file = join(folder, 'digest.pdf');
    await writeFile(file, bytes);
    const text = await new Promise<string | null>((resolve) => {
      execFile('pdftotext', ['-layout', file, '-'], (error, stdout) =>
        resolve(error === null ? stdout : null),
      );
    });
    if (text === null) return skip('pdftotext is not installed');
    expect(text).toContain('What moved and why');
    expect(text.replaceAll('\u00a0', ' ')).toMatch(/vs Q2 2026: 2\.5 %/);
  });
});

test('slides have native charts that can be edited, and notes', async () => {
  const deck = Buffer.from(await powerpointAnswers([churn, winRate, nothing], { title: 'Board' })).toString(
    'latin1',
  );
  expect(deck.match(/ppt\/charts\/chart\d+\.xml/g)?.length).toBeGreaterThanOrEqual(2);
  expect(deck).toContain('ppt/notesSlides/notesSlide1.xml');
  expect(deck).not.toMatch(/ppt\/media\/[^/]+\.png/);
});
