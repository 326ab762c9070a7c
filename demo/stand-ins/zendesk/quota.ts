/** Limits per minute: the account's, and a far lower one for incremental exports, which count towards both. */
import { createRollingLimit } from '../rolling-limit.ts';
import { refuseLimit } from './refuse.ts';

export type ZendeskLimits = { perMinute: number; exportsPerMinute: number };

const minuteMs = 60_000;

export function createQuota(limits: ZendeskLimits, now: () => number) {
  const account = createRollingLimit(limits.perMinute, minuteMs, now);
  const exports = createRollingLimit(limits.exportsPerMinute, minuteMs, now);
  return {
    take(isExport: boolean): void {
      if (!account.take()) throw refuseLimit(account.freeInMs());
      if (isExport && !exports.take()) throw refuseLimit(exports.freeInMs());
    },
    headers(): Record<string, string> {
      const remaining = String(account.remaining());
      return {
        'X-Rate-Limit': String(limits.perMinute),
        'X-Rate-Limit-Remaining': remaining,
        'ratelimit-limit': String(limits.perMinute),
        'ratelimit-remaining': remaining,
        'ratelimit-reset': String(Math.ceil((minuteMs - (now() % minuteMs)) / 1000)),
      };
    },
  };
}
