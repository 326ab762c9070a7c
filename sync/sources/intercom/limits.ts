/** Intercom's headers tell of the present ten seconds, and when they end (unix seconds). */
import { countIn, type ReadLimits } from '../../source.ts';

export const readIntercomLimits: ReadLimits = (headers, now) => {
  const remaining = countIn(headers, 'x-ratelimit-remaining');
  const resetsAt = countIn(headers, 'x-ratelimit-reset');
  if (remaining === null) return [];
  const resetMs = resetsAt === null ? null : Math.max(0, resetsAt * 1000 - now.getTime());
  return [{ kind: 'window', bucket: 'default', remaining, resetMs }];
};
