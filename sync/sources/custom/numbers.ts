/** Numbers as people write them, to exact integers: string arithmetic only, so no cent is ever lost to a float. */
import { RecordFault } from '../../source.ts';

export type DecimalSign = '.' | ',' | 'auto';
type Decimal = { negative: boolean; whole: string; fraction: string };

export type NumberRule = {
  sign: DecimalSign;
  /** Round what is finer than a whole unit, half away from zero, instead of refusing it. */
  round?: boolean | undefined;
  /** Multiplies: 1000 for amounts in thousands, 100 for shares that are wanted as percent. */
  scale?: number | undefined;
  /** Text of another number of the same record, multiplied in: a quantity, where the price is of one piece. */
  by?: string | undefined;
};

/**
 * A decimal text in minor units: `"1.234,56"` → 123456.
 * @throws RecordFault when it is no number, is finer than the minor unit (and `round` is off), or could be read two ways.
 */
export function parseMinorUnits(text: string, rule: NumberRule & { digits: number }): number {
  const units = times(
    decimalOf(text, rule),
    10n ** BigInt(rule.digits) * BigInt(rule.scale ?? 1),
    rule.round,
  );
  if (units === null)
    throw new RecordFault(
      `the amount "${text}" is finer than the currency's minor unit (say \`round: true\` to round such amounts)`,
    );
  return safe(units, text);
}

/** A whole number: `"1,234"` → 1234, `"12 %"` → 12. @throws RecordFault when it is none or too large to be exact. */
export function parseInteger(text: string, rule: NumberRule): number {
  const bare = text.trim().replace(/\s*[%\u066a]$/, '');
  // "1,234" and "1.234" can be read two ways as an amount, but only one way as a whole number.
  const grouped =
    rule.sign === 'auto' &&
    !rule.scale &&
    rule.by === undefined &&
    /^[+-]?\d{1,3}([.,'\u2019 \u00a0\u202f])\d{3}(\1\d{3})*$/.test(bare);
  const decimal = grouped
    ? { negative: bare.startsWith('-'), whole: bare.replace(/\D/g, ''), fraction: '' }
    : decimalOf(bare, rule, text);
  const units = times(decimal, BigInt(rule.scale ?? 1), rule.round);
  if (units === null)
    throw new RecordFault(
      `expected a whole number, got "${text}" (say \`round: true\` to round such numbers)`,
    );
  return safe(units, text);
}

/** decimal text for a column of exact decimals: `"1,0834"` → "1.0834". @throws RecordFault */
export function parseExact(text: string, rule: NumberRule): string {
  const { negative, whole, fraction } = decimalOf(text, rule);
  return `${negative ? '-' : ''}${whole}${fraction === '' ? '' : `.${fraction}`}`;
}

function decimalOf(text: string, { sign, by }: NumberRule, shown = text): Decimal {
  const one = parseDecimal(text, sign, shown);
  if (by === undefined) return one;
  const other = parseDecimal(by, sign);
  const places = one.fraction.length + other.fraction.length;
  const digits = String(BigInt(one.whole + one.fraction) * BigInt(other.whole + other.fraction)).padStart(
    places + 1,
    '0',
  );
  const point = digits.length - places;
  return {
    negative: one.negative !== other.negative,
    whole: digits.slice(0, point),
    fraction: digits.slice(point),
  };
}

/** The number times a whole factor; null when that is not whole and may not be rounded. */
function times({ negative, whole, fraction }: Decimal, factor: bigint, round = false): bigint | null {
  const divisor = 10n ** BigInt(fraction.length);
  const product = BigInt(whole + fraction) * factor;
  const rest = product % divisor;
  if (rest !== 0n && !round) return null;
  const units = product / divisor + (rest * 2n >= divisor && rest !== 0n ? 1n : 0n);
  return negative ? -units : units;
}

function parseDecimal(text: string, sign: DecimalSign, shown = text): Decimal {
  // Currency signs and codes stand before or after; brackets are an accountant's minus.
  let rest = text
    .trim()
    .replace(/^\p{Sc}\s*|\s*\p{Sc}$/gu, '')
    .replace(/^[A-Z]{3}\s+|\s+[A-Z]{3}$/g, '');
  const bracketed = /^\((.+)\)$/.exec(rest);
  if (bracketed) rest = bracketed[1]!;
  const negative = bracketed !== null || /^[-\u2212]|\d[-\u2212]$/.test(rest);
  rest = rest
    .replace(/^[+\-\u2212]\s*/, '')
    .replace(/^\p{Sc}\s*/u, '')
    // Ledgers put the minus behind: "12,50-".
    .replace(/[-\u2212]$/, '');
  const decimal = sign === 'auto' ? findDecimalSign(rest, shown) : sign;
  const at = decimal === null ? -1 : rest.lastIndexOf(decimal);
  const whole = at < 0 ? rest : rest.slice(0, at);
  const fraction = at < 0 ? '' : rest.slice(at + 1);
  const group =
    decimal === '.'
      ? "[,'\u2019 \u00a0\u202f]"
      : decimal === ','
        ? "[.'\u2019 \u00a0\u202f]"
        : "[.,'\u2019 \u00a0\u202f]";
  const grouped = new RegExp(`^\\d{1,3}(${group})\\d{3}(\\1\\d{3})*$`);
  if (
    !/^\d*$/.test(fraction) ||
    !(/^\d+$/.test(whole) || grouped.test(whole) || (whole === '' && fraction !== ''))
  ) {
    throw new RecordFault(`expected a number, got "${shown}"`);
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
