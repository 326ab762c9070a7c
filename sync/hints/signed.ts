/** What every platform's signature check needs. */
import { createHmac, timingSafeEqual } from 'node:crypto';

/** A request signed longer ago than this is refused; HubSpot's documents ask for five minutes. */
const oldestMs = 5 * 60_000;
/** Clocks differ; a stamp further ahead than this would let a request be replayed for long. */
const aheadMs = 60_000;

/** True when `given` is the HMAC of these parts under `secret`. Takes the same time wherever they differ. */
export function isSigned(
  given: string | undefined,
  how: { algorithm: 'sha256' | 'sha1'; encoding: 'base64' | 'hex'; secret: string },
  parts: readonly (string | Buffer)[],
): boolean {
  const hmac = createHmac(how.algorithm, how.secret);
  for (const part of parts) hmac.update(part);
  const expected = Buffer.from(hmac.digest(how.encoding));
  const received = Buffer.from(given ?? '');
  return received.length === expected.length && timingSafeEqual(received, expected);
}

/** `at` in epoch ms; not a number is not fresh. */
export function isFresh(at: number, now: Date, oldest = oldestMs): boolean {
  const age = now.getTime() - at;
  return age <= oldest && age >= -aheadMs;
}

/** The body as JSON, or undefined when it is none. */
export function jsonOf(body: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch (thrown) {
    if (thrown instanceof SyntaxError || thrown instanceof TypeError) return undefined;
    throw thrown;
  }
}
