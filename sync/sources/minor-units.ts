import { RecordFault } from '../source.ts';
import { minorDigits } from './minor-digits.ts';

/**
 * An amount in the currency's minor units (ISO 4217 digits as ICU has them), from its decimal text: 19.99 EUR → 1999.
 * String arithmetic only. What is finer than the minor unit (formula fields give such amounts) is rounded half away
 * from zero. Null stays null: a deal without an amount is not a deal of 0.
 * @throws RecordFault when it is no number or too large to be exact.
 */
export function minorUnits(amount: number | string | null | undefined, currency: string): number | null {
  if (amount === null || amount === undefined || amount === '') return null;
  const text = String(amount);
  const found = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text);
  if (!found) throw new RecordFault(`expected an amount, got "${text.slice(0, 40)}"`);
  const [, sign, whole = '0', fraction = ''] = found;
  const digits = minorDigits(currency);
  const kept = BigInt(whole + fraction.slice(0, digits).padEnd(digits, '0'));
  const units = Number(kept + (fraction.charAt(digits) >= '5' ? 1n : 0n));
  if (!Number.isSafeInteger(units))
    throw new RecordFault(`the amount ${text} is too large to be kept exactly`);
  return sign && units !== 0 ? -units : units;
}
