import { type Digest, digestLists } from '../digest.ts';
import {
  type AdaptiveCard,
  type CardElement,
  card,
  cardImage,
  type TeamsPicture,
  textBlock,
} from './teams-elements.ts';
import { tile } from './tile.ts';

const tilesInRow = 2;
const mostTiles = 8;

const colors = { good: { color: 'good' }, bad: { color: 'attention' }, neutral: {} } as const;

function tileColumn(answer: Digest['tiles'][number], locale?: string): CardElement[] {
  const { title, value, change, tone, spark, target } = tile(answer, locale);
  return [
    textBlock(title, { isSubtle: true, size: 'small' }),
    textBlock(value, { size: 'extraLarge', weight: 'bolder', spacing: 'none' }),
    ...(change === '' ? [] : [textBlock(change, { size: 'small', spacing: 'none', ...colors[tone] })]),
    ...(spark === '' ? [] : [textBlock(spark, { fontType: 'monospace', spacing: 'none' })]),
    ...(target === '' ? [] : [textBlock(target, { size: 'small', isSubtle: true, spacing: 'none' })]),
  ];
}

function tileRows(digest: Digest, locale?: string): CardElement[] {
  const tiles = digest.tiles.slice(0, mostTiles).map((answer) => tileColumn(answer, locale));
  const rows: CardElement[] = [];
  for (let i = 0; i < tiles.length; i += tilesInRow) {
    const columns = tiles
      .slice(i, i + tilesInRow)
      .map((items) => ({ type: 'Column' as const, width: 'stretch' as const, items }));
    rows.push({ type: 'ColumnSet', columns, spacing: 'medium' });
  }
  return rows;
}

/** A digest as one card: summary, tiles, one picture, lists, then a line for every KPI of every area. */
export function teamsDigest(
  digest: Digest,
  options: { picture?: TeamsPicture | null; locale?: string } = {},
): AdaptiveCard {
  const { picture = null, locale } = options;
  return card(`${digest.title}, ${digest.periodLabel}: ${digest.summary}`, [
    textBlock(`${digest.title} · ${digest.periodLabel}`, {
      size: 'large',
      weight: 'bolder',
      style: 'heading',
    }),
    ...(digest.lateNote === undefined ? [] : [textBlock(`⚠ ${digest.lateNote}`, { color: 'warning' })]),
    textBlock(digest.summary),
    ...tileRows(digest, locale),
    ...cardImage(picture),
    ...digestLists(digest).flatMap(({ heading, lines }) => [
      textBlock(heading, { weight: 'bolder', style: 'heading' }),
      ...lines.map((line) => textBlock(`• ${line}`, { spacing: 'small' })),
    ]),
    ...digest.sections
      .slice(0, 6)
      .flatMap(({ area, answers }) => [
        textBlock(area, { weight: 'bolder', style: 'heading' }),
        ...answers.slice(0, 8).map((answer) => textBlock(`• ${answer.sentence}`, { spacing: 'small' })),
      ]),
  ]);
}
