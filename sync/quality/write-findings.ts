/** Findings of rules whose breach is seen as it happens. */
import type { Queryable } from '../../db/client.ts';
import type { WatchRule } from './rule.ts';

export type Seen = {
  system: string;
  stream: string;
  /** Unified table whose numbers it touches. */
  table: string;
  subject: string;
  sentence: string;
};

/** Keep findings; returns those that were not open before. */
export async function openFindings(
  sql: Queryable,
  rule: WatchRule,
  seen: readonly Seen[],
  now: Date,
): Promise<Seen[]> {
  const opened: Seen[] = [];
  for (const finding of seen) {
    const { system, stream, table, subject, sentence } = finding;
    const [row] = await sql<{ opened: boolean }[]>`
      insert into quality_finding as q (rule, severity, tbl, system, stream, subject, sentence, first_seen, last_seen)
      values (${rule.name}, ${rule.severity}, ${table}, ${system}, ${stream}, ${subject}, ${sentence}, ${now}, ${now})
      on conflict (tenant, rule, system, subject) do update set last_seen = excluded.last_seen, resolved_at = null,
        first_seen = case when q.resolved_at is null then q.first_seen else excluded.first_seen end,
        sentence = case when q.resolved_at is null then q.sentence else excluded.sentence end
      returning old.id is null or old.resolved_at is not null as opened`;
    if (row!.opened) opened.push(finding);
  }
  return opened;
}

/** What no longer holds of these subjects. */
export async function resolveFindings(
  sql: Queryable,
  rules: readonly WatchRule[],
  { system, subjects, now }: { system: string; subjects: readonly string[]; now: Date },
): Promise<void> {
  await sql`
    update quality_finding set resolved_at = ${now} where tenant = 1 and resolved_at is null and system = ${system}
      and rule = any(${rules.map((rule) => rule.name)}::text[]) and subject = any(${subjects as string[]}::text[])`;
}
