/** Findings as people list them: by rule, with examples. */
import type { Queryable } from '../../db/client.ts';

export type FindingGroup = {
  rule: string;
  severity: string;
  n: number;
  /** "3 won deals have no amount". */
  summary: string;
  since: Date;
  findings: {
    system: string;
    table: string | null;
    subject: string;
    sentence: string;
    firstSeen: Date;
    lastSeen: Date;
    resolvedAt: Date | null;
  }[];
};

/** Open findings, those that warn first; with `all`, resolved ones too. At most `most` examples per rule. */
export async function readFindings(
  sql: Queryable,
  { rule = null, all = false, most }: { rule?: string | null; all?: boolean; most: number },
): Promise<FindingGroup[]> {
  const rows = await sql<
    (Omit<FindingGroup, 'summary' | 'findings'> &
      FindingGroup['findings'][number] & { one: string | null; many: string | null; at: number })[]
  >`
    select * from (
      select q.rule, q.severity, count(*) over w as n, min(q.first_seen) over w as since, r.one, r.many, q.system, q.tbl as "table", q.subject, q.sentence,
        q.first_seen as "firstSeen", q.last_seen as "lastSeen", q.resolved_at as "resolvedAt",
        row_number() over (partition by q.rule order by q.resolved_at is not null, q.first_seen desc, q.subject) as at
      from quality_finding q left join quality_rule r on r.name = q.rule
      where q.tenant = 1 and (${all} or q.resolved_at is null) and (${rule}::text is null or q.rule = ${rule})
      window w as (partition by q.rule)) f
    where at <= ${most} order by severity desc, n desc, rule, at`;
  const groups = new Map<string, FindingGroup>();
  for (const { rule: name, severity, n, since, one, many, at: _at, ...finding } of rows) {
    const summary = (n === 1 ? one : many?.replace('{n}', String(n))) ?? name;
    const group = groups.get(name) ?? { rule: name, severity, n, summary, since, findings: [] };
    group.findings.push(finding);
    groups.set(name, group);
  }
  return [...groups.values()];
}
