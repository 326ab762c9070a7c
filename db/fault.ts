/** What the database room throws: `setup` is for the operator to mend, `unavailable` passes by itself. */
export class DatabaseFault extends Error {
  override name = 'DatabaseFault';
  readonly kind: 'setup' | 'unavailable';
  constructor(kind: 'setup' | 'unavailable', message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.kind = kind;
  }
}
