/** Which records of a stream are facts: `where` says what all of them have, `deletedWhen` how a deleted one is marked. */
import { fieldOf } from './field-of.ts';
import type { RowConditions, Wanted } from './settings.ts';
import { type Shape, toText, truths } from './values.ts';

export type RowFilter = {
  /** Fields of the system's record that are read. */
  fields: readonly string[];
  /** @throws RecordFault when a field holds a list or an object */
  keeps(record: Record<string, unknown>): boolean;
};

export function compileRowFilter(
  {
    where = {},
    deletedWhen = {},
  }: { where?: RowConditions | undefined; deletedWhen?: RowConditions | undefined },
  shape: Pick<Shape, 'empty'>,
): RowFilter {
  const holds =
    (record: Record<string, unknown>) =>
    ([field, wanted]: [string, Wanted | Wanted[]]) => {
      const text = toText(fieldOf(record, field));
      const given = text === null || shape.empty.has(text) ? null : text;
      return [wanted].flat().some((one) => isSame(given, one));
    };
  return {
    fields: [...Object.keys(where), ...Object.keys(deletedWhen)],
    keeps: (record) =>
      Object.entries(where).every(holds(record)) && !Object.entries(deletedWhen).some(holds(record)),
  };
}

/** Yes and no are known by all the words for them; numbers by their value; `null` is the empty field. */
function isSame(given: string | null, wanted: Wanted): boolean {
  if (given === null || wanted === null) return given === wanted;
  if (typeof wanted === 'boolean') return truths[given.toLowerCase()] === wanted;
  if (typeof wanted === 'number') return Number(given) === wanted;
  return given === wanted;
}
