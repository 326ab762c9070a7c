/** One field of a record to one value of a unified column. */
import { RecordFault } from '../../source.ts';
import { type DateShape, parseDay, parseInstant } from './dates.ts';
import { type DecimalSign, parseInteger, parseMinorUnits } from './numbers.ts';
import type { FieldRule, FieldType } from './settings.ts';

export type Shape = DateShape & { sign: DecimalSign };
export type Value = string | number | boolean | null;

const truths: Record<string, boolean> = {
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

/** @throws RecordFault in words, without naming the column: the caller does. */
export function convert(raw: unknown, type: FieldType, rule: FieldRule, shape: Shape): Value {
  const text = toText(raw);
  if (text === null) return rule.default ?? null;
  const said = rule.values?.[text] ?? text;
  switch (type) {
    case 'text':
      return said;
    case 'enum':
      if (rule.values && Object.hasOwn(rule.values, text)) return said;
      if (rule.default !== undefined) return rule.default;
      throw new RecordFault(`"${text}" is none of ${Object.keys(rule.values ?? {}).join(', ')}`);
    case 'integer':
      return parseInteger(said, signOf(raw, shape));
    case 'cents':
      return parseInteger(said, signOf(raw, shape));
    case 'money':
      return parseMinorUnits(said, {
        sign: signOf(raw, shape),
        digits: rule.minorDigits ?? 2,
        round: rule.round ?? false,
      });
    case 'date':
      return parseDay(said, shape);
    case 'instant':
      return parseInstant(said, shape);
    case 'boolean': {
      const truth = truths[said.toLowerCase()];
      if (truth === undefined) throw new RecordFault(`expected yes or no, got "${text}"`);
      return truth;
    }
    default:
      return type satisfies never;
  }
}

/** A JSON number has one reading, whatever the country. */
function signOf(raw: unknown, shape: Shape): DecimalSign {
  return typeof raw === 'number' ? '.' : shape.sign;
}

/** Empty text is no value: a CSV file cannot tell the two apart. */
function toText(raw: unknown): string | null {
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
