import type { TableAnswer } from '../../kpi/table.ts';
import { describeSource } from '../freshness.ts';
import { splitLead } from './lead.ts';
import type { MessageAction } from './message-action.ts';
import {
  type AdaptiveCard,
  type CardElement,
  card,
  cardActions,
  cardImage,
  escapeMarkdown,
  literal,
  type TeamsPicture,
  textBlock,
} from './teams-elements.ts';
import { blank, cellText, isText, textTable } from './text-table.ts';

/** A Table element weighs about 150 bytes a cell as Teams counts them; a card may have 80 KB. */
const mostCells = 220;
/** Lines of a table that is set as text. */
const mostLines = 40;

export type TeamsTable = {
  table: TableAnswer;
  answerId: string;
  actions: readonly MessageAction[];
  picture: TeamsPicture | null;
  notes?: readonly string[];
  locale?: string;
};

/** Table → Adaptive Card: sentence, picture or table, what to know about it, one context line, buttons. */
export function teamsTable(input: TeamsTable): AdaptiveCard {
  const { table, answerId, actions, picture, notes = [], locale } = input;
  const { lead, rest } = splitLead(table.sentence);
  const drawn = cardImage(picture);
  const echo = [
    table.reading,
    ...table.freshness.map(describeSource),
    `definition v${table.definition.version}`,
    ...notes,
  ];
  return card(
    table.sentence,
    [
      literal(lead, rest),
      ...(drawn.length > 0 ? drawn : tableElements(table, locale)),
      ...table.notes
        .slice(0, 4)
        .map((note) => textBlock(note, { size: 'small', isSubtle: true, spacing: 'small' })),
      ...table.warnings
        .slice(0, 3)
        .map((warning) => textBlock(`⚠ ${warning}`, { color: 'warning', spacing: 'small' })),
      textBlock(echo.join(' · '), { size: 'small', isSubtle: true, spacing: 'small' }),
    ],
    cardActions(actions, answerId),
  );
}

function tableElements(table: TableAnswer, locale: string | undefined): CardElement[] {
  const { columns, rows, currency } = table;
  if (rows.length === 0) return [];
  if ((rows.length + 1) * columns.length > mostCells) {
    const { lines, left } = textTable(table, { width: 100, locale });
    return [
      ...lines
        .slice(0, mostLines)
        .map((line) => textBlock(line.replaceAll(' ', '\u00a0'), { fontType: 'monospace', spacing: 'none' })),
      ...(left > 0 || lines.length > mostLines
        ? [textBlock('The export has all of it.', { size: 'small', isSubtle: true })]
        : []),
    ];
  }
  const cell = (markdown: string, right: boolean, bold = false) => ({
    type: 'TableCell' as const,
    items: [
      {
        type: 'TextBlock' as const,
        text: markdown || blank,
        wrap: true as const,
        size: 'small' as const,
        ...(bold ? { weight: 'bolder' as const } : {}),
        ...(right ? { horizontalAlignment: 'right' as const } : {}),
      },
    ],
  });
  return [
    {
      type: 'Table',
      firstRowAsHeader: true,
      showGridLines: false,
      columns: columns.map((column, i) => ({ width: i === 0 ? 3 : isText(column) ? 2 : 1 })),
      rows: [
        {
          type: 'TableRow',
          cells: columns.map((column) => cell(escapeMarkdown(column.label, 80), !isText(column), true)),
        },
        ...rows.map((row, r) => ({
          type: 'TableRow' as const,
          cells: columns.map((column, i) => {
            const text = escapeMarkdown(cellText(row[i] ?? null, column, { currency, locale }) || blank, 80);
            const url = i === 0 ? table.links[r] : null;
            return cell(url ? `[${text}](${url})` : text, !isText(column));
          }),
        })),
      ],
    },
  ];
}
