import type { Cell } from 'exceljs';
import type { Unit } from '../../kpi/answer.ts';
import { plainText } from '../plain-text.ts';

/** What may stand in a cell. A formula is only ever written in this folder, never from data. */
export type CellContent =
  | { kind: 'text'; text: string; bold?: boolean; wrap?: boolean }
  | { kind: 'number'; value: number | null; unit: Unit; currency: string | null }
  | { kind: 'integer'; value: number | null }
  | { kind: 'formula'; formula: string; result: number | null; format: string }
  | { kind: 'day'; day: string }
  | { kind: 'truth'; value: boolean };

/** Excel's number format for a unit; percent numbers stay as they are (2.1 means 2.1 %). */
export function numberFormat(unit: Unit, currency: string | null): string {
  switch (unit) {
    case 'percent':
      return '0.0" %"';
    case 'money':
    case 'money_per_day':
      return currency === null ? '#,##0.00' : `[$${currency}] #,##0.00`;
    case 'count':
      return '#,##0.##';
    case 'minutes':
    case 'hours':
    case 'days':
    case 'months':
      return `#,##0.0" ${unit}"`;
    case 'ratio':
      return '0.00';
    case 'score':
      return '0.0';
    default:
      return unit satisfies never;
  }
}

/**
 * The only place that writes a cell. Text is always stored as a string, so "=1+1" from a CRM stays text;
 * "no records" is an empty cell, which Excel's sums and averages leave out, and never 0.
 */
export function cell(target: Cell, content: CellContent): void {
  switch (content.kind) {
    case 'text':
      target.value = plainText(content.text, 32_000);
      target.font = { name: 'Inter', size: 11, bold: content.bold ?? false };
      if (content.wrap) target.alignment = { wrapText: true, vertical: 'top' };
      return;
    case 'number':
      target.value = content.value;
      target.numFmt = numberFormat(content.unit, content.currency);
      return;
    case 'integer':
      target.value = content.value;
      target.numFmt = '#,##0';
      return;
    case 'formula':
      target.value = {
        formula: content.formula,
        ...(content.result === null ? {} : { result: content.result }),
      };
      target.numFmt = content.format;
      return;
    case 'day':
      // A calendar date: midnight UTC, which exceljs writes without a zone.
      target.value = new Date(`${content.day}T00:00:00Z`);
      target.numFmt = 'yyyy-mm-dd';
      return;
    case 'truth':
      target.value = content.value;
      return;
    default:
      content satisfies never;
  }
}
