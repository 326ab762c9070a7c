/** '2026-11-01T09:30:00.000+0000', as Salesforce writes instants. */
export const salesforceStamp = (at: number): string => new Date(at).toISOString().replace('Z', '+0000');

/** '2026-11-01T09:30:00.000Z', as HubSpot and the billing database write them. */
export const isoStamp = (at: number): string => new Date(at).toISOString();

/** '2026-11-01T09:30:00Z', as Zendesk writes them. */
export const zendeskStamp = (at: number): string => `${new Date(at).toISOString().slice(0, 19)}Z`;

/** Whole seconds since 1970, as Intercom writes them. */
export const epochSeconds = (at: number): number => Math.floor(at / 1000);
