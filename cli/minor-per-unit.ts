/** 100 for a currency with cents, 1 for one without (ISO 4217, by the runtime's own table). */
export function minorPerUnit(currency: string): number {
  const { maximumFractionDigits } = new Intl.NumberFormat('en', {
    style: 'currency',
    currency,
  }).resolvedOptions();
  return 10 ** (maximumFractionDigits ?? 2);
}
