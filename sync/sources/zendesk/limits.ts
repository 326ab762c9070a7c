/** Zendesk's headers tell of the account's minute, and in a header of their own of an endpoint's: `total=10; remaining=9; resets=43`. */
import { countIn, type LimitNews, type ReadLimits } from '../../source.ts';

export const readZendeskLimits: ReadLimits = (headers) => {
  const news: LimitNews[] = [];
  const remaining = countIn(headers, 'ratelimit-remaining') ?? countIn(headers, 'x-rate-limit-remaining');
  const resetSeconds = countIn(headers, 'ratelimit-reset');
  if (remaining !== null) news.push(windowOf('default', remaining, resetSeconds));
  for (const [name, value] of headers) {
    if (!/^zendesk-ratelimit-.*incremental/.test(name)) continue;
    const left = /\bremaining=(\d{1,9})/.exec(value);
    const resets = /\bresets=(\d{1,9})/.exec(value);
    if (left) news.push(windowOf('exports', Number(left[1]), resets ? Number(resets[1]) : null));
  }
  return news;
};

function windowOf(bucket: string, remaining: number, seconds: number | null): LimitNews {
  return { kind: 'window', bucket, remaining, resetMs: seconds === null ? null : seconds * 1000 };
}
