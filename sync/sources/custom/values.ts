/** One field of a record to one value of a unified column. */
import { RecordFault } from '../../source.ts';
import { type DateShape, parseDay, parseInstant } from './dates.ts';
import { type DecimalSign, parseExact, parseInteger, parseMinorUnits } from './numbers.ts';
import type { FieldRule, FieldType } from './settings.ts';

/** How a source writes its values; a field's own rule goes before it. */
export type Shape = DateShape & {
  sign: DecimalSign;
  /** Texts that mean "no value", as the source writes them. */
  empty: ReadonlySet<string>;
  /** The company's: of amounts whose record names no currency. */
  currency: string;
};
export type Value = string | number | boolean | null;

/** Words for yes and no, lower case. */
export const truths: Record<string, boolean> = {
  true: true,
  t: true,
  yes: true,
  y: true,
  '1': true,
  on: true,
  false: false,
  f: false,
  no: false,
  n: false,
  '0': false,
  off: false,
};

/**
 * @param minorDigits of the record's currency, asked for when an amount is read
 * @param by what the field named by `times` holds
 * @throws RecordFault in words, without naming the column: the caller does.
 */
export function convert(
  raw: unknown,
  type: FieldType,
  rule: FieldRule,
  shape: Shape,
  minorDigits: () => number,
  by: unknown = undefined,
): Value {
  const text = toText(raw);
  const factor = rule.times === undefined ? undefined : toText(by);
  // A price without its quantity is no amount, rather than the price.
  if (factor === null) return rule.default ?? null;
  if (text === null || shape.empty.has(text) || rule.empty?.includes(text)) return rule.default ?? null;
  const listed = rule.values && Object.hasOwn(rule.values, text);
  const given = listed ? (rule.values![text] ?? null) : text;
  // A word that stands for no value, or for one that is ready (true, 3).
  if (typeof given !== 'string') return given;
  const number = { sign: signOf(raw, shape), round: rule.round, scale: rule.scale, by: factor };
  const dates = rule.dateFormat ? { ...shape, dateFormats: listOf(rule.dateFormat) } : shape;
  switch (type) {
    case 'text':
      return given;
    case 'enum':
      if (listed) return given;
      if (rule.default !== undefined) return rule.default;
      throw new RecordFault(`"${text}" is none of ${Object.keys(rule.values ?? {}).join(', ')}`);
    case 'integer':
    case 'cents':
      return parseInteger(given, number);
    case 'money':
      return parseMinorUnits(given, { ...number, digits: rule.minorDigits ?? minorDigits() });
    case 'decimal':
      return parseExact(given, number);
    case 'date':
      return parseDay(given, dates);
    case 'instant':
      return parseInstant(given, dates);
    case 'boolean': {
      const truth = truths[given.toLowerCase()];
      if (truth === undefined) throw new RecordFault(`expected yes or no, got "${text}"`);
      return truth;
    }
    default:
      return type satisfies never;
  }
}

const listOf = (formats: string | readonly string[]) => (typeof formats === 'string' ? [formats] : formats);

/** A JSON number has one reading, whatever the country. */
function signOf(raw: unknown, shape: Shape): DecimalSign {
  return typeof raw === 'number' ? '.' : shape.sign;
}

/** Empty text is no value: a CSV file cannot tell the two apart. */
export function toText(raw: unknown): string | null {
  if (raw === null || raw === undefined) return null;
  if (typeof raw === 'string') return raw.trim() === '' ? null : raw.trim();
  if (typeof raw === 'number') return plain(raw);
  if (typeof raw === 'boolean') return String(raw);
  throw new RecordFault('expected one value, got a list or an object');
}

/** 1e21 and 1e-7 have no place in decimal arithmetic. */
function plain(number: number): string {
  const text = String(number);
  if (/e/i.test(text)) throw new RecordFault(`the number ${text} is too large or too small to be exact`);
  return text;
}
