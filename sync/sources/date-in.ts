/** Building a formatter costs a hundred times its use; there is one company. */
const formatters = new Map<string, Intl.DateTimeFormat>();

/** The calendar date of an ISO instant in a time zone. */
export function dateIn(at: string | null, timeZone: string): string | null {
  if (at === null) return null;
  let format = formatters.get(timeZone);
  if (!format) {
    // Swedish dates are ISO dates.
    format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short' });
    formatters.set(timeZone, format);
  }
  return format.format(new Date(at));
}
