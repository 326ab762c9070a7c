/** Field values as Salesforce's JSON has them, parsed into what unified rows hold. */
import { z } from 'zod';
import { RecordFault } from '../../source.ts';

/** Text; empty is null, as Salesforce itself has no empty strings. */
export const text = z
  .string()
  .nullish()
  .transform((value) => value?.trim() || null);

export const flag = z
  .boolean()
  .nullish()
  .transform((value) => value ?? null);

const inUtc =
  /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{3}\+0000$/;

/** 2026-11-01T09:30:00.000+0000 → ISO instant in UTC. */
export const instant = z
  .string()
  .nullish()
  .transform((value, issues) => {
    if (!value) return null;
    // The REST API's own form, on days that every month has: nothing to convert, and nothing that could be moved.
    if (inUtc.test(value)) return `${value.slice(0, 23)}Z`;
    const at = new Date(value.replace(/([+-]\d\d)(\d\d)$/, '$1:$2'));
    if (!Number.isNaN(at.getTime())) return at.toISOString();
    issues.addIssue({ code: 'custom', message: `expected a date and time, got "${value.slice(0, 40)}"` });
    return z.NEVER;
  });

/** A calendar date, never shifted. Of an instant (always +0000 in the REST API) it is the date in UTC. */
export const day = z
  .string()
  .nullish()
  .transform((value, issues) => {
    if (!value) return null;
    const found = /^(\d{4}-\d\d-\d\d)(T|$)/.exec(value)?.[1];
    if (found && !Number.isNaN(Date.parse(found))) return found;
    issues.addIssue({ code: 'custom', message: `expected a date, got "${value.slice(0, 40)}"` });
    return z.NEVER;
  });

/**
 * An instant for a value that may be a mere date. Half past ten UTC then: the same calendar day from UTC−10 (Hawaii)
 * to UTC+13 (a summer in Auckland), where noon would fall on the next day in New Zealand and midnight on the day
 * before in all of America.
 */
export const dayOrInstant = z
  .string()
  .nullish()
  .transform((value) => (value && /^\d{4}-\d\d-\d\d$/.test(value) ? `${value}T10:30:00.000Z` : value))
  .pipe(instant);

/** The related record's name: {Owner: {Name}}, or null where there is none. */
export const named = z
  .object({ Name: text })
  .nullish()
  .transform((value) => value?.Name ?? null);

/** As it came; `minorUnits` makes it exact, for it needs the currency. */
export const money = z.union([z.number(), z.string()]).nullish();

/** 0–100 as a whole number. */
export const percent = z
  .number()
  .nullish()
  .transform((value) => (typeof value === 'number' ? Math.round(value) : null));

/**
 * A parser of one object's payloads, lenient about fields that we do not read; its fault names every field that does
 * not fit. Made once per object: building a schema takes twenty times as long as using it.
 */
export function recordOf<T extends z.ZodRawShape>(shape: T): (raw: unknown) => z.infer<z.ZodObject<T>> {
  // What nobody reads is left out rather than copied: records have many such fields.
  const schema = z.object(shape);
  return (raw) => {
    const parsed = schema.safeParse(raw);
    if (parsed.success) return parsed.data as z.infer<z.ZodObject<T>>;
    throw new RecordFault(
      parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'record'}: ${message}`).join('; '),
    );
  };
}

/**
 * Host of a website as people type it: "https://www.Acme.com/eu" → acme.com; null when it is none.
 * The port, the path and a leading www. go; nothing else is guessed.
 */
export function domainOf(website: string | null): string | null {
  if (!website) return null;
  const url = URL.parse(/^[a-z][a-z\d+.-]*:\/\//i.test(website) ? website : `http://${website}`);
  const host = url?.hostname.replace(/^www\./, '').replace(/\.$/, '') ?? '';
  return /^[^.]+(\.[^.]+)+$/.test(host) && !/^[\d.]+$/.test(host) ? host : null;
}

export function fullName(first: string | null, last: string | null): string | null {
  return [first, last].filter(Boolean).join(' ') || null;
}
