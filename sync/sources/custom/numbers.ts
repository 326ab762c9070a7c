/** Numbers as people write them, to exact integers: string arithmetic only, so no cent is ever lost to a float. */
import { RecordFault } from '../../source.ts';

export type DecimalSign = '.' | ',' | 'auto';
type Decimal = { negative: boolean; whole: string; fraction: string };

/**
 * A decimal text in minor units: `"1.234,56"` → 123456.
 * @throws RecordFault when it is no number, is finer than the minor unit (and `round` is off), or could be read two ways.
 */
export function parseMinorUnits(
  text: string,
  options: { sign: DecimalSign; digits: number; round: boolean },
): number {
  const { negative, whole, fraction } = parseDecimal(text, options.sign);
  const kept = fraction.slice(0, options.digits).padEnd(options.digits, '0');
  const rest = fraction.slice(options.digits);
  if (/[1-9]/.test(rest) && !options.round) {
    throw new RecordFault(
      `the amount "${text}" is finer than the currency's minor unit (say \`round: true\` to round such amounts)`,
    );
  }
  const up = options.round && /^[5-9]/.test(rest) ? 1n : 0n;
  const units = BigInt(whole + kept) + up;
  return safe(negative ? -units : units, text);
}

/** A whole number: `"1,234"` → 1234. @throws RecordFault when it is none or too large to be exact. */
export function parseInteger(text: string, sign: DecimalSign): number {
  // "1,234" and "1.234" can be read two ways as an amount, but only one way as a whole number.
  const grouped = sign === 'auto' && /^[+-]?\d{1,3}([.,' \u00a0\u202f])\d{3}(\1\d{3})*$/.test(text.trim());
  const { negative, whole, fraction } = grouped
    ? { negative: text.trim().startsWith('-'), whole: text.replace(/\D/g, ''), fraction: '' }
    : parseDecimal(text, sign);
  if (/[1-9]/.test(fraction)) throw new RecordFault(`expected a whole number, got "${text}"`);
  const value = BigInt(whole);
  return safe(negative ? -value : value, text);
}

function parseDecimal(text: string, sign: DecimalSign): Decimal {
  // Currency signs and codes stand before or after; brackets are an accountant's minus.
  let rest = text
    .trim()
    .replace(/^\p{Sc}\s*|\s*\p{Sc}$/gu, '')
    .replace(/^[A-Z]{3}\s+|\s+[A-Z]{3}$/g, '');
  const bracketed = /^\((.+)\)$/.exec(rest);
  if (bracketed) rest = bracketed[1]!;
  const negative = bracketed !== null || /^[-\u2212]/.test(rest);
  rest = rest.replace(/^[+\-\u2212]\s*/, '').replace(/^\p{Sc}\s*/u, '');
  const decimal = sign === 'auto' ? findDecimalSign(rest, text) : sign;
  const at = decimal === null ? -1 : rest.lastIndexOf(decimal);
  const whole = at < 0 ? rest : rest.slice(0, at);
  const fraction = at < 0 ? '' : rest.slice(at + 1);
  const group =
    decimal === '.' ? "[,' \u00a0\u202f]" : decimal === ',' ? "[.' \u00a0\u202f]" : "[.,' \u00a0\u202f]";
  const grouped = new RegExp(`^\\d{1,3}(${group})\\d{3}(\\1\\d{3})*$`);
  if (
    !/^\d*$/.test(fraction) ||
    !(/^\d+$/.test(whole) || grouped.test(whole) || (whole === '' && fraction !== ''))
  ) {
    throw new RecordFault(`expected a number, got "${text}"`);
  }
  return { negative, whole: whole.replace(/\D/g, '') || '0', fraction };
}

/** The decimal sign by the number's own shape; null when it has none. */
function findDecimalSign(number: string, text: string): '.' | ',' | null {
  const dot = number.lastIndexOf('.');
  const comma = number.lastIndexOf(',');
  if (dot < 0 && comma < 0) return null;
  if (dot >= 0 && comma >= 0) return dot > comma ? '.' : ',';
  const sign = dot >= 0 ? '.' : ',';
  if (number.indexOf(sign) !== number.lastIndexOf(sign)) return null;
  if (/^[1-9]\d{0,2}[.,]\d{3}$/.test(number)) {
    throw new RecordFault(
      `the number "${text}" can be read two ways: say \`decimal: "."\` or \`decimal: ","\` in the source's settings`,
    );
  }
  return sign;
}

function safe(value: bigint, text: string): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number))
    throw new RecordFault(`the number "${text}" is too large to be kept exactly`);
  return number;
}
