/**
 * Arrays of the built-in types, as text. The driver would ask each new connection for them, and when that connection
 * dies meanwhile, the answer it waits for ends the process and the query that opened the connection never settles.
 */

type Element = {
  /** Of the array and of what it holds (pg_type.oid). */
  array: number;
  parse?: (text: string) => unknown;
  serialize?: (value: never) => string;
};

const isTrue = (text: string) => text === 't';
const toDate = (text: string) => new Date(text);
const fromDate = (value: Date | string) => (value instanceof Date ? value.toISOString() : value);
const toJson = (value: unknown) => JSON.stringify(value);

const elements: Record<string, Element> = {
  bool: { array: 1000, parse: isTrue, serialize: (value: boolean) => (value ? 't' : 'f') },
  int2: { array: 1005, parse: Number },
  int4: { array: 1007, parse: Number },
  text: { array: 1009 },
  varchar: { array: 1015 },
  int8: { array: 1016, parse: Number },
  float4: { array: 1021, parse: Number },
  float8: { array: 1022, parse: Number },
  oid: { array: 1028, parse: Number },
  name: { array: 1003 },
  timestamp: { array: 1115, parse: toDate, serialize: fromDate },
  // As a single date: a calendar date is no instant.
  date: { array: 1182 },
  timestamptz: { array: 1185, parse: toDate, serialize: fromDate },
  numeric: { array: 1231 },
  uuid: { array: 2951 },
  json: { array: 199, parse: (text) => JSON.parse(text) as unknown, serialize: toJson },
  jsonb: { array: 3807, parse: (text) => JSON.parse(text) as unknown, serialize: toJson },
};

/** As the driver's `types` setting wants them. */
export const arrayTypes = Object.fromEntries(
  Object.entries(elements).map(([name, { array, parse, serialize }]) => [
    `${name}Array`,
    {
      to: array,
      from: [array],
      serialize: (values: unknown) =>
        writeArray(values, serialize as ((value: unknown) => string) | undefined),
      parse: (text: string) => readArray(text, parse),
    },
  ]),
);

/** `{"a","b",null}`; nested arrays too. What is no array is taken for its text already. */
export function writeArray(values: unknown, serialize: (value: unknown) => string = String): string {
  if (!Array.isArray(values)) return String(values);
  const items = values.map((value: unknown) => {
    if (Array.isArray(value)) return writeArray(value, serialize);
    if (value === undefined) throw new TypeError('undefined cannot be stored in an array; null can');
    return value === null ? 'null' : `"${serialize(value).replace(/[\\"]/g, '\\$&')}"`;
  });
  return `{${items.join(',')}}`;
}

/** One token of an array's text: a brace, a comma, a quoted item or a bare one. */
const token = /[{},]|"(?:[^"\\]|\\.)*"|[^{},"]+/gs;

/** The reverse. A bound prefix such as `[0:2]=` is left aside. */
export function readArray(text: string, parse: (text: string) => unknown = (item) => item): unknown[] {
  const root: unknown[] = [];
  const open: unknown[][] = [root];
  for (const [part] of text.slice(text.indexOf('{')).matchAll(token)) {
    const here = open.at(-1)!;
    if (part === '{') {
      const inner: unknown[] = [];
      here.push(inner);
      open.push(inner);
    } else if (part === '}') open.pop();
    else if (part.startsWith('"')) here.push(parse(part.slice(1, -1).replace(/\\(.)/gs, '$1')));
    else if (part !== ',') here.push(part === 'NULL' ? null : parse(part));
  }
  return root[0] as unknown[];
}
