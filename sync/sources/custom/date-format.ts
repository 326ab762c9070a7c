/** A date format (DD.MM.YYYY, MM/DD/YY HH:mm, DD-MMM-YYYY) compiled to a reader of texts. */

export type ReadDate = (text: string) => { local: string; zone: string | null } | null;

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const token = /YYYY|YY|MMM|MM|DD|HH|mm|ss|[^A-Za-z]|[A-Za-z]/g;

/** A clock may follow any date, whether the format says so or not: exports drop midnight, and add it. */
const clock =
  '(?:[T ,]\\s*(?<HH>\\d{1,2})[:.](?<mm>\\d{2})(?:[:.](?<ss>\\d{2}(?:\\.\\d{1,9})?))?\\s?(?<half>[AaPp]\\.?[Mm]\\.?)?\\s?(?<zone>Z|UTC|GMT|[+-]\\d{2}(?::?\\d{2})?)?)?';

/** Two-digit years up to this far in the century are 20xx. */
const pivot = 70;

const known = new Map<string, ReadDate>();

/** Days, months and hours may lack their leading zero where a separator follows. */
export function compileFormat(format: string): ReadDate {
  const kept = known.get(format);
  if (kept) return kept;
  // The clock at a format's end is read by the common pattern.
  const date = format.replace(/[T ,]*HH.*$/, '');
  const loose = /[^A-Za-z]/.test(date);
  const source = date.replace(token, (part) => {
    switch (part) {
      case 'YYYY':
        return '(?<YYYY>\\d{4})';
      case 'YY':
        return '(?<YY>\\d{2})';
      case 'MMM':
        return '(?<MMM>[A-Za-z]{3,9})\\.?';
      case 'MM':
      case 'DD':
        return loose ? `(?<${part}>\\d{1,2})` : `(?<${part}>\\d{2})`;
      default:
        return part.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
    }
  });
  const pattern = new RegExp(`^${source}${clock}$`);
  const read: ReadDate = (text) => {
    const part = pattern.exec(text)?.groups;
    if (!part) return null;
    const year = part.YYYY ?? `${Number(part.YY) < pivot ? 20 : 19}${part.YY}`;
    const month = part.MM ?? String(months.indexOf(part.MMM!.slice(0, 3).toLowerCase()) + 1);
    const hour = hourOf(part.HH ?? '0', part.half);
    const day = `${year}-${month.padStart(2, '0')}-${part.DD!.padStart(2, '0')}`;
    const zone = part.zone === 'UTC' || part.zone === 'GMT' ? 'Z' : (part.zone ?? null);
    return { local: `${day}T${hour.padStart(2, '0')}:${part.mm ?? '00'}:${part.ss ?? '00'}`, zone };
  };
  known.set(format, read);
  return read;
}

/** 12 am is midnight, 12 pm is noon. */
function hourOf(hour: string, half: string | undefined): string {
  if (half === undefined) return hour;
  return String((Number(hour) % 12) + (/^p/i.test(half) ? 12 : 0));
}

/** What is wrong with a format, in words; null when nothing is. */
export function faultOfFormat(format: string): string | null {
  const has = (part: string) => format.split(part).length - 1;
  const year = has('YYYY') === 1 || (has('YY') === 1 && has('YYYY') === 0);
  return year && (has('MMM') === 1 || has('MM') === 1) && has('DD') === 1
    ? null
    : 'needs a year (YYYY or YY), a month (MM or MMM) and a day (DD), e.g. DD/MM/YYYY; or is excel, unix or unix_ms';
}
