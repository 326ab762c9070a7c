import type { Faults } from './faults.ts';
import type { State } from './state.ts';

export type ApiResult =
  | { ok: true; [key: string]: unknown }
  | { ok: false; error: string; [key: string]: unknown };

export type ApiContext = {
  state: State;
  faults: Faults;
  now: () => Date;
  random: () => number;
  /** Where the stand-in itself is mounted, without a slash at the end. */
  selfUrl: () => string;
};

export type ApiMethod = (args: Record<string, unknown>, context: ApiContext) => ApiResult;

export const refuse = (error: string, more: Record<string, unknown> = {}): ApiResult => ({
  ok: false,
  error,
  ...more,
});

export const text = (value: unknown): string => (typeof value === 'string' ? value : '');

const letters = 'ABCDEFGHJKLMNPQRSTUVWXYZ0123456789';

/** An id as Slack makes them: a capital and ten more characters. */
export function makeId(prefix: string, random: () => number): string {
  return prefix + Array.from({ length: 10 }, () => letters[Math.floor(random() * letters.length)]).join('');
}
