/** Payloads are checked at the door; what does not fit goes to quarantine with the reason in words. */
import type { z } from 'zod';
import { RecordFault } from '../source.ts';

/** @throws RecordFault naming every field that does not fit. */
export function parseRecord<T>(schema: z.ZodType<T>, raw: unknown): T {
  const parsed = schema.safeParse(raw);
  if (parsed.success) return parsed.data;
  const reasons = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'record'}: ${issue.message}`);
  throw new RecordFault(reasons.join('; '));
}

/** ISO instant of a stamp given as ISO text or as epoch milliseconds in text; null when there is none. @throws RecordFault */
export function instantOf(field: string, value: string | null | undefined): string | null {
  if (value === null || value === undefined || value === '') return null;
  const ms = /^-?\d+$/.test(value) ? Number(value) : Date.parse(value);
  const date = new Date(ms);
  if (Number.isNaN(date.getTime())) throw new RecordFault(`${field}: "${value.slice(0, 40)}" is not a date`);
  return date.toISOString();
}
