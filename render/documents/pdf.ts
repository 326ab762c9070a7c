import type { Answer } from '../../kpi/answer.ts';
import { course } from '../charts/course.ts';
import { type Digest, digestLists } from '../digest.ts';
import { describeSources } from '../freshness.ts';
import { tile } from '../messages/tile.ts';
import { formatValue } from '../number.ts';
import { altText } from '../picture/alt-text.ts';
import { column, type PdfPage, page, startPdf } from './pdf-page.ts';

/** A board reads four pages; what does not fit is in the chat's thread. */
const mostSections = 6;

/** Gives an answer's chart as SVG: the painter's `svg`. */
export type SvgOf = (answer: Answer) => Promise<string>;

const tilesInRow = 3;

const sparkHeight = 26;

function tileCell(
  pdf: PdfPage,
  answer: Answer,
  at: { x: number; y: number; width: number },
  locale: string,
): number {
  const one = tile(answer, locale);
  const style = { x: at.x, width: at.width - 18 };
  pdf.moveTo(at.y);
  pdf.text(one.title, { ...style, size: 9.5, color: 'quiet', gap: 1 });
  pdf.text(one.value, { ...style, size: 24, bold: true, gap: 1 });
  pdf.text(one.change, { ...style, size: 9, bold: true, color: one.tone === 'neutral' ? 'quiet' : one.tone });
  pdf.text(one.target, { ...style, size: 9, color: 'quiet' });
  return pdf.y();
}

function tiles(pdf: PdfPage, digest: Digest, locale: string): void {
  const shown = digest.tiles.slice(0, 9);
  const width = column / tilesInRow;
  for (let row = 0; row < shown.length; row += tilesInRow) {
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

async function section(
  pdf: PdfPage,
  area: string,
  answers: readonly Answer[],
  svgOf: SvgOf,
  locale: string,
): Promise<void> {
  const [first, ...others] = answers;
  if (first === undefined) return;
  const chartWidth = column * 0.92;
  const lines = others.slice(0, 4);
  const height =
    40 +
    (chartWidth * 675) / 1088 +
    answers.slice(0, 5).reduce((sum, answer) => sum + pdf.heightOf(answer.sentence) + 6, 0);
  if (!pdf.fits(height)) pdf.newPage();
  pdf.text(area, { size: 14, bold: true, tag: 'H2', gap: 4 });
  pdf.text(first.sentence, { gap: 4 });
  pdf.chart(await svgOf(first), altText(first, locale), { x: page.margin, width: chartWidth });
  pdf.moveTo(pdf.y() + 6);
  for (const answer of lines) pdf.text(answer.sentence, { gap: 5 });
  pdf.moveTo(pdf.y() + 14);
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
  pdf.text(digest.title, { size: 24, bold: true, tag: 'H1' });
  pdf.text(digest.periodLabel, { size: 11, color: 'quiet', gap: 8 });
  if (digest.lateNote !== undefined) pdf.text(`⚠ ${digest.lateNote}`, { color: 'caution', gap: 6 });
  pdf.text(digest.summary, { size: 13, gap: 14 });
  pdf.line();
  tiles(pdf, digest, locale);
  for (const { heading, lines } of digestLists(digest)) {
    pdf.line();
    pdf.text(heading, { size: 13, bold: true, tag: 'H2', gap: 4 });
    for (const line of lines) pdf.text(`•  ${line}`, { size: 11, gap: 4 });
    pdf.moveTo(pdf.y() + 6);
  }
  const sections = digest.sections.slice(0, mostSections);
  if (sections.length > 0) pdf.newPage();
  for (const { area, answers } of sections) await section(pdf, area, answers, svgOf, locale);
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
