/** Refusals in Intercom's form: {type: 'error.list', request_id, errors: [{code, message}]}. */
import { randomUUID } from 'node:crypto';
import { Refusal } from '../refusal.ts';

export function refuse(
  status: number,
  code: string,
  message: string,
  headers: Record<string, string> = {},
): Refusal {
  return new Refusal(
    status,
    { type: 'error.list', request_id: randomUUID(), errors: [{ code, message }] },
    headers,
  );
}
