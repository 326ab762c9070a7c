import { z } from 'zod';
import type { Target } from '../delivery/target.ts';

const schema = z.object({
  title: z.string().min(1),
  /** Questions as people type them: "churn last quarter", "mrr". */
  kpis: z.array(z.string()).min(1),
  role: z.enum(['executive', 'manager', 'analyst', 'viewer']),
  targets: z.array(z.object({ kind: z.enum(['slack', 'teams', 'mail']), to: z.string().min(1) })).min(1),
});

/** What a digest is, as kept in `schedule.definition`. */
export type DigestDefinition = z.infer<typeof schema> & { name: string; targets: readonly Target[] };

/** Read a stored definition; throws when it is none. */
export function readDefinition(name: string, stored: unknown): DigestDefinition {
  return { ...schema.parse(stored), name };
}
