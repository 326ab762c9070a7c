/** Building a formatter costs a hundred times its use; there is one company. */
const formatters = new Map<string, Intl.DateTimeFormat>();

/** On days that every month has: the 31st of February would be moved to March. */
const ofUtc = /^\d{4}-\d\d-(?:0[1-9]|1\d|2[0-8])T[\d:.]+Z$/;

/** The calendar date of an ISO instant in a time zone. */
export function dateIn(at: string | null, timeZone: string): string | null {
  if (at === null) return null;
  if (timeZone === 'UTC' && ofUtc.test(at)) return at.slice(0, 10);
  let format = formatters.get(timeZone);
  if (!format) {
    // Swedish dates are ISO dates.
    format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short' });
    formatters.set(timeZone, format);
  }
  return format.format(new Date(at));
}
