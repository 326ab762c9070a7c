/** What can go wrong with a platform, as data: the names that tests use, and the words that the demo's page shows. */
export const faultKinds = {
  latency: 'Replies come late',
  reset: 'Connections are reset before the reply',
  resetMidBody: 'Connections are reset in the middle of the reply',
  stall: 'Replies stop half way and never go on',
  truncated: 'Replies are cut short',
  html: 'A web page comes instead of data',
  tooMany: '429, saying how long to wait',
  tooManySilent: '429, saying nothing',
  unavailable: '503',
  gatewayTimeout: '504',
  outage: 'Nothing answers',
  expiredToken: 'Access tokens end early',
  revoked: 'Access was revoked',
  late: 'Changes are shown late',
  fieldRenamed: 'A field got another name',
  fieldRetyped: 'A field got another type',
  fieldGone: 'A field is gone',
  twice: 'Pushes come twice',
  outOfOrder: 'Pushes overtake each other',
} as const;

export type FaultKind = keyof typeof faultKinds;

/** Share of the calls that a fault hits: 1 (or true) is all of them, 0 (or false) none. */
export type FaultSettings = Partial<Record<FaultKind, number | boolean>>;

/** Either on or off: a platform does not rename a field now and then. */
export const switches: readonly FaultKind[] = [
  'outage',
  'revoked',
  'late',
  'fieldRenamed',
  'fieldRetyped',
  'fieldGone',
];
