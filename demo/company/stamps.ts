/*
 * A hundred thousand stamps live as long as the company does. `join` makes one flat string of the parts, where `+`
 * and templates would keep the pieces and a node to tie them (a quarter of the heap, measured at full size).
 */

/** '2026-11-01T09:30:00.000+0000', as Salesforce writes instants. */
export const salesforceStamp = (at: number): string =>
  [new Date(at).toISOString().slice(0, 23), '+0000'].join('');

/** '2026-11-01T09:30:00.000Z', as HubSpot and the billing database write them. */
export const isoStamp = (at: number): string => new Date(at).toISOString();

/** '2026-11-01T09:30:00Z', as Zendesk writes them. */
export const zendeskStamp = (at: number): string => [new Date(at).toISOString().slice(0, 19), 'Z'].join('');

/** Whole seconds since 1970, as Intercom writes them. */
export const epochSeconds = (at: number): number => Math.floor(at / 1000);
