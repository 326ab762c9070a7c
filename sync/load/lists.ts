/**
 * Columns as statement parameters: one text per column, every value ended by a separator.
 *
 * Postgres takes such a text apart about as fast as COPY reads rows, while an array literal costs the worker ten times as much
 * to quote (docs/decisions has the figures); and unlike COPY a refused statement says why and always settles.
 */

/** Ends a value. */
const END = '\u001e';
/** Stands for null. */
const NONE = '\u001f';

/** What a database text cannot hold, or what separates the values. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
const reserved = /[\u0000\u001e\u001f]/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: as above; without the flag it keeps no position.
const isReserved = /[\u0000\u001e\u001f]/;

/** A text as a list may carry it: what no text of the database can hold becomes U+FFFD. */
export function storable(text: string): string {
  const whole = text.isWellFormed() ? text : text.toWellFormed();
  return isReserved.test(whole) ? whole.replace(reserved, '\ufffd') : whole;
}

/**
 * JSON text as a list may carry it. Such characters are no JSON unless escaped: escaping them loses nothing. Half a
 * character becomes U+FFFD on the wire, as it does where the text is hashed.
 */
export function storableJson(json: string): string {
  return isReserved.test(json)
    ? json.replace(reserved, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`)
    : json;
}

/** One column as a parameter. Texts must be storable. */
export function listOf(values: readonly (string | number | boolean | null)[]): string {
  const parts = new Array<string>(values.length + 1);
  for (let at = 0; at < values.length; at++) {
    const value = values[at]!;
    parts[at] = value === null ? NONE : String(value);
  }
  // Ended, not separated: a list of one empty text would be no list otherwise. Readers take the first n rows.
  parts[values.length] = '';
  return parts.join(END);
}

/** SQL that reads the parameters `$first`… as columns of text; its reader limits it to the number of values. */
export const readLists = (first: number, count: number): string =>
  `rows from (${Array.from({ length: count }, (_, at) => `string_to_table($${first + at}, chr(30), chr(31))`).join(', ')})`;
