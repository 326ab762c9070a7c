import { slackAnswer, slackNote, slackProblem } from '../../../render/messages/slack.ts';
import { escapeSlack, type SlackPicture } from '../../../render/messages/slack-blocks.ts';
import { slackTable } from '../../../render/messages/slack-table.ts';
import type { Reply } from '../../commands/command.ts';
import { nativeChart } from './native-chart.ts';
import type { Chart, Present, SlackMessage } from './slack-options.ts';

/** Replies as Block Kit; everything that is not an answer looks the same whatever chart was asked for. */
export function createPresent({ locale = 'en-US' }: { locale?: string } = {}): Present {
  return (reply, { chart }) => {
    switch (reply.kind) {
      case 'answer':
        return presentAnswer(reply, chart, locale);
      case 'table':
        return presentTable(reply, chart, locale);
      case 'problem':
        return slackProblem(reply.problem, reply.actions);
      case 'note':
        return slackNote(reply);
      case 'document':
        return { text: escapeSlack(reply.text), blocks: [] };
      default:
        return reply satisfies never;
    }
  };
}

function presentAnswer(
  reply: Extract<Reply, { kind: 'answer' }>,
  chart: Chart,
  locale: string,
): SlackMessage {
  const { answer, answerId, actions, visibilityNote } = reply;
  const native = chart.kind === 'native' ? nativeChart(answer, locale) : null;
  const alt = reply.picture?.alt ?? answer.sentence;
  const picture = pictureOf(chart, alt);
  const notes = visibilityNote === null ? [] : [visibilityNote];
  if (native === null) return slackAnswer({ answer, answerId, actions, picture, notes, locale });
  // Slack draws where a picture would stand, and the line of characters that replaces a picture is not needed.
  const { text, blocks } = slackAnswer({
    answer,
    answerId,
    actions,
    picture: { url: 'drawn by Slack', alt },
    notes,
    locale,
  });
  return { text, blocks: blocks.map((block) => (block.type === 'image' ? native : block)) };
}

function presentTable(reply: Extract<Reply, { kind: 'table' }>, chart: Chart, locale: string): SlackMessage {
  const { table, answerId, actions, visibilityNote } = reply;
  return slackTable({
    table,
    answerId,
    actions,
    picture: pictureOf(chart, reply.picture?.alt ?? table.sentence),
    form: chart.kind === 'native' ? 'table' : 'code',
    notes: visibilityNote === null ? [] : [visibilityNote],
    locale,
  });
}

function pictureOf(chart: Chart, alt: string): SlackPicture | null {
  if (chart.kind === 'file') return { fileId: chart.fileId, alt };
  return chart.kind === 'url' ? { url: chart.url, alt } : null;
}
