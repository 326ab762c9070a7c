/**
 * Block Kit's limits as Slack enforces them (docs.slack.dev/reference/block-kit, @slack/types; the charts' limit of two
 * per message is undocumented and was found live). Strict on purpose: what passes here should pass there.
 */
import { checkChart } from './chart-limits.ts';
import { checkElement } from './element-limits.ts';
import { type Block, isObject, listOf, type Report, textIn, within } from './limit-checks.ts';

export type Surface = 'message' | 'home' | 'modal';

const mostBlocks: Record<Surface, number> = { message: 50, home: 100, modal: 100 };
/** Undocumented; beyond about 13,200 characters Slack answers `msg_blocks_too_long`. */
const mostTextPerMessage = 13_200;
const fileId = /^F[A-Z0-9]{8,}$/;

export type BlockFault = { error: 'invalid_blocks' | 'msg_blocks_too_long'; messages: string[] };

/** Every fault in the blocks, in Slack's wording with a JSON pointer; null when there is none. */
export function checkBlocks(
  blocks: unknown,
  surface: Surface,
  fileReady: (id: string) => boolean,
): BlockFault | null {
  const messages: string[] = [];
  const report: Report = (at, what) => messages.push(`[ERROR] ${what} [json-pointer:/blocks${at}]`);
  if (!Array.isArray(blocks))
    return { error: 'invalid_blocks', messages: ['[ERROR] must provide an array [json-pointer:/blocks]'] };
  if (blocks.length > mostBlocks[surface]) report('', `no more than ${mostBlocks[surface]} items allowed`);
  const ids = new Set<string>();
  blocks.forEach((block, index) => {
    const at = `/${index}`;
    if (!isObject(block)) {
      report(at, 'must be an object');
      return;
    }
    within(block.block_id, 255, `${at}/block_id`, report, { optional: true });
    if (typeof block.block_id === 'string') {
      if (ids.has(block.block_id)) report(`${at}/block_id`, 'block_id already exists');
      ids.add(block.block_id);
    }
    checkBlock(block, at, surface, fileReady, report);
  });
  const kinds = blocks.map((block) => (isObject(block) ? block.type : null));
  if (kinds.filter((kind) => kind === 'data_visualization').length > 2)
    report('', 'no more than 2 data_visualization blocks allowed');
  if (kinds.filter((kind) => kind === 'table' || kind === 'data_table').length > 1)
    report('', 'only one table allowed');
  if (messages.length > 0) return { error: 'invalid_blocks', messages };
  return surface === 'message' && textLength(blocks) > mostTextPerMessage
    ? { error: 'msg_blocks_too_long', messages: [] }
    : null;
}

function checkBlock(
  block: Block,
  at: string,
  surface: Surface,
  fileReady: (id: string) => boolean,
  report: Report,
) {
  switch (block.type) {
    case 'section':
      return checkSection(block, at, report);
    case 'header':
      return textIn(block.text, 150, `${at}/text`, report, ['plain_text']);
    case 'divider':
      return;
    case 'image':
      return checkImage(block, at, fileReady, report);
    case 'context':
      return listOf(block.elements, 1, 10, `${at}/elements`, report, (element, place) => {
        if (element.type === 'image') checkImage(element, place, fileReady, report);
        else textIn(element, 2000, place, report);
      });
    case 'actions':
      return listOf(block.elements, 1, 25, `${at}/elements`, report, (element, place) =>
        checkElement(element, place, report),
      );
    case 'markdown':
      return within(block.text, 12_000, `${at}/text`, report);
    case 'rich_text':
      return listOf(block.elements, 1, 50, `${at}/elements`, report, () => {});
    case 'container':
      listOf(block.child_blocks, 1, 10, `${at}/child_blocks`, report, (child, place) =>
        checkBlock(child, place, surface, fileReady, report),
      );
      return;
    case 'table':
      return checkRows(block.rows, 100, `${at}/rows`, report);
    case 'data_table':
      within(block.caption, 255, `${at}/caption`, report);
      return checkRows(block.rows, 101, `${at}/rows`, report);
    case 'data_visualization':
      if (surface !== 'message') report(at, 'data_visualization is only allowed in messages');
      return checkChart(block, at, report);
    default:
      report(`${at}/type`, `unsupported type: ${String(block.type)}`);
  }
}

function checkSection(block: Block, at: string, report: Report) {
  if (block.text === undefined && block.fields === undefined) report(at, 'must provide text or fields');
  if (block.text !== undefined) textIn(block.text, 3000, `${at}/text`, report);
  if (block.fields !== undefined) {
    listOf(block.fields, 1, 10, `${at}/fields`, report, (field, place) => textIn(field, 2000, place, report));
  }
  if (isObject(block.accessory)) checkElement(block.accessory, `${at}/accessory`, report);
}

function checkImage(block: Block, at: string, fileReady: (id: string) => boolean, report: Report) {
  within(block.alt_text, 2000, `${at}/alt_text`, report);
  if (block.title !== undefined) textIn(block.title, 2000, `${at}/title`, report, ['plain_text']);
  const file = block.slack_file;
  if ((file === undefined) === (block.image_url === undefined))
    return report(at, 'must provide exactly one of image_url or slack_file');
  if (file === undefined) {
    within(block.image_url, 3000, `${at}/image_url`, report);
    if (!/^https?:\/\//.test(String(block.image_url))) report(`${at}/image_url`, 'must be a valid URL');
    return;
  }
  const id = isObject(file) ? file.id : undefined;
  if (typeof id !== 'string' || !fileId.test(id) || !fileReady(id))
    report(`${at}/slack_file`, 'invalid slack file');
}

function checkRows(rows: unknown, most: number, at: string, report: Report) {
  if (!Array.isArray(rows) || rows.length === 0 || rows.length > most)
    return report(at, `must have between 1 and ${most} rows`);
  rows.forEach((row, index) => {
    if (!Array.isArray(row) || row.length === 0 || row.length > 20)
      report(`${at}/${index}`, 'must have between 1 and 20 cells');
  });
}

function textLength(value: unknown): number {
  if (Array.isArray(value)) return value.reduce<number>((sum, item) => sum + textLength(item), 0);
  if (!isObject(value)) return 0;
  return Object.entries(value).reduce(
    (sum, [key, item]) => sum + (key === 'text' && typeof item === 'string' ? item.length : textLength(item)),
    0,
  );
}
