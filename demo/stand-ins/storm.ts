import type { FaultSettings } from './fault-kinds.ts';

/** A bad day: together 13 % of the calls. */
export const storm = {
  reset: 0.02,
  resetMidBody: 0.02,
  stall: 0.01,
  truncated: 0.02,
  tooMany: 0.015,
  tooManySilent: 0.015,
  html: 0.01,
  expiredToken: 0.01,
  unavailable: 0.01,
} as const satisfies FaultSettings;
