/** A run of the hinted lane alone: what a push wakes, so that a change shows in seconds and not with the next cycle. */
import type { CycleInput, CycleReport } from '../cycle.ts';
import type { Loaded } from '../load.ts';
import { Run } from '../states.ts';
import { followHints } from './follow-hints.ts';

/** Follow the hints of one source under its lease; null when none is due, which leaves no run behind. */
export async function drainHints(input: CycleInput): Promise<CycleReport | null> {
  const { sql } = input.db;
  const { name } = input.source;
  const [waiting] =
    await sql`select 1 from hint where source = ${name} and due_at <= clock_timestamp() limit 1`;
  if (!waiting) return null;
  const run = await Run.open(sql, name, input.cause);
  const total: Loaded = { read: 0, changed: 0, deleted: 0, quarantined: 0 };
  await run.step(sql, 'RUNNING');
  const problem = await followHints(input, run, total);
  await sql`update sync_run set read = ${total.read}, changed = ${total.changed + total.deleted}, quarantined = ${total.quarantined},
    error = ${problem?.slice(0, 2000) ?? null} where id = ${run.id}`;
  if (problem === null) {
    await run.step(sql, 'VALIDATING', { read: total.read, quarantined: total.quarantined });
    await run.step(sql, 'LOADING', { changed: total.changed, deleted: total.deleted });
  }
  const state = problem === null ? 'SUCCESS' : 'FAILED';
  await run.step(sql, state, { changed: total.changed, deleted: total.deleted });
  const failures = problem === null ? [] : [{ stream: 'hints', reason: problem, needsOperator: false }];
  return { source: name, runId: run.id, state, ...total, failures };
}
