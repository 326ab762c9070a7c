import { describe, expect, test } from 'vitest';
import type { LimitNews, ReadLimits } from '../../../sync/source.ts';
import { readHubspotLimits } from '../../../sync/sources/hubspot/limits.ts';
import { readIntercomLimits } from '../../../sync/sources/intercom/limits.ts';
import { readSalesforceLimits } from '../../../sync/sources/salesforce/limits.ts';
import { readZendeskLimits } from '../../../sync/sources/zendesk/limits.ts';

const now = new Date('2026-11-22T10:00:00Z');

const cases: [string, ReadLimits, Record<string, string>, LimitNews[]][] = [
  [
    'Salesforce tells its day',
    readSalesforceLimits,
    { 'Sforce-Limit-Info': 'api-usage=18/5000' },
    [{ kind: 'day', used: 18, limit: 5000 }],
  ],
  [
    'Salesforce tells an app’s part after it',
    readSalesforceLimits,
    { 'Sforce-Limit-Info': 'per-app-api-usage=17/250(appName=x); api-usage=25/5000' },
    [{ kind: 'day', used: 25, limit: 5000 }],
  ],
  ['Salesforce says nothing', readSalesforceLimits, {}, []],
  [
    'HubSpot tells its ten seconds and its day',
    readHubspotLimits,
    {
      'X-HubSpot-RateLimit-Max': '100',
      'X-HubSpot-RateLimit-Remaining': '7',
      'X-HubSpot-RateLimit-Interval-Milliseconds': '10000',
      'X-HubSpot-RateLimit-Daily': '250000',
      'X-HubSpot-RateLimit-Daily-Remaining': '249000',
    },
    [
      { kind: 'window', bucket: 'default', remaining: 7, resetMs: 10_000 },
      { kind: 'day', used: 1000, limit: 250_000 },
    ],
  ],
  [
    'HubSpot tells a public app of no day',
    readHubspotLimits,
    { 'X-HubSpot-RateLimit-Remaining': '7' },
    [{ kind: 'window', bucket: 'default', remaining: 7, resetMs: null }],
  ],
  [
    'Zendesk tells the account’s minute',
    readZendeskLimits,
    {
      'X-Rate-Limit': '200',
      'X-Rate-Limit-Remaining': '150',
      'ratelimit-remaining': '149',
      'ratelimit-reset': '31',
    },
    [{ kind: 'window', bucket: 'default', remaining: 149, resetMs: 31_000 }],
  ],
  [
    'Zendesk tells the exports’ minute',
    readZendeskLimits,
    {
      'X-Rate-Limit-Remaining': '150',
      'Zendesk-RateLimit-Incremental-Exports': 'total=10; remaining=0; resets=43',
    },
    [
      { kind: 'window', bucket: 'default', remaining: 150, resetMs: null },
      { kind: 'window', bucket: 'exports', remaining: 0, resetMs: 43_000 },
    ],
  ],
  [
    'Intercom tells when its slice ends',
    readIntercomLimits,
    {
      'X-RateLimit-Limit': '1666',
      'X-RateLimit-Remaining': '12',
      'X-RateLimit-Reset': String(now.getTime() / 1000 + 8),
    },
    [{ kind: 'window', bucket: 'default', remaining: 12, resetMs: 8_000 }],
  ],
  ['a header that is no number says nothing', readIntercomLimits, { 'X-RateLimit-Remaining': 'many' }, []],
];

describe('headers', () => {
  test.each(cases)('%s', (_what, read, headers, news) => {
    expect(read(new Headers(headers), now)).toEqual(news);
  });
});
