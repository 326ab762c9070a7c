import { RecordFault } from '../source.ts';

const known = new Map<string, number>();

/** Decimal places of a currency's minor unit, ISO 4217 as ICU has it: 2 for EUR, 0 for JPY. @throws RecordFault when it is no code */
export function minorDigits(currency: string): number {
  const kept = known.get(currency);
  if (kept !== undefined) return kept;
  if (!/^[A-Z]{3}$/.test(currency))
    throw new RecordFault(`expected a currency code such as EUR, got "${currency.slice(0, 10)}"`);
  const format = new Intl.NumberFormat('en', { style: 'currency', currency });
  const digits = format.resolvedOptions().maximumFractionDigits ?? 2;
  known.set(currency, digits);
  return digits;
}
