/** HubSpot's headers tell of any ten seconds and of the day; public apps are not told of the day, search of neither. */
import { countIn, type LimitNews, type ReadLimits } from '../../source.ts';

export const readHubspotLimits: ReadLimits = (headers) => {
  const news: LimitNews[] = [];
  const remaining = countIn(headers, 'x-hubspot-ratelimit-remaining');
  const intervalMs = countIn(headers, 'x-hubspot-ratelimit-interval-milliseconds');
  // A rolling window frees its calls one by one: its whole length is the longest that none may be free.
  if (remaining !== null) news.push({ kind: 'window', bucket: 'default', remaining, resetMs: intervalMs });
  const limit = countIn(headers, 'x-hubspot-ratelimit-daily');
  const left = countIn(headers, 'x-hubspot-ratelimit-daily-remaining');
  if (limit !== null && left !== null && limit > 0)
    news.push({ kind: 'day', used: Math.max(0, limit - left), limit });
  return news;
};
