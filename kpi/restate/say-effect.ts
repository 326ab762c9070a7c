import type { Unit } from '../answer.ts';
import { formatValue } from '../number.ts';

/** "+1.3 pp", "−$1,204.50": what a class of changes did to a figure. */
export function sayEffect(amount: number, unit: Unit, currency: string | null): string {
  const size = Math.abs(amount);
  // The difference of two percentages is in points.
  const said =
    unit === 'percent'
      ? `${formatValue(size, 'score', { style: 'exact' })}\u00a0pp`
      : formatValue(size, unit, { currency, style: 'exact' });
  return `${amount < 0 ? '−' : '+'}${said}`;
}

/** How a changed definition is named. */
export const redefinedLine = ({ from, to }: { from: string; to: string }): string =>
  from === to
    ? 'Its definition was changed in between.'
    : `Its definition was changed in between, from version ${from} to version ${to}.`;
