/**
 * A question that could not be understood, before suggestions are checked: `tries` are whole questions that may
 * work; only those that parse are shown.
 */
export class Misread extends Error {
  readonly tries: readonly string[];

  constructor(message: string, tries: readonly string[]) {
    super(message);
    this.name = 'Misread';
    this.tries = tries;
  }
}
