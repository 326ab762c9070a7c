/** Salesforce tells with every reply how much of its rolling 24 hours is used: `api-usage=18/5000`. */
import type { ReadLimits } from '../../source.ts';

export const readSalesforceLimits: ReadLimits = (headers) => {
  // More may follow: `api-usage=18/5000; per-app-api-usage=17/250(appName=…)`.
  const found = /(?:^|[;,\s])api-usage=(\d{1,12})\/(\d{1,12})/.exec(headers.get('sforce-limit-info') ?? '');
  return found ? [{ kind: 'day', used: Number(found[1]), limit: Number(found[2]) }] : [];
};
