import type { Answer, Change, Unit } from './answer.ts';

/** Between a number and its unit: they never part at a line's end. */
const nbsp = '\u00a0';

export const noValue = 'n/a';

export type NumberStyle = {
  /** ISO 4217 for money units. */
  currency?: string | null;
  /** BCP 47; the reader's. */
  locale?: string;
  /** `prose` shortens to three significant digits ("$1.24 M"); `exact` is for tables. */
  style?: 'prose' | 'exact';
};

type Digits = Intl.NumberFormatOptions;

const formats = new Map<string, Intl.NumberFormat>();

// Making an Intl.NumberFormat costs about 30 µs, using one 1 µs; a digest shows hundreds of numbers.
function format(locale: string, options: Digits): Intl.NumberFormat {
  const key = `${locale}|${JSON.stringify(options)}`;
  const known = formats.get(key) ?? new Intl.NumberFormat(locale, options);
  formats.set(key, known);
  return known;
}

function percentDigits(magnitude: number): Digits {
  if (magnitude >= 100) return { maximumFractionDigits: 0 };
  if (magnitude >= 0.1 || magnitude === 0) return { minimumFractionDigits: 1, maximumFractionDigits: 1 };
  return { maximumSignificantDigits: 2 };
}

function decimals(most: number): Digits {
  return { minimumFractionDigits: 0, maximumFractionDigits: most };
}

/** "1.24M" reads better as "1.24 M"; where the locale already parts them, nothing changes. */
function compact(value: number, locale: string, options: Digits): string {
  const parts = format(locale, {
    ...options,
    notation: 'compact',
    maximumSignificantDigits: 3,
  }).formatToParts(value);
  return parts
    .map((part, i) =>
      part.type === 'compact' && parts[i - 1]?.type !== 'literal' ? nbsp + part.value : part.value,
    )
    .join('');
}

function money(value: number, locale: string, currency: string | null, exact: boolean): string {
  const options: Digits = currency === null ? {} : { style: 'currency', currency };
  if (!exact && Math.abs(value) >= 1000) return compact(value, locale, options);
  const cents = Number.isInteger(value) || (!exact && Math.abs(value) >= 100) ? 0 : 2;
  return format(locale, { ...options, minimumFractionDigits: cents, maximumFractionDigits: cents }).format(
    value,
  );
}

function count(value: number, locale: string, exact: boolean): string {
  if (!exact && Math.abs(value) >= 100_000) return compact(value, locale, {});
  return format(locale, decimals(Math.abs(value) < 100 ? 1 : 0)).format(value);
}

/** Long durations in the unit that a person would say: 190 minutes is 3.2 h, 100 hours is 4.2 days. */
function duration(
  value: number,
  unit: 'minutes' | 'hours' | 'days' | 'months',
  locale: string,
  exact: boolean,
): string {
  const magnitude = Math.abs(value);
  if (!exact && unit === 'minutes' && magnitude >= 120) return duration(value / 60, 'hours', locale, exact);
  if (!exact && unit === 'hours' && magnitude >= 72) return duration(value / 24, 'days', locale, exact);
  const number = format(locale, decimals(magnitude >= 100 ? 0 : 1)).format(value);
  const singular = number === '1';
  const names = {
    minutes: 'min',
    hours: 'h',
    days: singular ? 'day' : 'days',
    months: singular ? 'month' : 'months',
  };
  return `${number}${nbsp}${names[unit]}`;
}

/** A value in words and digits, with its unit; null ("no records") is "n/a", never 0. */
export function formatValue(value: number | null, unit: Unit, options: NumberStyle = {}): string {
  const { currency = null, locale = 'en-US', style = 'prose' } = options;
  const exact = style === 'exact';
  if (value === null || !Number.isFinite(value)) return noValue;
  switch (unit) {
    case 'percent':
      return `${format(locale, exact ? decimals(2) : percentDigits(Math.abs(value))).format(value)}${nbsp}%`;
    case 'money':
      return money(value, locale, currency, exact);
    case 'money_per_day':
      return `${money(value, locale, currency, exact)}${nbsp}/${nbsp}day`;
    case 'count':
      return count(value, locale, exact);
    case 'minutes':
    case 'hours':
    case 'days':
    case 'months':
      return duration(value, unit, locale, exact);
    case 'ratio':
      return format(locale, { minimumFractionDigits: exact ? 0 : 1, maximumFractionDigits: 2 }).format(value);
    case 'score':
      return format(locale, decimals(exact ? 2 : 1)).format(value);
    default:
      return unit satisfies never;
  }
}

/** An answer's value as people read it. */
export function formatAnswerValue(answer: Answer, options: Omit<NumberStyle, 'currency'> = {}): string {
  const text = formatValue(answer.value, answer.unit, { ...options, currency: answer.currency });
  return answer.approximate && answer.value !== null ? `≈ ${text}` : text;
}

export type ChangeText = {
  arrow: '▲' | '▼' | '';
  /** "0.4 pp", without a sign: the arrow or the word tells the direction. */
  amount: string;
  /** "down 0.4 pp", "unchanged", "n/a". */
  words: string;
  tone: 'good' | 'bad' | 'neutral';
};

/** A change as people read it; one that rounds to nothing is "unchanged", without arrow or tone. */
export function describeChange(
  change: Pick<Change, 'change' | 'changeUnit' | 'good'> | null,
  locale = 'en-US',
): ChangeText {
  const size = change?.change ?? null;
  if (change === null || size === null || !Number.isFinite(size)) {
    return { arrow: '', amount: noValue, words: 'no comparison', tone: 'neutral' };
  }
  const magnitude = Math.abs(size);
  if (magnitude < 0.05)
    return { arrow: '', amount: `0.0${nbsp}${change.changeUnit}`, words: 'unchanged', tone: 'neutral' };
  const digits: Digits =
    magnitude >= 100 ? decimals(0) : { minimumFractionDigits: 1, maximumFractionDigits: 1 };
  const amount = `${format(locale, digits).format(magnitude)}${nbsp}${change.changeUnit}`;
  const tone = change.good === null ? 'neutral' : change.good ? 'good' : 'bad';
  return size > 0
    ? { arrow: '▲', amount, words: `up ${amount}`, tone }
    : { arrow: '▼', amount, words: `down ${amount}`, tone };
}

/** How old data is: "40 s", "2 min", "3 h", "2 days"; null before the first sync. */
export function formatAge(seconds: number | null): string {
  if (seconds === null) return 'never synced';
  const age = Math.max(0, seconds);
  if (age < 90) return `${Math.round(age)}${nbsp}s`;
  if (age < 90 * 60) return `${Math.round(age / 60)}${nbsp}min`;
  if (age < 48 * 3600) return `${Math.round(age / 3600)}${nbsp}h`;
  return `${Math.round(age / 86_400)}${nbsp}days`;
}
