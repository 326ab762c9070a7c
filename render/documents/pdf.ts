import type { Answer } from '../../kpi/answer.ts';
import { formatValue } from '../../kpi/number.ts';
import { course } from '../charts/course.ts';
import { type Digest, digestLists } from '../digest.ts';
import { describeSources } from '../freshness.ts';
import { tile } from '../messages/tile.ts';
import { altText } from '../picture/alt-text.ts';
import { plainText, shorten } from '../plain-text.ts';
import { column, type PdfPage, page, startPdf } from './pdf-page.ts';

/** A board reads four pages; what does not fit is in the chat's thread. */
const mostSections = 6;

/** Gives an answer's chart as SVG: the painter's `svg`. */
export type SvgOf = (answer: Answer) => Promise<string>;

const tilesInRow = 3;

const sparkHeight = 26;
const rowHeight = 130;

function tileCell(
  pdf: PdfPage,
  answer: Answer,
  at: { x: number; y: number; width: number },
  locale: string,
): number {
  const one = tile(answer, locale);
  const style = { x: at.x, width: at.width - 18 };
  pdf.moveTo(at.y);
  pdf.text(shorten(one.title, 34), { ...style, size: 9.5, color: 'quiet', gap: 1 });
  pdf.text(one.value, { ...style, size: 24, bold: true, gap: 1 });
  pdf.text(shorten(one.change, 72), {
    ...style,
    size: 9,
    bold: true,
    color: one.tone === 'neutral' ? 'quiet' : one.tone,
  });
  pdf.text(one.target, { ...style, size: 9, color: 'quiet' });
  return pdf.y();
}

function tiles(pdf: PdfPage, digest: Digest, locale: string): void {
  const shown = digest.tiles.slice(0, 9);
  const width = column / tilesInRow;
  for (let row = 0; row < shown.length; row += tilesInRow) {
    if (!pdf.fits(rowHeight)) return;
    const top = pdf.y() + 4;
    const inRow = shown.slice(row, row + tilesInRow);
    const ends = inRow.map((answer, i) =>
      tileCell(pdf, answer, { x: page.margin + i * width, y: top, width }, locale),
    );
    const bottom = Math.max(...ends);
    inRow.forEach((answer, i) => {
      const box = { x: page.margin + i * width + 2, y: bottom + 8, width: width - 30, height: sparkHeight };
      pdf.spark(course(answer).values, box);
    });
    pdf.moveTo(bottom + sparkHeight + 22);
  }
}

const mostPages = 4;

/** An area: heading, first answer with its chart, the others in a sentence each. False when the pages are used up. */
async function section(
  pdf: PdfPage,
  section: Digest['sections'][number],
  options: { svgOf: SvgOf; locale: string },
): Promise<boolean> {
  const [first, ...others] = section.answers;
  if (first === undefined) return true;
  const chartWidth = column * 0.78;
  const sentences = [first, ...others.slice(0, 4)].map((answer) => shorten(plainText(answer.sentence), 320));
  const height =
    42 + (chartWidth * 675) / 1088 + sentences.reduce((sum, line) => sum + pdf.heightOf(line) + 5, 0);
  if (!pdf.fits(height)) {
    if (pdf.pages() >= mostPages) return false;
    pdf.newPage();
  }
  pdf.text(shorten(section.area, 60), { size: 14, bold: true, tag: 'H2', gap: 3 });
  pdf.text(sentences[0]!, { gap: 4 });
  pdf.chart(await options.svgOf(first), altText(first, options.locale), {
    x: page.margin,
    width: chartWidth,
  });
  pdf.moveTo(pdf.y() + 2);
  for (const line of sentences.slice(1)) pdf.text(line, { gap: 5 });
  pdf.moveTo(pdf.y() + 8);
  return true;
}

function firstPage(pdf: PdfPage, digest: Digest, locale: string): void {
  pdf.text(shorten(digest.title, 60), { size: 24, bold: true, tag: 'H1' });
  pdf.text(shorten(digest.periodLabel, 80), { size: 11, color: 'quiet', gap: 8 });
  if (digest.lateNote !== undefined)
    pdf.text(`⚠ ${shorten(digest.lateNote, 200)}`, { color: 'caution', gap: 6 });
  pdf.text(shorten(digest.summary, 900), { size: 13, gap: 14 });
  pdf.line();
  tiles(pdf, digest, locale);
  for (const { heading, lines } of digestLists(digest)) {
    if (!pdf.fits(60)) return;
    pdf.line();
    pdf.text(heading, { size: 13, bold: true, tag: 'H2', gap: 4 });
    for (const line of lines) {
      const item = `•  ${shorten(plainText(line), 280)}`;
      if (pdf.fits(pdf.heightOf(item, { size: 11 }))) pdf.text(item, { size: 11, gap: 4 });
    }
    pdf.moveTo(pdf.y() + 6);
  }
}

/** Digest → PDF of at most four pages: charts as vectors, text that can be searched, tags for screen readers. */
export async function pdfDigest(
  digest: Digest,
  options: { svgOf: SvgOf; locale?: string },
): Promise<Uint8Array> {
  const { svgOf, locale = 'en-US' } = options;
  const pdf = await startPdf({
    title: `${digest.title} · ${digest.periodLabel}`,
    language: locale,
    madeAt: digest.madeAt,
  });
  firstPage(pdf, digest, locale);
  if (digest.sections.length > 0) pdf.newPage();
  for (const area of digest.sections.slice(0, mostSections)) {
    if (!(await section(pdf, area, { svgOf, locale }))) break;
  }
  return await pdf.finish();
}

/** Answers → PDF: for each the sentence, the chart, its parts, and where the number comes from. */
export async function pdfAnswers(
  answers: readonly Answer[],
  options: { svgOf: SvgOf; title: string; madeAt: string; locale?: string },
): Promise<Uint8Array> {
  const { svgOf, title, madeAt, locale = 'en-US' } = options;
  const pdf = await startPdf({ title, language: locale, madeAt });
  for (const [i, answer] of answers.slice(0, 4).entries()) {
    if (i > 0) pdf.newPage();
    const say = (value: number | null) =>
      formatValue(value, answer.unit, { currency: answer.currency, locale });
    pdf.text(answer.title, { size: 20, bold: true, tag: i === 0 ? 'H1' : 'H2', gap: 6 });
    pdf.text(answer.sentence, { size: 12, gap: 8 });
    pdf.chart(await svgOf(answer), altText(answer, locale), { x: page.margin, width: column });
    pdf.moveTo(pdf.y() + 10);
    for (const warning of answer.warnings.slice(0, 4)) pdf.text(`⚠ ${warning}`, { color: 'caution', gap: 3 });
    for (const component of answer.components.slice(0, 8)) {
      const value = formatValue(component.value, component.unit, {
        currency: answer.currency,
        locale,
        style: 'exact',
      });
      pdf.text(`${component.label}: ${value}`, { gap: 2 });
    }
    if (answer.target !== null) pdf.text(`Target: ${say(answer.target)}`, { gap: 2 });
    pdf.line();
    pdf.text(answer.reading, { size: 9, color: 'quiet', gap: 2 });
    pdf.text(
      `${answer.definition.text} Definition v${answer.definition.version}, owned by ${answer.definition.owner}.`,
      { size: 9, color: 'quiet', gap: 2 },
    );
    pdf.text(`${describeSources(answer)} · data version ${answer.dataVersion} · answered ${answer.at}`, {
      size: 9,
      color: 'quiet',
    });
  }
  return await pdf.finish();
}
