/** Structured logs on stderr (stdout is for data), with a last-stage scrubber for secrets. */
import pino, { type Logger } from 'pino';

export type Log = Logger;

const secretValues = new Set<string>();

/** Remember a secret's value so that it never leaves through a log line, whatever path brought it there. */
export function neverLog(secret: string | undefined | null): void {
  if (!secret || secret.length < 6) return;
  secretValues.add(secret);
  // A log line is JSON: quotes, backslashes and line ends stand in it escaped.
  secretValues.add(JSON.stringify(secret).slice(1, -1));
}

const patterns = [
  /xox[abprs]-[\w-]{8,}/g,
  /Bearer\s+[\w.~+/-]{8,}=*/gi,
  /(postgres(?:ql)?:\/\/[^:/\s]+:)[^@\s]+@/g,
  /hrld_[\w-]{12,}/g,
];

/** Replace known secret values and secret-shaped text. */
export function scrub(text: string): string {
  let clean = text;
  for (const secret of secretValues) clean = clean.split(secret).join('•••');
  for (const pattern of patterns)
    clean = clean.replace(pattern, (_all, kept) => (typeof kept === 'string' ? `${kept}•••@` : '•••'));
  return clean;
}

export function createLog(level: string, write: (line: string) => void): Log {
  return pino(
    { level, base: null, timestamp: pino.stdTimeFunctions.isoTime },
    { write: (line: string) => write(scrub(line)) },
  );
}
