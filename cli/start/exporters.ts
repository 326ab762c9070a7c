/** Answers as documents for the export buttons, each renderer loaded when first used. */
import type { Document } from '../../bot/commands/command.ts';
import type { Answer } from '../../kpi/answer.ts';
import type { Painter } from '../../render/picture/painter.ts';

const mimes = {
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  pptx: 'application/vnd.openxmlformats-officedocument.presentationml.presentation',
  pdf: 'application/pdf',
  csv: 'text/csv; charset=utf-8',
  png: 'image/png',
} as const;

type Format = keyof typeof mimes;

export function createExporters(painter: Painter): Record<Format, (answer: Answer) => Promise<Document>> {
  const make =
    (format: Format, render: (answer: Answer) => Promise<Uint8Array>) =>
    async (answer: Answer): Promise<Document> => ({
      name: `${answer.kpi}-${answer.period.from}.${format}`,
      mime: mimes[format],
      bytes: await render(answer),
    });
  return {
    xlsx: make('xlsx', async (answer) =>
      (await import('../../render/documents/excel.ts')).excelAnswer(answer),
    ),
    pptx: make('pptx', async (answer) =>
      (await import('../../render/documents/powerpoint.ts')).powerpointAnswers([answer], {
        title: answer.title,
      }),
    ),
    pdf: make('pdf', async (answer) =>
      (await import('../../render/documents/pdf.ts')).pdfAnswers([answer], {
        svgOf: (one) => painter.svg(one),
        title: answer.title,
        madeAt: answer.at,
      }),
    ),
    csv: make('csv', async (answer) =>
      Buffer.from((await import('../../render/documents/csv.ts')).csvAnswer(answer)),
    ),
    png: make('png', async (answer) => (await painter.png(answer)).png),
  };
}
