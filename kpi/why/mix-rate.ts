import { type Contribution, surprise, weights } from './additive.ts';

/** A part's numerator and denominator in both periods. */
export type RatioPart = { name: string; num0: number; den0: number; num1: number; den1: number };

export type MixRate = Contribution & {
  /** From its changed share of the denominator, against the mean rate of the whole. */
  mix: number;
  /** From its own changed rate. */
  rate: number;
};

/**
 * What each part adds to the change of a ratio R = ΣN ÷ ΣD. With s a part's share of the denominator and r its rate:
 * `mix = (s1 − s0) · ((r0 + r1) / 2 − R̄)` and `rate = (s0 + s1) / 2 · (r1 − r0)`, R̄ the mean of R0 and R1.
 * All of them add up to R1 − R0 exactly: the R̄ terms cancel, because the shares add up to 1 on both sides. Measuring
 * mix against R̄ makes growth of a part with a low rate a fall, which is what it is (Simpson's paradox otherwise).
 *
 * A part that is absent on one side has no rate there and is all mix. One with a numerator but no denominator has no
 * rate at all: what it adds is counted as rate. Both denominators must be other than 0 in sum.
 */
export function mixRate(parts: readonly RatioPart[]): MixRate[] {
  const sum = (pick: (part: RatioPart) => number) => parts.reduce((all, part) => all + pick(part), 0);
  const [num0, den0] = [sum((part) => part.num0), sum((part) => part.den0)];
  const [num1, den1] = [sum((part) => part.num1), sum((part) => part.den1)];
  if (den0 === 0 || den1 === 0) throw new RangeError('mixRate: a denominator adds up to 0');
  const change = num1 / den1 - num0 / den0;
  const mean = (num0 / den0 + num1 / den1) / 2;
  const weigh = (pick: (part: RatioPart) => number) => weights(new Map(parts.map((p) => [p.name, pick(p)])));
  const [n0, n1] = [weigh((part) => part.num0), weigh((part) => part.num1)];
  return parts.map((part) => {
    const [s0, s1] = [part.den0 / den0, part.den1 / den1];
    const { mix, rate } = effects(part, s0, s1, { den0, den1, mean });
    return {
      name: part.name,
      mix,
      rate,
      contribution: mix + rate,
      share: change === 0 ? null : (mix + rate) / change,
      size: (s0 + s1) / 2,
      // A derived measure surprises by either of its components.
      surprise: surprise(n0.get(part.name)!, n1.get(part.name)!) + surprise(Math.abs(s0), Math.abs(s1)),
    };
  });
}

function effects(
  { num0, num1, den0, den1 }: RatioPart,
  s0: number,
  s1: number,
  whole: { den0: number; den1: number; mean: number },
): { mix: number; rate: number } {
  if ((den0 === 0 && num0 !== 0) || (den1 === 0 && num1 !== 0)) {
    return { mix: 0, rate: num1 / whole.den1 - num0 / whole.den0 - whole.mean * (s1 - s0) };
  }
  if (den0 === 0 && den1 === 0) return { mix: 0, rate: 0 };
  const r0 = den0 === 0 ? num1 / den1 : num0 / den0;
  const r1 = den1 === 0 ? num0 / den0 : num1 / den1;
  return { mix: (s1 - s0) * ((r0 + r1) / 2 - whole.mean), rate: ((s0 + s1) / 2) * (r1 - r0) };
}
