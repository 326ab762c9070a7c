/** Limits per account: a rolling ten seconds, a rolling second for search (exempt from the former), and a day. */
import { createRollingLimit } from '../rolling-limit.ts';
import { refuseLimit } from './refuse.ts';

const dayMs = 86_400_000;

export type HubspotLimits = { per10s: number; searchPerSecond: number; daily: number };

/** Counts calls; throws the 429 that HubSpot documents. Only every second one carries Retry-After, as in the field. */
export function createQuota(limits: HubspotLimits, now: () => number) {
  const burst = createRollingLimit(limits.per10s, 10_000, now);
  const search = createRollingLimit(limits.searchPerSecond, 1_000, now);
  let today = { day: 0, used: 0 };
  let refused = 0;

  const usedToday = () => {
    const day = Math.floor(now() / dayMs);
    if (today.day !== day) today = { day, used: 0 };
    return today;
  };
  const hint = (ms: number): Record<string, string> =>
    refused++ % 2 === 0 ? { 'retry-after': String(Math.max(1, Math.ceil(ms / 1000))) } : {};

  return {
    take(kind: 'default' | 'search'): void {
      const counter = usedToday();
      if (counter.used >= limits.daily) {
        throw refuseLimit('DAILY', hint((counter.day + 1) * dayMs - now()));
      }
      const limit = kind === 'search' ? search : burst;
      if (!limit.take()) {
        throw refuseLimit(kind === 'search' ? 'SECONDLY' : 'TEN_SECONDLY_ROLLING', hint(limit.freeInMs()));
      }
      counter.used++;
    },
    headers(): Record<string, string> {
      return {
        'X-HubSpot-RateLimit-Max': String(limits.per10s),
        'X-HubSpot-RateLimit-Remaining': String(burst.remaining()),
        'X-HubSpot-RateLimit-Interval-Milliseconds': '10000',
        'X-HubSpot-RateLimit-Daily': String(limits.daily),
        'X-HubSpot-RateLimit-Daily-Remaining': String(Math.max(0, limits.daily - usedToday().used)),
      };
    },
  };
}
