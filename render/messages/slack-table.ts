import type { TableAnswer } from '../../kpi/table.ts';
import { describeSource } from '../freshness.ts';
import { splitLead } from './lead.ts';
import type { MessageAction } from './message-action.ts';
import {
  bold,
  buttons,
  context,
  escapeSlack,
  image,
  type SlackBlock,
  type SlackMessage,
  type SlackPicture,
  section,
  type TableCell,
  within,
} from './slack-blocks.ts';
import { blank, cellText, isText, textTable } from './text-table.ts';

/** Slack's table block (docs.slack.dev/reference/block-kit/blocks/table-block); one is enough for a message. */
const most = { rows: 100, columns: 20, characters: 9_000 } as const;
/** A code block is as wide as a desktop's message; a phone turns longer lines over. */
const codeWidth = 76;
/** Below a section's 3,000 characters, with what escaping adds. */
const codeCharacters = 2_700;

export type SlackTable = {
  table: TableAnswer;
  answerId: string;
  actions: readonly MessageAction[];
  /** Shows the whole table, so that nothing else has to. */
  picture: SlackPicture | null;
  /** Without a picture: Slack's own table, or lines of code where it is refused. */
  form: 'table' | 'code';
  notes?: readonly string[];
  locale?: string;
};

/** Table → sentence, picture or table, what to know about it, one context line, buttons. */
export function slackTable(input: SlackTable): SlackMessage {
  const { table, answerId, actions, picture, form, notes = [], locale } = input;
  const { lead, rest } = splitLead(table.sentence);
  const echo = [
    table.reading,
    ...table.freshness.map(describeSource),
    `definition v${table.definition.version}`,
  ];
  const shown =
    picture !== null ? image(picture) : form === 'table' ? nativeTable(table, locale) : code(table, locale);
  return within({
    text: escapeSlack(table.sentence),
    blocks: [
      section(`${bold(lead)}${rest.startsWith(' ') ? ' ' : ''}${escapeSlack(rest)}`),
      ...shown,
      ...context(table.notes.slice(0, 4).map(escapeSlack)),
      ...context(table.warnings.slice(0, 3).map((warning) => `⚠ ${escapeSlack(warning)}`)),
      ...context([[...echo, ...notes].map(escapeSlack).join(' · ')]),
      ...buttons(actions, answerId),
    ],
  });
}

function nativeTable(table: TableAnswer, locale: string | undefined): SlackBlock[] {
  if (table.rows.length === 0) return [];
  const columns = table.columns.slice(0, most.columns);
  const plain = (text: string): TableCell => ({ type: 'raw_text', text: text || blank });
  const rows: TableCell[][] = [columns.map(({ label }) => plain(label))];
  let room = most.characters;
  for (const [r, row] of table.rows.slice(0, most.rows - 1).entries()) {
    const cells = columns.map((column, i): TableCell => {
      const text = cellText(row[i] ?? null, column, { currency: table.currency, locale }) || blank;
      const url = i === 0 ? table.links[r] : null;
      return url ? linked(url, text) : plain(text);
    });
    room -= cells.reduce((sum, cell) => sum + JSON.stringify(cell).length, 0);
    if (room < 0) break;
    rows.push(cells);
  }
  return [
    {
      type: 'table',
      column_settings: columns.map((column) => ({
        align: isText(column) ? 'left' : 'right',
        is_wrapped: false,
      })),
      rows,
    },
  ];
}

const linked = (url: string, text: string): TableCell => ({
  type: 'rich_text',
  elements: [{ type: 'rich_text_section', elements: [{ type: 'link', url, text }] }],
});

function code(table: TableAnswer, locale: string | undefined): SlackBlock[] {
  if (table.rows.length === 0) return [];
  const { lines, left } = textTable(table, { width: codeWidth, locale });
  const kept: string[] = [];
  let room = codeCharacters;
  for (const line of lines) {
    // A backtick from a name would end the block; escaping keeps the inner blanks of the line.
    const safe = line.replaceAll('`', 'ˋ').replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
    room -= safe.length + 1;
    if (room < 0) break;
    kept.push(safe);
  }
  const cut = [
    ...(kept.length < lines.length ? [`${lines.length - kept.length} more rows`] : []),
    ...(left > 0 ? [`${left} more columns`] : []),
  ];
  return [
    section(`\`\`\`${kept.join('\n')}\`\`\``),
    ...context(cut.length > 0 ? [`${cut.join(' and ')} in the export.`] : []),
  ];
}
