/** A table asked for in the terminal: read as the desk reads it, shown as text or written as a file. */
import path from 'node:path';
import type { Rights } from '../bot/access/roles.ts';
import type { Answerer } from '../bot/commands/answer-text.ts';
import type { TableRequest } from '../bot/commands/asked-table.ts';
import { createTableReader, mostRecords } from '../bot/commands/tables.ts';
import type { TableAnswer } from '../kpi/table.ts';
import { HeraldError } from '../platform/errors.ts';
import type { Format } from './ask.ts';
import type { House } from './house.ts';
import { type LinkSettings, recordLink } from './record-link.ts';
import { withPainter } from './render-answer.ts';
import type { Tools } from './verb.ts';

export function readTable(
  request: TableRequest,
  {
    house,
    answerer,
    rights,
    now,
    whole,
  }: { house: House; answerer: Answerer; rights: Rights; now: Date; whole: boolean },
): Promise<TableAnswer> {
  const sources = house.config.sources as Record<string, LinkSettings>;
  const { db, engine } = house;
  const tables = createTableReader({
    db,
    engine,
    answerer,
    now: () => now,
    linkOf: (origin) => recordLink(origin, sources),
  });
  return tables.read(request, rights, whole ? mostRecords.exported : mostRecords.shown);
}

/** The table as a file. Throws `ask` for the formats that tables do not have. */
export async function tableFile(
  table: TableAnswer,
  format: Exclude<Format, 'text'>,
  house: House,
  tools: Tools,
): Promise<string | Uint8Array> {
  const settings = { cacheFolder: path.join(house.config.folder, 'render'), log: tools.log() };
  switch (format) {
    case 'json': {
      const { publicTable } = await import('../render/documents/table.ts');
      return `${JSON.stringify(publicTable(table), null, 2)}\n`;
    }
    case 'csv':
      return (await import('../render/documents/table.ts')).csvTable(table);
    case 'xlsx':
      return (await import('../render/documents/table.ts')).excelTable(table);
    case 'png':
    case 'svg':
      if (table.kind === 'records')
        throw new HeraldError(
          'ask',
          'A list of records has no picture. --format takes text, json, csv or xlsx.',
        );
      return format === 'svg'
        ? withPainter(settings, (painter) => painter.svg(table))
        : withPainter(settings, async (painter) => (await painter.png(table)).png);
    case 'pdf':
    case 'pptx':
      throw new HeraldError(
        'ask',
        `A table is not made as ${format}. --format takes text, json, csv, xlsx, png or svg.`,
      );
    default:
      return format satisfies never;
  }
}
