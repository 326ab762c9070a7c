import type PDFDocument from 'pdfkit';
import { canvas } from '../charts/frame.ts';
import { themes } from '../charts/theme.ts';
import { fontFiles } from '../fonts.ts';
import { plainText } from '../plain-text.ts';

type Doc = InstanceType<typeof PDFDocument>;

/** A4 in points, and the column that everything stands in. */
export const page = { width: 595.28, height: 841.89, margin: 48 } as const;
export const column = page.width - 2 * page.margin;

const colors = themes.light;

type TextStyle = {
  size?: number;
  bold?: boolean;
  color?: keyof typeof colors;
  x?: number;
  y?: number;
  width?: number;
  gap?: number;
  tag?: 'H1' | 'H2' | 'P' | 'LI';
};

/** A PDF in the making: text and charts go in from top to bottom, a page is added when the next piece does not fit. */
export type PdfPage = {
  text(content: string, style?: TextStyle): void;
  /** Height that a text would take. */
  heightOf(content: string, style?: TextStyle): number;
  /** A chart as vectors, scaled to the width; returns its height. */
  chart(svg: string, alt: string, at: { x: number; width: number }): number;
  /** A course without axes, as decoration of a tile: its numbers are said elsewhere. */
  spark(
    values: readonly (number | null)[],
    box: { x: number; y: number; width: number; height: number },
  ): void;
  /** True when so much height is left on this page. */
  fits(height: number): boolean;
  newPage(): void;
  /** Pages so far. */
  pages(): number;
  line(): void;
  y(): number;
  moveTo(y: number): void;
  finish(): Promise<Uint8Array>;
};

/**
 * Vega writes solid lines as dashes of 1 and 0, on which pdfkit throws. The outermost size goes too: the
 * drawing is to fill the box it is given, by its viewBox.
 */
function fillingItsBox(svg: string): string {
  return svg
    .replace(/\sstroke-dasharray="(?:\s*[\d.]+\s*,\s*0\s*|0|)"/g, '')
    .replace(/^(<svg\b[^>]*?)\swidth="[\d.]+"([^>]*?)\sheight="[\d.]+"/, '$1$2');
}

/** Start a document: embedded Inter, language, title, structure tags for screen readers. */
export async function startPdf(about: { title: string; language: string; madeAt: string }): Promise<PdfPage> {
  const [{ default: Pdf }, { default: svgToPdf }] = await Promise.all([
    import('pdfkit'),
    import('svg-to-pdfkit'),
  ]);
  const doc: Doc = new Pdf({
    size: 'A4',
    margins: { top: page.margin, bottom: page.margin - 12, left: page.margin, right: page.margin },
    lang: about.language,
    tagged: true,
    displayTitle: true,
    pdfVersion: '1.7',
    info: {
      Title: plainText(about.title),
      Author: 'Herald',
      Creator: 'Herald',
      CreationDate: new Date(about.madeAt),
      ModDate: new Date(about.madeAt),
    },
  });
  doc.registerFont('Inter', fontFiles[400]).registerFont('Inter-Bold', fontFiles[700]);
  const chunks: Uint8Array[] = [];
  const done = new Promise<Uint8Array>((resolve, reject) => {
    doc.on('data', (chunk: Uint8Array) => chunks.push(chunk));
    doc.on('end', () => resolve(new Uint8Array(Buffer.concat(chunks))));
    doc.on('error', reject);
  });
  let pages = 1;
  doc.on('pageAdded', () => {
    pages += 1;
  });
  const root = doc.struct('Document');
  doc.addStructure(root);

  const use = ({ size = 10.5, bold = false, color = 'ink' }: TextStyle) =>
    doc
      .font(bold ? 'Inter-Bold' : 'Inter')
      .fontSize(size)
      .fillColor(colors[color]);
  const width = (style: TextStyle) => style.width ?? column;
  return {
    text(content, style = {}) {
      const clean = plainText(content, 5000);
      if (clean === '') return;
      root.add(
        doc.struct(style.tag ?? 'P', {}, () => {
          use(style).text(clean, style.x ?? page.margin, style.y ?? doc.y, {
            width: width(style),
            lineGap: 2.5,
            features: ['tnum'],
          });
        }),
      );
      doc.y += style.gap ?? 0;
    },
    heightOf: (content, style = {}) =>
      use(style).heightOfString(plainText(content, 5000), { width: width(style), lineGap: 2.5 }) +
      (style.gap ?? 0),
    chart(svg, alt, at) {
      // The card has a margin of its own: drawn outside the box, so that chart and text share one left edge.
      const scale = at.width / (canvas.width - 2 * canvas.margin);
      const height = canvas.height * scale;
      const top = doc.y - 16 * scale;
      root.add(
        doc.struct('Figure', { alt: plainText(alt, 500) }, () => {
          svgToPdf(doc, fillingItsBox(svg), at.x - canvas.margin * scale, top, {
            width: canvas.width * scale,
            height,
            assumePt: true,
            fontCallback: (_family, bold) => (bold ? 'Inter-Bold' : 'Inter'),
            imageCallback: () => '',
          });
        }),
      );
      doc.y = top + height;
      return height;
    },
    spark(values, box) {
      const known = values.filter((value): value is number => value !== null);
      if (known.length < 2) return;
      const [low, high] = [Math.min(...known), Math.max(...known)];
      const x = (i: number) => box.x + (i * box.width) / (values.length - 1);
      const y = (value: number) =>
        box.y + box.height * (high === low ? 0.5 : 1 - (value - low) / (high - low));
      doc.markContent('Artifact', { type: 'Layout' });
      values.forEach((value, i) => {
        if (value === null) return;
        const before = values[i - 1] ?? null;
        if (before === null) doc.moveTo(x(i), y(value));
        else doc.lineTo(x(i), y(value));
      });
      doc.lineWidth(1.5).lineJoin('round').strokeColor(colors.brand).stroke();
      const last = values.findLastIndex((value) => value !== null);
      doc.circle(x(last), y(values[last]!), 2.4).fill(colors.brand);
      doc.endMarkedContent();
    },
    fits: (height) => doc.y + height <= page.height - page.margin,
    pages: () => pages,
    newPage: () => {
      doc.addPage();
    },
    line() {
      const { y } = doc;
      doc.markContent('Artifact', { type: 'Layout' });
      doc
        .moveTo(page.margin, y)
        .lineTo(page.margin + column, y)
        .lineWidth(0.75)
        .strokeColor(colors.line)
        .stroke();
      doc.endMarkedContent();
      doc.y = y + 10;
    },
    y: () => doc.y,
    moveTo: (y) => {
      doc.y = y;
    },
    async finish() {
      root.end();
      doc.end();
      return await done;
    },
  };
}
