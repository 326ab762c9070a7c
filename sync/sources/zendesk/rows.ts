/** The list inside a Zendesk reply, or a fault: an error page must never pass for "no records". */
import { ReadFault } from '../../source.ts';

/** Ids are numbers; exports have none beyond 2^53. */
export type Row = { id: number } & Record<string, unknown>;

/** @throws ReadFault `protocol` when the list key or an id is missing. */
export function rowsOf(reply: Record<string, unknown>, key: string): Row[] {
  const rows = reply[key];
  if (!Array.isArray(rows)) throw new ReadFault('protocol', `Zendesk answered without a list of ${key}`);
  for (const row of rows as { id?: unknown }[]) {
    if (!Number.isSafeInteger(row?.id))
      throw new ReadFault('protocol', `Zendesk sent ${key} without a usable id`);
  }
  return rows as Row[];
}

/** Milliseconds of an ISO stamp; 0 when there is none (the mapping then says what is wrong). */
export function stampMs(value: unknown): number {
  const ms = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isNaN(ms) ? 0 : ms;
}
