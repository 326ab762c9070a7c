/** Zendesk's error bodies: `{error, description}`; its 429 is plain text with Retry-After in seconds. */
import { Refusal } from '../refusal.ts';

export function refuse(status: number, error: string, description: string): Refusal {
  return new Refusal(status, { error, description });
}

export function refuseLimit(retryAfterMs: number): Refusal {
  const seconds = Math.max(1, Math.ceil(retryAfterMs / 1000));
  return new Refusal(429, 'Number of allowed API requests per minute exceeded', {
    'retry-after': String(seconds),
  });
}
