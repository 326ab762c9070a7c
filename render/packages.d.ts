/** The parts we use of two packages that come without types. */
declare module 'fontkit' {
  export type Font = {
    unitsPerEm: number;
    layout(text: string, features?: readonly string[]): { advanceWidth: number };
    hasGlyphForCodePoint(codePoint: number): boolean;
  };
  export function openSync(path: string): Font;
}

declare module 'svg-to-pdfkit' {
  export default function SVGtoPDF(
    doc: PDFKit.PDFDocument,
    svg: string,
    x: number,
    y: number,
    options?: {
      width?: number;
      height?: number;
      assumePt?: boolean;
      preserveAspectRatio?: string;
      fontCallback?: (family: string, bold: boolean, italic: boolean, options: unknown) => string;
      imageCallback?: (link: string) => string;
      warningCallback?: (warning: string) => void;
    },
  ): void;
}
