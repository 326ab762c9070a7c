/** The form of records: the paths of their fields and the JSON types there, within bounds. */

export type JsonType = 'text' | 'number' | 'boolean' | 'list' | 'object';

/** Objects inside objects deeper than this count as values: what is below is the customer's own. */
const DEPTH = 3;
/** A record may have thousands of custom fields; a mapping reads some dozens. */
const MOST = 300;

/** Type by path of every leaf; null where the value is null. */
export function fieldsOf(record: unknown): Map<string, JsonType | null> {
  const fields = new Map<string, JsonType | null>();
  const walk = (value: unknown, path: string, depth: number) => {
    if (fields.size >= MOST) return;
    if (typeof value === 'object' && value !== null && !Array.isArray(value) && depth < DEPTH) {
      for (const [name, inner] of Object.entries(value))
        walk(inner, path ? `${path}.${name}` : name, depth + 1);
    } else if (path) fields.set(path, typeOf(value));
  };
  walk(record, '', 0);
  return fields;
}

function typeOf(value: unknown): JsonType | null {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string') return 'text';
  if (typeof value === 'number') return 'number';
  if (typeof value === 'boolean') return 'boolean';
  return Array.isArray(value) ? 'list' : 'object';
}

/** The record without one field; names with a dot in them are found, too. */
export function without(record: unknown, path: string): unknown {
  if (typeof record !== 'object' || record === null || Array.isArray(record)) return record;
  return Object.fromEntries(
    Object.entries(record).flatMap(([name, value]) => {
      if (name === path) return [];
      return [[name, path.startsWith(`${name}.`) ? without(value, path.slice(name.length + 1)) : value]];
    }),
  );
}
