/** The few checks that all limits are made of. */

export type Block = Record<string, unknown>;
export type Report = (at: string, what: string) => void;

export const isObject = (value: unknown): value is Block =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A string of 1 to `most` characters. */
export function within(value: unknown, most: number, at: string, report: Report, { optional = false } = {}) {
  if (value === undefined && optional) return;
  if (typeof value !== 'string' || value.length === 0) return report(at, 'must be a non-empty string');
  if (value.length > most) report(at, `must be less than ${most + 1} characters`);
}

/** A text object. */
export function textIn(
  value: unknown,
  most: number,
  at: string,
  report: Report,
  kinds: readonly string[] = ['plain_text', 'mrkdwn'],
) {
  if (!isObject(value)) return report(at, 'must be a text object');
  if (!kinds.includes(String(value.type))) report(`${at}/type`, `must be one of: ${kinds.join(', ')}`);
  within(value.text, most, `${at}/text`, report);
}

export function listOf(
  value: unknown,
  least: number,
  most: number,
  at: string,
  report: Report,
  check: (item: Block, at: string) => void,
) {
  if (!Array.isArray(value) || value.length < least) return report(at, `must have at least ${least} item`);
  if (value.length > most) report(at, `no more than ${most} items allowed`);
  value.forEach((item, index) => {
    if (isObject(item)) check(item, `${at}/${index}`);
    else report(`${at}/${index}`, 'must be an object');
  });
}
