/** A platform changes its schema: one field of a JSON reply, wherever it stands in it. */

export function changeField(
  text: string,
  field: string,
  how: 'fieldRenamed' | 'fieldRetyped' | 'fieldGone',
): { text: string; changed: number } {
  let changed = 0;
  const walk = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(walk);
    if (value === null || typeof value !== 'object') return value;
    return Object.fromEntries(
      Object.entries(value).flatMap(([name, inner]): [string, unknown][] => {
        if (name !== field) return [[name, walk(inner)]];
        changed += 1;
        if (how === 'fieldGone') return [];
        return how === 'fieldRenamed' ? [[`${name}_v2`, inner]] : [[name, { value: inner }]];
      }),
    );
  };
  try {
    const body = walk(JSON.parse(text));
    return { text: JSON.stringify(body), changed };
  } catch (thrown) {
    // Not JSON: there is no field in it.
    if (thrown instanceof SyntaxError) return { text, changed: 0 };
    throw thrown;
  }
}
