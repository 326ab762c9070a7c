import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalJson } from '../../../sync/sources/canonical-json.ts';

/** Plain: a replacer that sorts every object. */
const plain = (value: unknown) =>
  JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)))
      : part,
  );

test('gives the text that sorting every object gives', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
      expect(canonicalJson(value)).toBe(plain(value));
    }),
  );
});

test('keeps a key named __proto__ as a mere key', () => {
  expect(canonicalJson(JSON.parse('{"b":1,"__proto__":{"z":1,"a":2}}'))).toBe(
    '{"__proto__":{"a":2,"z":1},"b":1}',
  );
});

test('writes dates as JSON does, and leaves out what is undefined', () => {
  expect(canonicalJson({ b: undefined, a: new Date(0), c: [{ y: 1, x: undefined }] })).toBe(
    plain({ b: undefined, a: new Date(0), c: [{ y: 1, x: undefined }] }),
  );
});
