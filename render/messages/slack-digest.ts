import { type Digest, digestLists } from '../digest.ts';
import { shorten } from '../plain-text.ts';
import {
  bold,
  context,
  escapeSlack,
  image,
  mrkdwn,
  plain,
  type SlackBlock,
  type SlackMessage,
  type SlackPicture,
  section,
  within,
} from './slack-blocks.ts';
import { slackLimits } from './slack-limits.ts';
import { tile } from './tile.ts';

const mostTiles = 10;

function tileField(answer: Digest['tiles'][number], locale?: string) {
  const { title, value, change, spark, target } = tile(answer, locale);
  const lines = [
    bold(title),
    escapeSlack([value, change].filter((part) => part !== '').join('  ')),
    spark,
    escapeSlack(target),
  ];
  return mrkdwn(lines.filter((line) => line !== '').join('\n'), 400);
}

function list(heading: string, lines: readonly string[]): SlackBlock {
  return section([bold(heading), ...lines.map((line) => `•  ${escapeSlack(shorten(line, 350))}`)].join('\n'));
}

/** One screen: summary, tiles, movers, unusual, restated, one picture. The areas follow in the thread. */
export function slackDigest(
  digest: Digest,
  options: { picture?: SlackPicture | null; locale?: string } = {},
): SlackMessage & { thread: SlackMessage[] } {
  const { picture = null, locale } = options;
  const tiles = digest.tiles.slice(0, mostTiles).map((answer) => tileField(answer, locale));
  const late = digest.lateNote === undefined ? [] : [`⚠ ${escapeSlack(digest.lateNote)}`];
  const more = digest.sections.length > 0 ? ['More by area in the thread.'] : [];
  const main = within({
    text: escapeSlack(`${digest.title}, ${digest.periodLabel}: ${digest.summary}`),
    blocks: [
      { type: 'header', text: plain(`${digest.title} · ${digest.periodLabel}`, slackLimits.headerText) },
      ...context(late),
      section(escapeSlack(shorten(digest.summary, 1500))),
      ...(tiles.length === 0 ? [] : [{ type: 'section' as const, fields: tiles }]),
      ...image(picture),
      ...digestLists(digest).map(({ heading, lines }) => list(heading, lines)),
      ...context(more),
    ],
  });
  const thread = digest.sections.map(({ area, answers }) =>
    within({
      text: escapeSlack(`${area}: ${answers.map((answer) => answer.sentence).join(' ')}`),
      blocks: [
        section(
          [
            bold(area),
            ...answers.slice(0, 12).map((answer) => `•  ${escapeSlack(shorten(answer.sentence, 400))}`),
          ].join('\n'),
        ),
      ],
    }),
  );
  return { ...main, thread };
}
