import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { Answer } from '../../kpi/answer.ts';
import { HeraldError } from '../../platform/errors.ts';
import type { Log } from '../../platform/log.ts';
import type { DrawOptions } from '../charts/page.ts';
import { describeSources } from '../freshness.ts';
import { altText, tableAltText } from './alt-text.ts';
import { type DrawingProcess, startDrawingProcess } from './drawing-process.ts';
import { writeFontconfig } from './fontconfig.ts';
import { createPool } from './pool.ts';
import type { Drawable, Request, Response } from './protocol.ts';

/** 1800: chat, mail, slides. 1000: Teams, which takes pictures up to 1024 px. */
export type PictureWidth = 1800 | 1000;

export type Picture = { png: Uint8Array; alt: string; width: number; height: number };

export type PainterSettings = {
  /** Folder of ours for the fontconfig file and its cache. */
  cacheFolder: string;
  /** Drawing processes; each weighs about 200 MB. Default 2. */
  processes?: number;
  /** A picture that takes longer is given up and its process replaced. Default 5,000. */
  timeoutMs?: number;
  /** Heap limit of a drawing process. Default 256. */
  memoryMb?: number;
  /** Bytes of drawn pictures kept in this process. Default 64 MB, about 700 pictures. */
  cacheBytes?: number;
  log: Log;
};

export type Painter = {
  svg(answer: Drawable, options?: DrawOptions): Promise<string>;
  png(answer: Drawable, options?: DrawOptions & { width?: PictureWidth }): Promise<Picture>;
  /** Start every drawing process now; rejects with a `setup` error when fonts do not draw. */
  warm(): Promise<void>;
  close(): Promise<void>;
};

/**
 * The same picture has the same key, whoever asks and whenever: only what is drawn counts. Ages are in it as
 * the footer words them, so that a picture serves for as long as it is still true.
 */
function contentKey(answer: Drawable, options: DrawOptions, form: string, width: number): string {
  const { dataVersion: _version, reading: _reading, freshness: _ages, at, ...drawn } = answer;
  const { theme = 'light', locale = 'en-US', marked = null } = options;
  const content = [
    'kind' in drawn ? drawn : drawnOf(drawn),
    describeSources(answer),
    at.slice(0, 10),
    theme,
    locale,
    marked,
    form,
    width,
  ];
  return createHash('sha256').update(JSON.stringify(content)).digest('base64url');
}

/** The wording of an answer is not in its picture, and of its question only what the chart follows. */
function drawnOf<T extends Pick<Answer, 'question' | 'sentence'>>({
  question,
  sentence: _sentence,
  ...drawn
}: T) {
  return { ...drawn, asOf: question.asOf, top: question.top };
}

/** Draws answers in warm child processes; equal requests are drawn once and kept. */
export function createPainter(settings: PainterSettings): Painter {
  const { processes = 2, timeoutMs = 5000, memoryMb = 256, cacheBytes = 64_000_000, log } = settings;
  let fontconfig: Promise<string> | null = null;
  const start = async (): Promise<DrawingProcess> => {
    fontconfig ??= writeFontconfig(settings.cacheFolder);
    return await startDrawingProcess({ fontconfigFile: await fontconfig, memoryMb });
  };
  const pool = createPool<Response>({ size: processes, start, log });
  const kept = new LRUCache<string, Response>({
    maxSize: cacheBytes,
    sizeCalculation: (response) =>
      response.kind === 'png'
        ? response.png.byteLength
        : response.kind === 'svg'
          ? response.svg.length * 2
          : 1,
  });
  const underWay = new Map<string, Promise<Response>>();
  let lastId = 0;

  async function drawn(
    answer: Drawable,
    options: DrawOptions,
    form: Request['form'],
    width: number,
  ): Promise<Response> {
    const key = contentKey(answer, options, form, width);
    const known = kept.get(key) ?? underWay.get(key);
    if (known !== undefined) return await known;
    lastId += 1;
    const request: Request = {
      id: lastId,
      answer,
      options: { theme: options.theme, locale: options.locale, marked: options.marked },
      form,
      width,
    };
    const promise = pool
      .run((process) => process.draw(request, timeoutMs))
      .then((response) => {
        if (response.kind === 'failed') {
          throw new HeraldError('bug', 'The picture could not be drawn. The numbers above are complete.', {
            note: response.message,
          });
        }
        kept.set(key, response);
        return response;
      });
    underWay.set(key, promise);
    try {
      return await promise;
    } finally {
      underWay.delete(key);
    }
  }

  return {
    async svg(answer, options = {}) {
      const response = await drawn(answer, options, 'svg', 0);
      if (response.kind !== 'svg')
        throw new HeraldError('bug', 'The picture could not be drawn.', {
          note: `got ${response.kind} for svg`,
        });
      return response.svg;
    },
    async png(answer, options = {}) {
      const response = await drawn(answer, options, 'png', options.width ?? 1800);
      if (response.kind !== 'png')
        throw new HeraldError('bug', 'The picture could not be drawn.', {
          note: `got ${response.kind} for png`,
        });
      const { png, width, height } = response;
      const alt = 'kind' in answer ? tableAltText(answer) : altText(answer, options.locale);
      return { png, width, height, alt };
    },
    warm: () => pool.warm(),
    close: () => pool.close(),
  };
}
