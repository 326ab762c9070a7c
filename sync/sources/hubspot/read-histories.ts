/** Former values of properties, which search never gives: batches of 50 ids, half of what other batches take. */
import { z } from 'zod';
import { ReadFault } from '../../source.ts';
import type { Reading } from './hubspot-stream.ts';
import { type Row, readPage } from './page.ts';

const batchIds = 50;

/** Oldest first. */
export type History = { value: string; at: number }[];

const shape = z.record(
  z.string(),
  z.array(z.looseObject({ value: z.string().nullish(), timestamp: z.iso.datetime({ offset: true }) })),
);

/** Rows of CRM objects with `propertiesWithHistory`; those that have it already are not asked for again. */
export async function withHistories(
  { session, stream, context }: Reading,
  rows: readonly Row[],
  properties: readonly string[],
): Promise<Row[]> {
  const lacking = rows.filter((row) => row.propertiesWithHistory === undefined).map(({ id }) => id);
  const found = new Map<string, unknown>();
  for (let at = 0; at < lacking.length; at += batchIds) {
    const page = await readPage(session, context, {
      method: 'POST',
      path: `${stream.listPath}/batch/read`,
      body: {
        inputs: lacking.slice(at, at + batchIds).map((id) => ({ id })),
        properties: [],
        propertiesWithHistory: properties,
      },
    });
    for (const row of page.rows) found.set(row.id, row.propertiesWithHistory);
  }
  // What was deleted between the search and now is left out: the next sweep says so.
  return rows.flatMap((row) => {
    const propertiesWithHistory = row.propertiesWithHistory ?? found.get(row.id);
    return propertiesWithHistory === undefined ? [] : [{ ...row, propertiesWithHistory }];
  });
}

/** @throws ReadFault: a history that cannot be read must not pass for an empty one */
export function historyOf(row: Row, property: string): History {
  const parsed = shape.safeParse(row.propertiesWithHistory);
  if (!parsed.success)
    throw new ReadFault('protocol', `HubSpot sent ${row.id} without a readable history of its properties`);
  return (parsed.data[property] ?? [])
    .map(({ value, timestamp }) => ({ value: value ?? '', at: Date.parse(timestamp) }))
    .sort((a, b) => a.at - b.at);
}

/** The value at an instant; what was set later, at creation's end, where there was none yet. */
export function valueAt(history: History, at: number): string | null {
  const value = (history.findLast((version) => version.at <= at) ?? history[0])?.value;
  return value || null;
}
