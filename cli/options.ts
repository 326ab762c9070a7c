/** Options that several verbs share. */
import { HeraldError } from '../platform/errors.ts';

/** `--now ISO`: answer as if it were then. */
export function readNow(given: string | undefined, now: () => Date): Date {
  if (given === undefined) return now();
  const at = new Date(given);
  if (Number.isNaN(at.getTime()))
    throw new HeraldError('ask', `--now takes an instant such as 2026-11-22T10:00:00Z, not "${given}".`);
  return at;
}
