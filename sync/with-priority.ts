import type { Priority } from '../platform/pace.ts';
import type { ReadContext } from './source.ts';

/** The same context, its calls taking the tokens of this kind of work. */
export function withPriority(context: ReadContext, priority: Priority): ReadContext {
  return { ...context, fetch: (url, init) => context.fetch(url, { ...init, priority }) };
}
