/** One JSON record a line; a line that is none is marked, not lost. */
import { ReadFault } from '../../source.ts';
import { brokenMark } from './mapping.ts';
import type { ParsedLine, Place } from './parse-csv.ts';
import type { TextFile } from './text-file.ts';

const maxLineCharacters = 8 * 1024 * 1024;

export async function* parseJsonl(
  place: string,
  file: TextFile,
  from: Place | null = null,
): AsyncIterable<ParsedLine> {
  let rest = '';
  let line = from?.line ?? 0;
  let offset = from?.offset ?? file.start;
  const parsed = (text: string): ParsedLine => ({
    line,
    record: parseRecord(text, line),
    place: { offset, line, header: null },
  });
  for await (const piece of file.text(from?.offset)) {
    const lines = (rest + piece).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > maxLineCharacters)
      throw new ReadFault(
        'protocol',
        `${place}: line ${line + lines.length + 1} is longer than ${maxLineCharacters} characters`,
      );
    for (const text of lines) {
      line += 1;
      offset += Buffer.byteLength(text) + 1;
      if (text.trim() !== '') yield parsed(text);
    }
  }
  line += 1;
  offset += Buffer.byteLength(rest);
  if (rest.trim() !== '') yield parsed(rest);
}

function parseRecord(text: string, line: number): Record<string, unknown> {
  try {
    const value = parseExactJson(text);
    if (value !== null && typeof value === 'object' && !Array.isArray(value))
      return value as Record<string, unknown>;
    return { [brokenMark]: `line ${line} is JSON, but no object`, text };
  } catch (thrown) {
    if (!(thrown instanceof SyntaxError)) throw thrown;
    return { [brokenMark]: `line ${line} is not JSON: ${thrown.message}`, text };
  }
}

/** JSON.parse, but integers beyond 2^53 stay text: they are ids, and rounding makes two of them one. */
export function parseExactJson(text: string): unknown {
  const exact = (_key: string, value: unknown, context?: { source?: string }): unknown =>
    typeof value === 'number' &&
    context?.source &&
    /^-?\d{16,}$/.test(context.source) &&
    !Number.isSafeInteger(value)
      ? context.source
      : value;
  return JSON.parse(text, exact as (key: string, value: unknown) => unknown);
}
