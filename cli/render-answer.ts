/** An answer as a file, in whatever format was asked. Each renderer is imported when it is needed. */
import type { Answer } from '../kpi/answer.ts';
import type { Log } from '../platform/log.ts';
import type { Painter } from '../render/picture/painter.ts';

export type FileFormat = 'json' | 'png' | 'svg' | 'csv' | 'xlsx' | 'pdf' | 'pptx';

export type RenderSettings = { cacheFolder: string; log: Log };

export async function renderAnswer(
  answer: Answer,
  format: FileFormat,
  settings: RenderSettings,
): Promise<string | Uint8Array> {
  switch (format) {
    case 'json': {
      const { publicAnswer } = await import('../render/documents/json.ts');
      return `${JSON.stringify(publicAnswer(answer), null, 2)}\n`;
    }
    case 'csv':
      return (await import('../render/documents/csv.ts')).csvAnswer(answer);
    case 'xlsx':
      return (await import('../render/documents/excel.ts')).excelAnswer(answer);
    case 'pptx':
      return (await import('../render/documents/powerpoint.ts')).powerpointAnswers([answer], {
        title: answer.title,
      });
    case 'svg':
      return withPainter(settings, (painter) => painter.svg(answer));
    case 'png':
      return withPainter(settings, async (painter) => (await painter.png(answer)).png);
    case 'pdf':
      return withPainter(settings, async (painter) =>
        (await import('../render/documents/pdf.ts')).pdfAnswers([answer], {
          svgOf: (one) => painter.svg(one),
          title: answer.title,
          madeAt: answer.at,
        }),
      );
    default:
      return format satisfies never;
  }
}

/** One drawing process, for one file. */
export async function withPainter<T>(
  { cacheFolder, log }: RenderSettings,
  draw: (painter: Painter) => Promise<T>,
): Promise<T> {
  const { createPainter } = await import('../render/picture/painter.ts');
  const painter = createPainter({ cacheFolder, processes: 1, log });
  try {
    return await draw(painter);
  } finally {
    await painter.close();
  }
}
