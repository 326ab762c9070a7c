/** HubSpot's error bodies: `{status, message, correlationId, category}`; limits carry `errorType` and `policyName`. */
import { Refusal } from '../refusal.ts';

const correlationId = '00000000-0000-4000-8000-000000000000';

export function refuse(status: number, category: string, message: string): Refusal {
  return new Refusal(status, { status: 'error', message, correlationId, category });
}

export type Policy = 'TEN_SECONDLY_ROLLING' | 'SECONDLY' | 'DAILY';

export function refuseLimit(policyName: Policy, headers: Record<string, string>): Refusal {
  const message = `You have reached your ${policyName.toLowerCase()} limit.`;
  return new Refusal(
    429,
    { status: 'error', message, errorType: 'RATE_LIMIT', correlationId, policyName },
    headers,
  );
}
