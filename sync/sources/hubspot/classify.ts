/** HubSpot's own meaning of some refusals. */
import type { Source } from '../../source.ts';

/** The policy is in the body: a spent day must not be waited for call by call. */
export const classifyHubspot: NonNullable<Source['classify']> = (status, _headers, text) => {
  if (status === 429 && /"policyName"\s*:\s*"DAILY"/.test(text)) return 'quota_exhausted';
  // "Malformed token": HubSpot's edge could not even find the account.
  if (status === 530) return 'auth_revoked';
  return null;
};
