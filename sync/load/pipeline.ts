/** Statements of one transaction sent one behind the other: the database works at one while the worker makes the next. */
export class Pipeline {
  readonly #sent: Promise<unknown>[] = [];

  /** Send without waiting for its answer. */
  send(statement: Promise<unknown>): void {
    // Its fault is told at the end; until then it must not count as one that nobody looks at.
    statement.catch(() => undefined);
    this.#sent.push(statement);
  }

  /** All were answered. Throws the first fault: those behind it only tell that the transaction had failed. */
  async end(): Promise<void> {
    for (const result of await Promise.allSettled(this.#sent))
      if (result.status === 'rejected') throw result.reason;
  }
}
