import { Cron } from 'croner';
import { HeraldError } from './errors.ts';

/**
 * The latest slot of a cron expression in (last, now], or null. After an outage only the latest is caught up: two
 * digests at once help nobody. A wall-clock time that the spring change skips counts just after the gap; one that the
 * autumn change repeats counts once.
 */
export function dueSlot(cron: string, timeZone: string, last: Date, now: Date): Date | null {
  // croner looks strictly before its reference, and in whole seconds: a slot at this very second is due.
  const nextSecond = new Date(Math.floor(now.getTime() / 1000) * 1000 + 1000);
  const [latest] = parseCron(cron, timeZone).previousRuns(1, nextSecond);
  return latest && latest > last && latest <= now ? latest : null;
}

/** The next slot after an instant; null when there is none any more. */
export function nextSlot(cron: string, timeZone: string, after: Date): Date | null {
  return parseCron(cron, timeZone).nextRun(after);
}

/** The latest slot before an instant; null when there never was one. */
export function previousSlot(cron: string, timeZone: string, before: Date): Date | null {
  return parseCron(cron, timeZone).previousRuns(1, before)[0] ?? null;
}

/** Throws `setup` for an expression or zone that cannot be read. */
export function parseCron(cron: string, timeZone: string): Cron {
  try {
    return new Cron(cron, { timezone: timeZone });
  } catch (cause) {
    throw new HeraldError(
      'setup',
      `"${cron}" in ${timeZone} is no schedule: ${(cause as Error).message}. Write it like "0 8 * * 1" (Mondays at 08:00).`,
      { cause },
    );
  }
}
