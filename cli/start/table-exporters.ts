/** Tables as documents for the export button, each renderer loaded when first used. */
import type { Document } from '../../bot/commands/command.ts';
import type { TableAnswer } from '../../kpi/table.ts';

type Exporter = (table: TableAnswer) => Promise<Document>;

export const tableExporters: Record<'xlsx' | 'csv', Exporter> = {
  xlsx: async (table) => ({
    name: `${nameOf(table)}.xlsx`,
    mime: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    bytes: await (await import('../../render/documents/table.ts')).excelTable(table),
  }),
  csv: async (table) => ({
    name: `${nameOf(table)}.csv`,
    mime: 'text/csv; charset=utf-8',
    bytes: Buffer.from((await import('../../render/documents/table.ts')).csvTable(table)),
  }),
};

const nameOf = ({ title, at }: TableAnswer) =>
  `${title.toLowerCase().replace(/[^a-z0-9]+/g, '-')}-${at.slice(0, 10)}`;
